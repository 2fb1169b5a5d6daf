"""Programs for the exercise of the lesson on fork, exec and wait, right and wrong ones."""

STARTER = """answer = 0
def main():
    global answer
    if fork() == 0:
        answer = 6 * 7
        exit(0)
    work(10)
    print("answer", answer)
"""


def family(child: str, parent: str, begin: str = "") -> str:
    """Return a program by what its child and its parent do."""
    lines = [f"        {line}" for line in child.splitlines()]
    lines += [f"    {line}" for line in parent.splitlines()]
    body = "\n".join(lines)
    return f"answer = 0\n{begin}def main():\n    global answer\n    if fork() == 0:\n{body}\n"


CHILD = "answer = 6 * 7\nexit(answer)"
PARENT = 'wait()\nprint("answer", exit_status())'
RIGHT_FAMILIES = {
    "as ours": family(CHILD, 'wait()\nanswer = exit_status()\nprint("answer", answer)'),
    "printed at once": family(CHILD, PARENT),
    "no variable in the child": family("exit(6 * 7)", PARENT),
    "a local variable": family(CHILD, 'wait()\nresult = exit_status()\nprint("answer", result)'),
    "the parent works first": family(CHILD, f"work(10)\n{PARENT}"),
    "the child works longer": family(f"work(20)\n{CHILD}", PARENT),
    "wait for the child by its pid": """answer = 0
def main():
    global answer
    child = fork()
    if child == 0:
        exit(6 * 7)
    wait(child)
    answer = exit_status()
    print("answer", answer)
""",
    "a function computes": family("exit(compute())", PARENT, "def compute():\n    return 6 * 7\n"),
    "a loop computes": family("for i in range(6): answer += 7\nexit(answer)", PARENT),
    "the parent in an else": """def main():
    if fork() == 0:
        exit(6 * 7)
    else:
        wait()
        print("answer", exit_status())
""",
    "only if there was a child": family(
        CHILD, 'if wait() > 0: answer = exit_status()\nprint("answer", answer)'
    ),
    "an f-string": family(CHILD, 'wait()\nprint(f"answer {exit_status()}")'),
}
WRONG_FAMILIES = {
    "the starter": (STARTER, "answer"),
    "no wait": (family(CHILD, 'work(10)\nprint("answer", answer)'), "answer"),
    "wait alone": (family("answer = 6 * 7\nexit(0)", 'wait()\nprint("answer", answer)'), "answer"),
    "the pid instead": (family(CHILD, 'print("answer", wait())'), "answer"),
    "asked before it has waited": (
        family(CHILD, 'answer = exit_status()\nwait()\nprint("answer", answer)'),
        "answer",
    ),
    "the child prints": (
        family('answer = 6 * 7\nprint("answer", answer)\nexit(answer)', "wait()"),
        "Process 2 does not print",
    ),
    "the parent computes": (
        family("exit(0)", 'answer = 6 * 7\nwait()\nprint("answer", answer)'),
        "exit code 42",
    ),
    "no child at all": ('def main():\n    print("answer", 42)\n', "exit code 42"),
    "a zombie is left": (family(CHILD, 'work(30)\nprint("answer", 42)'), "does not wait"),
}
