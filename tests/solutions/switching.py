"""Programs for the exercise of the lesson on context switches: helpers that give the core back."""

HELPER = """def helper(first):
    sum = 0
    for i in range(6):
        sum += first + i
        sleep(1)
    return sum
"""
THREADS = """def main():
    a = spawn(helper, 1)
    b = spawn(helper, 7)
    print("total", join(a) + join(b))
"""
PROCESSES = """def main():
    if fork() == 0: exit(helper(1))
    if fork() == 0: exit(helper(7))
    total = 0
    for i in range(2):
        wait()
        total += exit_status()
    print("total", total)
"""
OURS = HELPER + THREADS
LOOP = """def main():
    threads = [0, 0]
    for i in range(2):
        threads[i] = spawn(helper, 1 + 6 * i)
    total = 0
    for i in range(2):
        total += join(threads[i])
    print("total", total)
"""
IN_DATA = """sums = [0, 0]
def helper(me):
    for i in range(6):
        sums[me] += 1 + 6 * me + i
        sleep(1)
def main():
    a = spawn(helper, 0)
    b = spawn(helper, 1)
    join(a)
    join(b)
    print("total", sums[0] + sums[1])
"""
TWO_FUNCTIONS = """def low():
    sum = 0
    for i in range(1, 7):
        sum += i
        sleep(1)
    return sum
def high():
    sum = 0
    for i in range(7, 13):
        sum += i
        sleep(1)
    return sum
def main():
    a = spawn(low)
    b = spawn(high)
    print("total", join(a) + join(b))
"""
RIGHT_HELPERS = {
    "ours": OURS,
    "main is a helper": HELPER
    + """def main():
    a = spawn(helper, 1)
    sum = helper(7)
    print("total", sum + join(a))
""",
    "in a loop": HELPER + LOOP,
    "sums in the data": IN_DATA,
    "a function for each": TWO_FUNCTIONS,
    "a while loop": OURS.replace("    for i in range(6):", "    i = 0\n    while i < 6:").replace(
        "sleep(1)", "sleep(1)\n        i += 1"
    ),
    "a longer sleep": OURS.replace("sleep(1)", "sleep(3)"),
    "a sleep before each number": OURS.replace("        sleep(1)\n", "").replace(
        "        sum +=", "        sleep(1)\n        sum +="
    ),
    "the other one first": OURS.replace("join(a) + join(b)", "join(b) + join(a)"),
    "sums with names": OURS.replace(
        '    print("total", join(a) + join(b))',
        '    one = join(a)\n    two = join(b)\n    print("total", one + two)',
    ),
    "a device": OURS.replace("sleep(1)", "io(1)"),
    "an f-string": OURS.replace('"total", join(a) + join(b)', 'f"total {join(a) + join(b)}"'),
}
WRONG_HELPERS = {
    "the starter": (HELPER + PROCESSES, "100 are allowed"),
    "one process more": (
        HELPER
        + """def main():
    if fork() == 0: exit(helper(1))
    sum = helper(7)
    wait()
    print("total", sum + exit_status())
""",
        "100 are allowed",
    ),
    "helpers that keep the core": (OURS.replace("        sleep(1)\n", ""), "give the core back"),
    "processes that keep it": (
        (HELPER + PROCESSES).replace("        sleep(1)\n", ""),
        "give the core back",
    ),
    "a core given back now and then": (
        OURS.replace("sleep(1)", "if i % 3 == 0: sleep(1)"),
        "give the core back",
    ),
    "one after the other": (
        HELPER + 'def main(): print("total", join(spawn(helper, 1)) + join(spawn(helper, 7)))\n',
        ".",
    ),
    "another sum": (OURS.replace("range(6)", "range(7)"), "total"),
}
