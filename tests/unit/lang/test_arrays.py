"""Arrays on the stack and arrays with rows: in memory, in assembly, in what is told and shown."""

from kit import Machine, Program, Trace
from kit.explore import Spec, check_program, explore
from kit.lang.local_arrays import MAX_LOCAL_ARRAY
from kit.tracks.memory.address_spaces import address_spaces
from tests.running import ended, fault, run
from tests.unit.lang.test_assembly import assert_same_program

ROWS = """
grid = [[0] * 3 for _ in range(2)]
locks = [Lock() for _ in range(5)]
counts = [Semaphore(2) for _ in range(3)]

def fill(row, n):
    for j in range(3):
        row[j] = n * 10 + j

def main():
    own = [7, 8, 9]
    square = [[1, 2], [3, 4]]
    for i in range(len(grid)):
        fill(grid[i], i + 1)
    square[-1][0] += own[2]
    with locks[4]:
        print(grid[1][2], square[1][0], sum(grid[0]), len(grid[0]), len(locks), len(counts))
"""

SMASHED = """
def fill(p, n):
    for i in range(n):
        p[i] = 7

def careless(n):
    a = [0] * 3
    fill(a, n)
    return a[0]

def main():
    print(careless(3))
    print(careless(5))
"""


def test_rows_and_arrays_on_the_stack_are_values_of_a_trace():
    """Globals and call frames show an array as a tuple, and rows as tuples in it."""
    trace = run(ROWS)
    assert ended(trace).output == "22 12 33 3 5 3\n"
    assert ended(trace).globals["grid"] == ((10, 11, 12), (20, 21, 22))
    assert ended(trace).globals["locks"] == (0,) * 5
    assert ended(trace).globals["counts"] == (2, 2, 2)
    frames = [
        trace.at(tick).processes[2].threads[1].call_stack
        for tick in range(trace.end)
        if 2 in trace.at(tick).processes and 1 in trace.at(tick).processes[2].threads
    ]
    last = [stack[-1].variables for stack in frames if stack and "own" in stack[-1].variables]
    assert last[-1]["own"] == (7, 8, 9)
    assert last[-1]["square"] == ((1, 2), (12, 4))


def test_rows_and_arrays_on_the_stack_go_through_assembly():
    """Their sizes stand in the data and behind `.function`, and what they are comes back."""
    program = Program("p", ROWS)
    assert_same_program(program)
    text = program.disassemble()
    assert "grid  [[0, 0, 0], [0, 0, 0]]" in text
    assert "own[3]=-24 square[2][2]=-56" in text
    assert "[fp-56:square[0][0]]" in text
    assert "LOAD r0, grid[r0]" in text
    again = Program.from_assembly("p", text)
    machine = Machine()
    machine.launch(again)
    assert machine.run().output(2) == run(ROWS).output(2)


def test_an_index_that_does_not_fit_a_row_is_out_of_range():
    """Both indexes are checked, each against its own length; -1 is the last."""
    for index in ("[2][0]", "[0][3]", "[-3][0]", "[0][-4]"):
        text = ROWS.replace("grid[1][2]", f"grid{index}")
        assert fault(run(text))[0] == "index out of range"
    assert ended(run(ROWS.replace("grid[1][2]", "grid[-2][-3]"))).output.startswith("10 ")


def test_writing_behind_an_array_on_the_stack_overwrites_the_return_address():
    """Two words behind the array stand the caller's frame pointer and the return address."""
    trace = run(SMASHED)
    assert ended(trace).output == "7\n"
    assert ended(trace).signal is not None
    assert fault(trace)[0] in ("segmentation fault", "bus error")


def test_what_overflows_is_told():
    """The narration names the element, the saved frame pointer and the return address."""
    told = narrated(run(SMASHED))
    assert "stores 7 in a[2] of careless on its own stack" in told
    assert "over the saved frame pointer of careless" in told
    assert "over the return address of careless" in told


def narrated(trace: Trace) -> str:
    """Everything that is told of a run."""
    return "\n".join(trace.narrate(tick) for tick in range(trace.end + 1))


