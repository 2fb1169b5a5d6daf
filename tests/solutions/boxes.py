"""Programs for the exercise of the lesson on synchronisation: values go through a box."""

BOX_MAIN = """
def main():
    a = spawn(producer)
    b = spawn(consumer)
    join(a)
    join(b)
"""
PLACES = "box = 0\nempty = Semaphore(1)\nfull = Semaphore(0)\n"


def box(put: str, take: str, begin: str = PLACES, count: str = "range(1, 4)") -> str:
    """Return a program in which values go through a box, by what is done for each of them."""

    def function(name: str, several: str, lines: str) -> str:
        body = "".join(f"        {line}\n" for line in lines.splitlines())
        return f"def {name}():\n    global box\n    for i in {several}:\n{body}"

    producer, consumer = function("producer", count, put), function("consumer", "range(3)", take)
    return f"{begin}{producer}{consumer}{BOX_MAIN}"


PUT = "empty.acquire()\nbox = i\nfull.release()"
TAKE = 'full.acquire()\nprint("got", box)\nempty.release()'
GOT = 'print("got", box)'
WAKE = "room.notify()"
CONDITION = "box = 0\nroom = Condition()\n"
PUT_IN = f"with room:\n    while box != 0: room.wait()\n    box = i\n    {WAKE}"
TAKE_OUT = f"with room:\n    while box == 0: room.wait()\n    {GOT}\n    box = 0\n    {WAKE}"
RIGHT_BOXES = {
    "two semaphores": box(PUT, TAKE),
    "a copy of the value": box(
        PUT, 'full.acquire()\nvalue = box\nempty.release()\nprint("got", value)'
    ),
    "a lock that is not needed": box(
        PUT.replace("box = i", "lock.acquire()\nbox = i\nlock.release()"),
        TAKE,
        f"{PLACES}lock = Lock()\n",
    ),
    "a loop of its own": box(
        f"value = i + 1\n{PUT.replace('box = i', 'box = value')}", TAKE, count="range(3)"
    ),
    "barriers": box(
        "box = i\nfull.wait()\nempty.wait()",
        'full.wait()\nprint("got", box)\nempty.wait()',
        "box = 0\nfull = Barrier(2)\nempty = Barrier(2)\n",
    ),
    "a condition and a flag": box(
        f"with room:\n    while taken == 0: room.wait()\n    box = i\n    taken = 0\n    {WAKE}",
        f"with room:\n    while taken == 1: room.wait()\n    {GOT}\n    taken = 1\n    {WAKE}",
        "box = 0\ntaken = 1\nroom = Condition()\n",
    ).replace("global box", "global box, taken"),
    "a condition, and 0 for an empty box": box(PUT_IN, TAKE_OUT, CONDITION),
    "notify_all": box(PUT_IN, TAKE_OUT, CONDITION).replace("notify()", "notify_all()"),
    "two conditions of one lock": box(
        "with lock:\n    while box != 0: empty.wait()\n    box = i\n    full.notify()",
        f"with lock:\n    while box == 0: full.wait()\n    {GOT}\n    box = 0\n    empty.notify()",
        "box = 0\nlock = Lock()\nempty = Condition(lock)\nfull = Condition(lock)\n",
    ),
    "printed after the lock": box(
        PUT_IN,
        TAKE_OUT.replace(f"    {GOT}\n", "    value = box\n") + '\nprint("got", value)',
        CONDITION,
    ),
    "an f-string": box(PUT, TAKE.replace('print("got", box)', 'print(f"got {box}")')),
    "functions of their own": box("put(i)", "take()").replace(
        "def producer",
        "def put(i):\n    global box\n    empty.acquire()\n    box = i\n    full.release()\n"
        f"def take():\n    full.acquire()\n    {GOT}\n    empty.release()\ndef producer",
    ),
}
WRONG_BOXES = {
    "a condition that only the producer waits for": (
        box(
            "with room:\n    if box != 0: room.wait()\n    box = i\nwith room: pass",
            'with room:\n    print("got", box)\n    box = 0\n    room.notify()',
            "box = 0\nroom = Condition()\n",
        ),
        ".",
    ),
    "nobody waits": (box("box = i", 'print("got", box)', "box = 0\n"), "."),
    "two places": (box(PUT, TAKE, PLACES.replace("Semaphore(1)", "Semaphore(2)")), "."),
    "only the consumer waits": (
        box("box = i\nfull.release()", 'full.acquire()\nprint("got", box)'),
        ".",
    ),
    "a consumer that counts": (
        box(PUT, 'full.acquire()\nprint("got", i + 1)\nempty.release()'),
        "what it finds in the box",
    ),
    "a producer that puts nothing in": (
        box("pass", 'print("got", i + 1)', "box = 0\n").replace("    global box\n", ""),
        "what it finds in the box",
    ),
    "another main": (box(PUT, TAKE).replace("    join(b)\n", ""), "Leave main as it is"),
}
