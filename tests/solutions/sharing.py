"""Programs for the exercises of the lessons on races and on locks, right and wrong ones."""

LOG = "log = [3, 9, 4, 1, 7, 2]\n"
SEARCHED = "    for i in range(first, last):\n        if log[i] > BEST: BEST = log[i]\n"
STARTED = "    a = spawn(search, 0, 3)\n    b = spawn(search, 3, 6)\n"
RETURNS = f"{LOG}def search(first, last):\n    best = 0\n{SEARCHED}    return best\n".replace(
    "BEST", "best"
)


def returned(end: str) -> str:
    """Return a program whose threads hand back what they found, by what main does then."""
    lines = "".join(f"    {line}\n" for line in end.splitlines())
    return f"{RETURNS}def main():\n{STARTED}{lines}"


def kept(globals_: str, search: str, end: str, started: str = STARTED) -> str:
    """Return a program whose threads keep what they found in globals of their own."""
    lines = "".join(f"    {line}\n" for line in end.splitlines())
    return f"{LOG}{globals_}{search}def main():\n{started}{lines}"


NUMBERED = "    a = spawn(search, 0)\n    b = spawn(search, 1)\n"
OWN = f"def search(me):\n    first = me * 3\n    last = first + 3\n{SEARCHED}"
UNLOCKED = """    global largest
    for i in range(first, last):
        if log[i] > largest:
            largest = log[i]
"""
LOCKED = f"lock = Lock()\nlargest = 0\ndef search(first, last):\n{UNLOCKED}"
SHOWN = 'join(a)\njoin(b)\nprint("largest", largest)'
RIGHT_SEARCHES = {
    "each returns its own": returned('print("largest", max(join(a), join(b)))'),
    "one after the other": returned('x = join(a)\ny = join(b)\nprint("largest", max(x, y))'),
    "with if": returned('x = join(a)\ny = join(b)\nif y > x: x = y\nprint("largest", x)'),
    "joined the other way round": returned('y = join(b)\nprint("largest", max(y, join(a)))'),
    "a global that main alone writes": "largest = 0\n"
    + returned(
        'largest = join(a)\nlargest = max(largest, join(b))\nprint("largest", largest)'
    ).replace("def main():", "def main():\n    global largest"),
    "a place for each in an array": kept(
        "best = [0, 0]\n",
        OWN.replace("BEST", "best[me]"),
        'join(a)\njoin(b)\nprint("largest", max(best[0], best[1]))',
        NUMBERED,
    ),
    "max of the array": kept(
        "best = [0, 0]\n",
        OWN.replace("BEST", "best[me]"),
        'join(a)\njoin(b)\nprint("largest", max(best))',
        NUMBERED,
    ),
    "written once, at the end": kept(
        "best = [0, 0]\n",
        OWN.replace("BEST", "mine").replace("    for", "    mine = 0\n    for")
        + "    best[me] = mine\n",
        'join(a)\njoin(b)\nprint("largest", max(best))',
        NUMBERED,
    ),
    "two functions, two globals": kept(
        "low = 0\nhigh = 0\n",
        "".join(
            f"def {name}er():\n    global {name}\n"
            + SEARCHED.replace("BEST", name).replace("first, last", span)
            for name, span in (("low", "0, 3"), ("high", "3, 6"))
        ),
        'join(a)\njoin(b)\nprint("largest", max(low, high))',
        "    a = spawn(lower)\n    b = spawn(higher)\n",
    ),
    "a lock, for those who know it": kept(
        "", LOCKED.replace("        if", "        with lock:\n          if"), SHOWN
    ),
    "main looks through both": returned(
        'best = [0, 0]\nbest[0] = join(a)\nbest[1] = join(b)\nprint("largest", max(best))'
    ),
}
WRONG_SEARCHES = {
    "the starter": (kept("", LOCKED, SHOWN), "race"),
    "two steps in place of one": (
        kept(
            "", LOCKED.replace("if log[i] > largest:", "x = log[i]\n        if x > largest:"), SHOWN
        ),
        "race",
    ),
    "one after the other": (
        returned('print("largest", max(x, y))')
        .replace("0, 3)\n", "0, 3)\n    x = join(a)\n", 1)
        .replace("3, 6)\n", "3, 6)\n    y = join(b)\n"),
        "at the same time",
    ),
    "one thread only": (
        returned('print("largest", join(a))')
        .replace("0, 3", "0, 6")
        .replace("    b = spawn(search, 3, 6)\n", ""),
        "two threads",
    ),
    "only one half": (returned('join(b)\nprint("largest", join(a))'), "With 3, 5"),
    "a text": (returned('join(a)\njoin(b)\nprint("largest 9")'), "With 3, 5"),
    "other numbers": (
        returned('print("largest", max(join(a), join(b)))').replace("7, 2", "9, 2"),
        "Leave the numbers",
    ),
}

MEASURE = """number = 0
total = 0
lock = Lock()
def measure(value):
    global number, total
    with lock:
        number += 1
        total += value
"""
MEASURING = """
def main():
    a = spawn(measure, 20)
    b = spawn(report)
    measure(22)
    join(a)
    join(b)
"""
PRINT = 'print("number", number, "total", total)'


