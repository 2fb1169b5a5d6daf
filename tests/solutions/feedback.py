"""Programs for the exercise of the second lesson on scheduling, right and wrong ones."""

ROUND = "work(3)\ndone += 3"


def greedy(body: str, times: int = 20, before: str = "", after: str = "") -> str:
    """Return a program that does some lines in a loop, and others before and after it."""
    lines = [f"    {line}" for line in before.splitlines()]
    lines += [f"    for i in range({times}):"]
    lines += [f"        {line}" for line in body.splitlines()]
    lines += [f"    {line}" for line in after.splitlines()]
    inside = "\n".join(lines)
    return f'done = 0\ndef main():\n    global done\n{inside}\n    print("done", done)\n'


RIGHT_GREEDY = {
    "a device in each round": greedy(f"{ROUND}\nio(1)"),
    "a sleep in each round": greedy(f"{ROUND}\nsleep(1)"),
    "a device before the work": greedy(f"io(1)\n{ROUND}"),
    "between work and sum": greedy("work(3)\nio(1)\ndone += 3"),
    "a longer wait": greedy(f"{ROUND}\nio(3)"),
    "a sleep of five ticks": greedy(f"{ROUND}\nsleep(5)"),
    "larger rounds": greedy("work(6)\ndone += 6\nio(1)", 10),
    "rounds of ten ticks": greedy("work(10)\ndone += 10\nsleep(1)", 6),
    "rounds of five ticks": greedy("work(5)\ndone += 5\nio(1)", 12),
    "a function that waits": "def give():\n    io(1)\n" + greedy(f"{ROUND}\ngive()"),
    "a while loop": greedy(f"{ROUND}\nio(1)")
    .replace("for i in range(20):", "i = 0\n    while i < 20:")
    .replace("io(1)", "io(1)\n        i += 1"),
    "until all is done": greedy(f"{ROUND}\nio(1)").replace("for i in range(20)", "while done < 60"),
}
WRONG_GREEDY = {
    "the starter": (greedy(ROUND), "has not stayed"),
    "a call that returns at once": (greedy(f"{ROUND}\ngetpid()"), "has not stayed"),
    "a sleep of no ticks": (greedy(f"{ROUND}\nsleep(0)"), "has not stayed"),
    "only once, at the end": (greedy(ROUND, after="io(1)"), "has not stayed"),
    "too seldom": (greedy(f"{ROUND}\nif i % 5 == 4: io(1)"), "has not stayed"),
    "nothing computed": (greedy("io(1)", 2, after="done = 60"), "compute in a loop"),
    "all at once": (greedy("io(1)", 1, after="work(60)\ndone = 60"), "compute in a loop"),
    "half of it": (greedy(f"{ROUND}\nio(1)", 10), "print done 60"),
}
