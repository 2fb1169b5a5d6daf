"""A translated program does what the program does on the simulated machine."""

import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given

from kit import LanguageError, Machine, Program
from kit.host import HostError, c_text
from kit.scenarios import SCENARIOS
from kit.sim.events.processes import Print
from tests.examples import examples
from tests.sequential import sequential_programs

pytestmark = pytest.mark.notebook

COMPILE = ("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fwrapv", "-pthread")

ORDER = """
seen = [0] * 6
count = 0
x = 1

def next(value):
    global count, x
    seen[count] = value
    count += 1
    x += 10
    return value

def pair(a, b):
    return a * 10 + b

def main():
    print(next(1), next(2), x, next(3))
    a, b = next(4), x
    print(pair(b=next(5), a=x), a, b)
    print(x + next(6), seen[5], 1 < next(0) < next(9), count, x)
"""

SHORT = """
calls = 0

def step(value):
    global calls
    calls += 1
    return value

def main():
    a = step(0) and step(5)
    b = step(7) or step(8)
    c = 3 and -4
    d = step(2) if step(1) else step(3)
    print(a, b, c, d, calls)
    while step(1) and calls < 10:
        pass
    if calls == 10 and step(0) or step(6) > 5 and not step(0):
        print("yes", calls)
    elif step(1):
        print("no")
    e = 1 < 2 < step(3)
    print(e, 5 < 1 < step(9), calls, (1 < 2) == 1)
    print(-(-3), - -calls, not not calls)
"""

LOOPS = """
grid = [[1, 2], [3, 4], [5, 6]]

def sum_of(row):
    return row[0] + row[1]

def main():
    n = 3
    i = 0
    k = 0
    for i in range(n):
        n = 1
        i = i * 2
        print(i, end=" ")
    print("last", i)
    for k in range(5, -4, -3):
        if k == 2:
            continue
        print(k, end=" ")
    for k in range(0):
        print("never")
    print("k", k)
    step = -2
    for j in range(4, 0, step):
        print(j, end=",")
    for row in grid:
        print(sum_of(row), row[-1 + 2], end=";")
    for x in grid[-1]:
        print(x, end="!")
    box = [7] * 10
    box[-1] += 1
    small = [n, 2, step]
    print(sum(box), max(small), min(grid[1]), sum(grid[0], 4))
    print(len(grid), len(grid[0]), grid[2][1])
"""

WORDS = """
def main():
    big = 9223372036854775807
    print(big + 1, -big - 2, big * 3, -7 // 2, -7 % 2, 7 // -2)
    print(7 % -2, (-big - 1) // -1, 2 ** 63, 3 ** 50, (-2) ** 3)
    print(1 << 63, 1 << 64, -8 >> 1, -1 >> 99, ~5)
    print(6 & 3, 6 | 3, 6 ^ 3, abs(-5))
    print(min(3, 1, 2), max(3, 9, 2), -9223372036854775808)
"""

OBJECTS = """
ready = Condition()
table = RWLock()
gate = Semaphore(1)
full = [Semaphore(0), Semaphore(2)]
locks = [Lock() for _ in range(3)]
hits = Atomic(5)
turn: volatile = 0
many = 0

def under(lock: Lock, n):
    global many
    with lock:
        if n == 1:
            return 10
        many += n
    return many

def signals():
    global turn
    with ready:
        turn = turn + 1
        ready.notify_all()

def main():
    t = spawn(signals)
    with ready:
        while turn == 0:
            ready.wait()
    print("joined", join(t), join(t), join(9))
    first = locks[-1]
    print(under(first, 1), under(locks[0], 7), under(locks[1 + 1], 2))
    for each in locks:
        with each:
            many_before = each.locked()
        print(many_before, each.locked(), end=" ")
    print(gate.acquire(blocking=False), gate.acquire(blocking=False), full[1].acquire(timeout=3))
    print(locks[1].acquire(timeout=2), locks[1].acquire(blocking=False), full[0].acquire(timeout=2))
    with table.reading():
        pass
    with table.writing():
        print(hits.fetch_and_add(3), hits.load(), hits.compare_and_swap(8, 2), hits.test_and_set())
    hits.store(77)
    print(hits.load(), fetch_and_add(address(many), 1), many, compare_and_swap(address(many), 1, 2))
    with ready:
        print(ready.wait(timeout=1))
"""

FILES = """
def main():
    f = open("notes", "w")
    for i in range(4):
        write(f, i * i)
    close(f)
    f = open("notes", "r+")
    seek(f, 2)
    print(read(f), read(f), read(f), seek(f, -1), open("absent"), close(77))
    ends = pipe()
    write(ends + 1, 6)
    text = [97, 98, 99]
    print(write(ends + 1, text, 3), write(ends + 1, address(text[1]), 2), write(ends + 1, 8, 2))
    print(read(ends, text, 2), text[0], text[1], read(ends, text, 3), text[2])
    close(ends + 1)
    print(read(ends), read(ends), read(ends, text, 1), read(ends, text, -1))
    board = shared("board", 3)
    child = fork()
    if child == 0:
        board[1] = 42
        exit(9)
    print(wait(child) == child, exit_status(), term_signal(), board[1], wait())
    child = fork()
    if child == 0:
        abort()
    print(wait(child) == child, exit_status(), term_signal())
    child = fork()
    if child == 0:
        print(ignore(SIGTERM), ignore(SIGKILL), ignore(SIGCHLD), kill(getpid(), SIGTERM))
        kill(getpid(), SIGINT)
    print(wait(child) == child, exit_status(), term_signal() == SIGINT, kill(getpid(), 99))
    print(kill(getpid(), 30), kill(getpid(), 24), ignore(5), ignore(99), ignore(0))
    p = alloc(4)
    poke(p + 8, 5)
    print(p[1], peek(p + 8))
    free(p)
    exit(256 + 3)
"""