def report(body: str, measure: str = MEASURE, main: str = MEASURING) -> str:
    """Return the program of the thermometer, by what its report does."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{measure}def report():\n{lines}{main}"


COPY = "n = number\n    t = total"
RIGHT_REPORTS = {
    "print under the lock": report(f"with lock:\n    {PRINT}"),
    "acquire and release": report(f"lock.acquire()\n{PRINT}\nlock.release()"),
    "copies, printed later": report(f'with lock:\n    {COPY}\nprint("number", n, "total", t)'),
    "copies by acquire": report(
        'lock.acquire()\nn = number\nt = total\nlock.release()\nprint("number", n, "total", t)'
    ),
    "both at once": report('with lock:\n    n, t = number, total\nprint("number", n, "total", t)'),
    "the other one first": report(
        'with lock:\n    t = total\n    n = number\nprint("number", n, "total", t)'
    ),
    "an f-string": report('with lock:\n    print(f"number {number} total {total}")'),
    "a lock with another name": report(f"with lock:\n    {PRINT}").replace("lock", "readings"),
    "acquire in measure, too": report(f"with lock:\n    {PRINT}").replace(
        "    with lock:\n        number += 1\n        total += value\n",
        "    lock.acquire()\n    number += 1\n    total += value\n    lock.release()\n",
    ),
    "an early return": report(f"with lock:\n    {PRINT}\n    return"),
}
WRONG_REPORTS = {
    "the starter": (report(PRINT), "race"),
    "each under the lock for itself": (
        report(
            'with lock:\n    n = number\nwith lock:\n    t = total\nprint("number", n, "total", t)'
        ),
        "prints",
    ),
    "another lock": (
        report(f"with other:\n    {PRINT}").replace(
            "lock = Lock()", "lock = Lock()\nother = Lock()"
        ),
        "race",
    ),
    "nothing printed": (report("pass"), "print"),
    "a lock that is kept": (report(f"lock.acquire()\n{PRINT}"), "wait"),
    "main that waits": (
        report(f"with lock:\n    {PRINT}").replace(
            "    b = spawn(report)\n    measure(22)\n    join(a)\n",
            "    join(a)\n    measure(22)\n    b = spawn(report)\n",
        ),
        "Leave main",
    ),
}

SELLING = """
def main():
    a = spawn(seller)
    b = spawn(seller)
    join(a)
    join(b)
    print("left", left, "sold", sold)
"""
BEGIN = "left = 1\nsold = 0\nlock = Lock()\n"


def tickets(body: str, begin: str = BEGIN, main: str = SELLING) -> str:
    """Return the program of the two sellers, by what a seller does."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{begin}def seller():\n    global left, sold\n{lines}{main}"


RIGHT_TICKETS = {
    "all under the lock": tickets(
        "with lock:\n    if left > 0:\n        left -= 1\n        sold += 1"
    ),
    "acquire and release": tickets(
        "lock.acquire()\nif left > 0:\n    left -= 1\n    sold += 1\nlock.release()"
    ),
    "tested again": tickets(
        "with lock:\n    found = left\nif found > 0:\n    with lock:\n        if left > 0:\n"
        "            left -= 1\n            sold += 1"
    ),
    "an early return": tickets(
        "with lock:\n    if left == 0:\n        return\n    left -= 1\n    sold += 1"
    ),
    "a function of its own": tickets("with lock:\n    sell()").replace(
        "def seller",
        "def sell():\n    global left, sold\n    if left > 0:\n"
        "        left -= 1\n        sold += 1\ndef seller",
    ),
    "sold first": tickets("with lock:\n    if left > 0:\n        sold += 1\n        left -= 1"),
    "a test for one": tickets("with lock:\n    if left == 1:\n        left = 0\n        sold = 1"),
    "taken, then counted": tickets(
        "mine = 0\nwith lock:\n    if left > 0:\n        left -= 1\n        mine = 1\n"
        "with lock:\n    sold += mine"
    ),
    "another name of the lock": tickets(
        "with box:\n    if left > 0:\n        left -= 1\n        sold += 1"
    ).replace("lock = Lock()", "box = Lock()"),
    "not below zero": tickets("with lock:\n    sold += min(left, 1)\n    left = max(left - 1, 0)"),
}
WRONG_TICKETS = {
    "the starter": (
        tickets("if left > 0:\n    with lock:\n        left -= 1\n        sold += 1"),
        ".",
    ),
    "two locks": (
        tickets(
            "with lock:\n    found = left\nif found > 0:\n"
            "    with lock:\n        left -= 1\n        sold += 1"
        ),
        "sold 2|left >= 0",
    ),
    "one lock for each variable": (
        tickets(
            "found = 0\nwith lock:\n    found = left\n"
            "with other:\n    if found > 0:\n        sold += 1\n"
            "with lock:\n    left -= found",
            f"{BEGIN}other = Lock()\n",
        ),
        ".",
    ),
    "another main": (
        tickets("with lock:\n    if left > 0:\n        left -= 1\n        sold += 1").replace(
            "    b = spawn(seller)\n    join(a)\n", "    join(a)\n    b = spawn(seller)\n"
        ),
        "Leave main",
    ),
    "no lock": (tickets("if left > 0:\n    left -= 1\n    sold += 1"), "race"),
}
