"""Programs for the exercises on processes that overlap and talk, right and wrong ones."""

SUM = "    for i in range(20):\n        total += i\n"
DEVICE = "    for i in range(3):\n        io(40)\n"
PRINT = '    print("total", total)\n'
START = "total = 0\ndef main():\n    global total\n"


def deeper(lines: str) -> str:
    """Return lines of a block one step further in."""
    return "".join(f"    {line}\n" for line in lines.splitlines())


def child(lines: str) -> str:
    """Return a child that carries out some lines and ends."""
    return f"    if fork() == 0:\n{deeper(lines)}        exit(0)\n"


RIGHT_OVERLAPS = {
    "a child uses the device": START + child(DEVICE) + SUM + "    wait()\n" + PRINT,
    "printed before it waits": START + child(DEVICE) + SUM + PRINT + "    wait()\n",
    "a child for each block": START
    + "    for k in range(3):\n"
    + deeper(child("    io(40)\n"))
    + SUM
    + "    for k in range(3):\n        wait()\n"
    + PRINT,
    "two children, one of which sums": START
    + "    ends = pipe()\n"
    + child(DEVICE)
    + child(SUM + "    write(ends + 1, total)\n")
    + "    wait()\n    wait()\n    total = read(ends)\n"
    + PRINT,
    "a child sums, a pipe": START
    + "    ends = pipe()\n"
    + child(SUM + "    write(ends + 1, total)\n")
    + DEVICE
    + "    total = read(ends)\n    wait()\n"
    + PRINT,
    "a child sums, shared memory": START
    + '    board = shared("board", 1)\n'
    + child(SUM + "    board[0] = total\n")
    + DEVICE
    + "    wait()\n    total = board[0]\n"
    + PRINT,
    "a child sums, its exit code": START
    + child(SUM + "    exit(total)\n")
    + DEVICE
    + "    wait()\n    total = exit_status()\n"
    + PRINT,
    "a child sums, a message": START
    + "    parent = getpid()\n"
    + child(SUM + "    send(parent, total)\n")
    + DEVICE
    + "    total = recv()\n    wait()\n"
    + PRINT,
    "while loops": START
    + child("    i = 0\n    while i < 3:\n        io(40)\n        i += 1\n")
    + "    i = 0\n    while i < 20:\n        total += i\n        i += 1\n"
    + "    wait()\n"
    + PRINT,
    "a function for the child": "def blocks():\n"
    + DEVICE
    + START
    + "    if fork() == 0:\n        blocks()\n        exit(0)\n"
    + SUM
    + "    wait()\n"
    + PRINT,
    "some blocks here, some there": START
    + child("    io(40)\n    io(40)\n")
    + "    io(40)\n"
    + SUM
    + "    wait()\n"
    + PRINT,
    "a thread": "def blocks():\n"
    + DEVICE
    + START
    + "    t = spawn(blocks)\n"
    + SUM
    # Threads come later, and overlap as well.
    + "    join(t)\n"
    + PRINT,
}
WRONG_OVERLAPS = {
    "the starter": (START + SUM + DEVICE + PRINT, "It takes 3"),
    "a child that is waited for at once": (
        START + child(DEVICE) + "    wait()\n" + SUM + PRINT,
        "It takes 3",
    ),
    "a child sums in memory of its own": (
        START + child(SUM) + DEVICE + "    wait()\n" + PRINT,
        "total 0",
    ),
    "both do all": (
        START + "    fork()\n" + DEVICE + SUM + PRINT,
        "three times 40",
    ),
    "less for the device": (
        START + child(DEVICE.replace("40", "4")) + SUM + "    wait()\n" + PRINT,
        "three times 40",
    ),
    "the number that is wanted": (
        START + DEVICE + '    print("total", 190)\n',
        "number by number",
    ),
}
ANSWER = "6 * 7"
MAIN = "def main():\n"
PRINTS = "    print(answer)\n"
WORD = 'def main():\n    board = shared("board", 2)\n'
RIGHT_WORDS = {
    "a pipe": MAIN
    + "    ends = pipe()\n"
    + child(f"    write(ends + 1, {ANSWER})\n")
    + "    print(read(ends))\n    wait()\n",
    "a pipe whose other ends are closed": MAIN
    + "    ends = pipe()\n"
    + child(f"    close(ends)\n    write(ends + 1, {ANSWER})\n")
    + "    close(ends + 1)\n    answer = read(ends)\n    wait()\n"
    + PRINTS,
    "a message": MAIN
    + "    parent = getpid()\n"
    + child(f"    send(parent, {ANSWER})\n")
    + "    print(recv())\n    wait()\n",
    "a message to the parent of a child": MAIN
    + child(f"    send(getppid(), {ANSWER})\n")
    + "    answer = recv()\n"
    + PRINTS
    + "    wait()\n",
    "the child calls": MAIN
    + child(f"    call(getppid(), {ANSWER})\n")
    + "    answer = serve()\n    reply(0)\n    wait()\n"
    + PRINTS,
    "the parent calls": MAIN
    + "    child = fork()\n    if child == 0:\n        serve()\n"
    + f"        reply({ANSWER})\n        exit(0)\n"
    + "    print(call(child, 0))\n    wait()\n",
    "shared memory, and wait": WORD
    + child(f"    board[0] = {ANSWER}\n")
    + "    wait()\n    print(board[0])\n",
    "shared memory, and an atomic flag": WORD
    + child(f"    board[0] = {ANSWER}\n    fetch_and_add(board + 8, 1)\n")
    + "    while fetch_and_add(board + 8, 0) == 0: sleep(3)\n"
    + "    print(board[0])\n    wait()\n",
    "an atomic word alone": WORD
    + child(f"    fetch_and_add(board, {ANSWER})\n")
    + "    answer = 0\n    while answer == 0:\n        answer = fetch_and_add(board, 0)\n"
    + PRINTS
    + "    wait()\n",
    "shared memory, and a pipe that says when": WORD
    + "    ends = pipe()\n"
    + child(f"    board[0] = {ANSWER}\n    write(ends + 1, 1)\n")
    + "    read(ends)\n    print(board[0])\n    wait()\n",
    "a lock in shared memory": WORD
    + child(f"    acquire(board)\n    board[1] = {ANSWER}\n    release(board)\n")
    + "    answer = 0\n    while answer == 0:\n        acquire(board)\n"
    + "        answer = board[1]\n        release(board)\n"
    + PRINTS
    + "    wait()\n",
    "a function that asks": f"def ask(end):\n    write(end, {ANSWER})\n"
    + MAIN
    + "    ends = pipe()\n"
    + child("    ask(ends + 1)\n")
    + "    wait()\n    print(read(ends))\n",
}
WRONG_WORDS = {
    "the starter": (
        "answer = 0\ndef main():\n    global answer\n"
        + child(f"    answer = {ANSWER}\n")
        + "    wait()\n"
        + PRINTS,
        "0",
    ),
    "nothing to wait for": (
        WORD + child(f"    board[0] = {ANSWER}\n") + "    print(board[0])\n    wait()\n",
        "prints '0'|race",
    ),
    "a plain flag": (
        WORD
        + child(f"    board[0] = {ANSWER}\n    board[1] = 1\n")
        + "    while board[1] == 0: sleep(3)\n    print(board[0])\n    wait()\n",
        "race",
    ),
    "no child": (f"def main():\n    print({ANSWER})\n", "Let a child"),
    "a child with nothing to say": (
        MAIN + child("    pass\n") + f"    print({ANSWER})\n    wait()\n",
        "do not talk",
    ),
    "a pipe that carries something else": (
        MAIN
        + "    ends = pipe()\n"
        + child(f"    write(ends + 1, {ANSWER})\n")
        + "    read(ends)\n    wait()\n    print(42)\n",
        "what the child has computed",
    ),
}