def test_the_largest_array_on_the_stack_fits_a_usual_stack():
    """An array of as many words as a function may make does not overflow the stack."""
    words = MAX_LOCAL_ARRAY
    text = f"def main():\n    n = {words}\n    a = [1] * {words}\n    print(sum(a) == n)\n"
    assert run(text).output(2) == "1\n"


def test_local_arrays_are_shown_in_the_stack():
    """The picture of the address spaces has the elements of an array in its frame."""
    picture = address_spaces(run(ROWS))
    texts = {
        text
        for (mark, trait), channel in picture.channels.items()
        if mark == "lines" and trait == "text"
        for tick in range(400)
        for text in channel.at(tick)
    }
    assert any("own = [7, 8, 9]" in text for text in texts)


def test_a_result_with_rows_can_be_asked_for():
    """`Spec` takes a global with rows as tuples, and says what to give if they do not fit."""
    program = Program("p", "grid = [[0] * 2 for _ in range(2)]\ndef main(): grid[1][0] = 5\n")
    assert check_program(program, Spec(globals={"grid": ((0, 0), (5, 0))}))
    assert not check_program(program, Spec(globals={"grid": [[0, 0], [5, 1]]}))
    (outcome,) = explore(program).outcomes
    assert outcome.globals[2]["grid"] == ((0, 0), (5, 0))


ACCOUNTS = """
balance = [100] * 3
locks = [Lock() for _ in range(3)]

def move(first, second, a, b, amount):
    with first:
        with second:
            balance[a] -= amount
            balance[b] += amount

def transfer(a, b, amount=10):
    first, second = locks[min(a, b)], locks[max(a, b)]
    move(first, second, a, b, amount)

def main():
    t = spawn(transfer, 0, 1)
    u = spawn(transfer, a=1, b=0, amount=30)
    join(t)
    join(u)
    for lock in locks:
        print(lock.locked(), end=" ")
"""


def test_each_account_has_a_lock_of_its_own():
    """Locks are passed on, kept in locals and gone over; whoever waits is told for which."""
    trace = run(ACCOUNTS)
    assert ended(trace).globals["balance"] == (120, 80, 100)
    assert ended(trace).output == "0 0 0 "
    verdict = check_program(Program("p", ACCOUNTS), Spec(globals={"balance": (120, 80, 100)}))
    assert verdict, str(verdict)
    wrong = ACCOUNTS.replace("min(a, b)", "a").replace("max(a, b)", "b")
    broken = check_program(Program("p", wrong), Spec(globals={"balance": (120, 80, 100)}))
    assert broken.breaches[0].kind == "deadlock"
    shown = broken.breaches[0].witness()
    assert shown is not None
    assert "locks[" in narrated(shown)


def test_rows_are_written_apart():
    """The picture of the data segment and what is left of a process part rows by semicolons."""
    trace = run(ROWS)
    seen = str(address_spaces(trace).channels["lines", "text"].at(trace.end - 1))
    assert "grid = 10, 11, 12; 20, 21, 22" in seen


def test_an_array_on_the_stack_is_shown_as_it_is_at_every_tick():
    """Elements set by index, through an address and by a compound assignment: all are seen."""
    text = """
def fill(p, n):
    for i in range(n):
        p[i] = 5

def main():
    a = [1, 2, 3]
    a[1] += 7
    fill(a, 2)
    a[2] = 9
    print(a[0])
"""
    trace = run(text)
    lines = address_spaces(trace).channels["lines", "text"]
    seen = set()
    for tick in range(trace.end):
        threads = trace.at(tick).processes[2].threads if trace.at(tick).processes else {}
        calls = threads[1].call_stack if threads else ()
        there = [call.variables["a"] for call in calls if "a" in call.variables]
        shown = "\n".join(lines.at(tick))
        assert all(f"a = {list(value)}" in shown for value in there)
        assert there or "a = [" not in shown
        seen.update(there)
    assert {(1, 2, 3), (1, 9, 3), (5, 9, 3), (5, 5, 3), (5, 5, 9)} <= seen