CHAINS = """
g = 3

def main():
    global g
    own = [1, 2, 3]
    x = 4
    x = own[1] = x + 1
    own[0] = own[2] = own[0] + 10
    print(x, own[0], own[1], own[2])
    y = x = z = x * 2
    g = own[0] = g + own[0]
    print(x, y, z, g, own[0])
    i = 0
    i = own[i] = i + 1
    print(i, own[0], own[1])
"""

PROGRAMS = {
    "order": ORDER,
    "chains": CHAINS,
    "short": SHORT,
    "loops": LOOPS,
    "words": WORDS,
    "objects": OBJECTS,
    "files": FILES,
}

FAULTS = {
    "print(1 // zero)": 8,
    "print(1 % zero)": 8,
    "print(2 ** (zero - 1))": 8,
    "print(1 << (zero - 1))": 8,
    "print(log[zero + 2])": 6,
    "log[zero - 3] = 1": 6,
    "assert zero, 'it is 0'": 6,
    "assert zero > 1": 6,
    "poke(zero, 1)": 11,
    "print(peek(zero))": 11,
    "zero[1] = 1": 11,
    "deeper(0)": 11,
    "abort()": 6,
}


def compiled(program: Program, folder: Path, command: tuple[str, ...] = COMPILE) -> Path:
    """Return the program as the compiler makes it, which has nothing to complain of."""
    (folder / "program.c").write_text(c_text(program), encoding="utf-8")
    command = (*command, "program.c", "-o", "program")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "program"


def check(program: Program, folder: Path, command: tuple[str, ...] = COMPILE) -> None:
    """Hold a translated program to the simulated machine."""
    machine = Machine()
    pid = machine.launch(program)
    trace = machine.run()
    made = compiled(program, folder, command)
    done = subprocess.run([made], cwd=folder, capture_output=True, text=True, check=False)
    # What its children print goes to the same console.
    assert done.stdout == "".join(event.text for event in trace.events if isinstance(event, Print))
    ended = trace.at(trace.end).processes[pid]
    code = ended.exit_code if ended.signal is None else -ended.signal
    assert code is not None
    assert done.returncode == code


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_does_the_same_in_c(name: str, tmp_path: Path):
    """Order, short circuits, loops, 64 bits, locks, files and processes are those of the lesson."""
    check(Program(name, PROGRAMS[name]), tmp_path)


@pytest.mark.parametrize("statement", FAULTS)
def test_a_fault_ends_a_program_by_its_signal(statement: str, tmp_path: Path):
    """What is a fault on the simulated machine ends the real process by the same signal."""
    text = (
        "log = [0, 0]\n\ndef deeper(n):\n    return deeper(n + 1) + 1\n\n"
        f"def main():\n    zero = 0\n    print('before')\n    {statement}\n    print('after')\n"
    )
    program = Program("fault", text)
    machine = Machine()
    pid = machine.launch(program)
    trace = machine.run()
    assert trace.at(trace.end).processes[pid].signal == FAULTS[statement]
    command = [compiled(program, tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-FAULTS[statement], "before\n")


@pytest.mark.slow
@examples(10)
@given(text=sequential_programs())
def test_any_program_of_one_thread_does_the_same_in_c(text: str, tmp_path_factory):
    """Random programs print the same; the few formats that are not translated are refused."""
    program = Program("p", text)
    try:
        c_text(program)
    except HostError as refused:
        assert "is not translated to C; fill with blanks" in str(refused)  # noqa: PT017
        return
    check(program, tmp_path_factory.mktemp("random"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_programs_of_scenarios_compile_without_a_warning(name: str, tmp_path: Path):
    """The compiler has nothing to complain of in what can be translated of the scenarios."""
    refused = 0
    programs = SCENARIOS[name].machine().run(until=0).programs
    for program in programs:
        try:
            compiled(program, tmp_path)
        except HostError:
            refused += 1
    assert refused == {"messages": 2, "procedure_call": 2, "privileged_instruction": 1}.get(name, 0)


def test_any_name_can_be_a_variable(tmp_path: Path):
    """Names that the headers declare can be those of globals, functions and locals."""
    text = c_text(Program("p", OBJECTS + FILES.replace("def main", "def other")))
    headers = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    (tmp_path / "headers.c").write_text(headers, encoding="utf-8")
    command = ["gcc", "-std=c11", "-E", "headers.c"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    declared = re.sub(r"^#.*$", "", done.stdout, flags=re.MULTILINE)
    known = set(re.findall(r"\b[A-Za-z]\w+\b", declared))
    names = []
    for name in sorted(known):
        with suppress(LanguageError):  # a keyword of Python, or a call
            Program("n", f"{name} = 1\ndef main():\n    print({name})\n")
            names.append(name)
    assert len(names) > 500
    lines = [f"{name} = {number}" for number, name in enumerate(names)]
    lines += ["def main():", *(f"    print({name})" for name in names)]
    program = Program("names", OBJECTS.partition("def under")[0] + "\n".join(lines) + "\n")
    compiled(program, tmp_path)
