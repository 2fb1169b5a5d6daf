"""`volatile` and `Atomic`: words that threads share without a lock, and that is no race."""

import pytest

from kit import LanguageError, Program
from kit.explore import Spec, check_program, explore
from tests.running import ended, run
from tests.unit.explore.programs import computed
from tests.unit.lang.test_assembly import assert_same_program

PETERSON = """
want: volatile = [0, 0]
turn: volatile = 0
count = 0

def worker(me):
    global turn, count
    other = 1 - me
    want[me] = 1
    turn = other
    while want[other] and turn == other:
        pass
    count += 1
    want[me] = 0

def main():
    a = spawn(worker, 0)
    b = spawn(worker, 1)
    join(a)
    join(b)
"""

HITS = """
hits = Atomic(0)
done = Atomic(-1)
lost = 0

def worker(counter, n):
    global lost
    for i in range(n):
        counter.fetch_and_add(1)

def main():
    a = spawn(worker, hits, 2)
    worker(hits, 2)
    join(a)
    done.store(7)
    old = hits.fetch_and_add(10)
    print(old, hits.load() - 14, done.load(), done.compare_and_swap(7, 8), done.test_and_set())
"""


@pytest.mark.parametrize("make", [lambda program: program, computed], ids=["engine", "computer"])
def test_what_is_marked_volatile_is_no_race(make):
    """Peterson's lock is right, and its own words are not reported; without the marks they are."""
    assert check_program(make(Program("p", PETERSON)), Spec(globals={"count": 2}))
    unmarked = explore(make(Program("p", PETERSON.replace(": volatile", ""))))
    assert {race.name for race in unmarked.races} == {"want[0]", "want[1]", "turn"}


@pytest.mark.parametrize("make", [lambda program: program, computed], ids=["engine", "computer"])
def test_a_volatile_word_can_still_lose_updates(make):
    """A mark makes nothing atomic: the update that is lost is still a result."""
    text = PETERSON.replace("while want[other] and turn == other", "while 0").replace(
        "count = 0", "count: volatile = 0", 1
    )
    found = explore(make(Program("p", text)))
    assert {outcome.globals[2]["count"] for outcome in found.outcomes} == {1, 2}
    assert not found.races


def test_a_mark_may_stand_in_quotes():
    """As for Python, an annotation in quotes is what it says; a parameter's kind, too."""
    text = "x: 'volatile' = 0\ny: 'int' = 0\nlock = Lock()\ndef f(a: 'Lock'):\n    a.acquire()\n"
    variables = Program("p", text + "def main():\n    f(lock)\n").image.variables
    assert variables["x"].is_shared_on_purpose
    assert not variables["y"].is_shared_on_purpose


def test_an_atomic_loses_no_update():
    """Each of its methods is done in one step, on every schedule; its word is its value."""
    assert ended(run(HITS)).output == "4 0 7 1 8\n"
    assert ended(run(HITS)).globals["hits"] == 14
    assert check_program(Program("p", HITS), Spec(globals={"hits": 14, "done": 1}))


def test_marks_and_atomics_go_through_assembly():
    """`volatile` stands before the value, `Atomic(n)` is written as it is made."""
    for text, lines in (
        (PETERSON, ("want  volatile [0, 0]", "turn  volatile 0", "count  0")),
        (HITS, ("hits  Atomic(0)", "done  Atomic(-1)")),
    ):
        program = Program("p", text)
        assert_same_program(program)
        assert all(line in program.disassemble() for line in lines)
    with pytest.raises(LanguageError, match="marks numbers, so leave it out"):
        Program.from_assembly("p", ".data\nk volatile Lock()\n.code\nNOP")


REFUSED = {
    "x: volatil = 0\ndef main(): pass\n": (1, "'volatil' marks nothing; did you mean 'volatile'?"),
    "def main():\n    x: volatile = 0\n": (2, "'volatile' marks globals; make the variable"),
    "x: volatile = Lock()\ndef main(): pass\n": (1, "'volatile' marks numbers; leave it out"),
    "x: volatile = Atomic(0)\ndef main(): pass\n": (1, "leave it out for an Atomic"),
    "x = Atomic(0)\ndef main():\n    x += 1\n": (3, "'x' is assigned in this function"),
    "x = Atomic(0)\ndef main():\n    print(x)\n": (3, "'x' is an Atomic, not a number; call one"),
    "x = Atomic(0)\ndef main(): x.add(1)\n": (2, "an Atomic has no 'add'; use one of fetch_and"),
    "x = Atomic(0)\ndef main(): x.fetch_and_add()\n": (2, "takes 1 argument here; write fetch_"),
    "x = Atomic(0)\ndef main(): x.load(1)\n": (2, "load takes no arguments here; write load()"),
    "x = Atomic(0)\ndef main(): y = x.store(1)\n": (2, "store has no result here"),
    "x = Atomic(0)\ndef main():\n    with x: pass\n": (3, "'with' takes a Lock, Semaphore or"),
    "x = Atomic()\ndef main(): x.acquire()\n": (2, "an Atomic has no 'acquire'"),
    "def main(): x = Atomic(0)\n": (1, "an Atomic is made at module level"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_wrong_use_is_refused_with_the_remedy(text: str):
    """A slip is answered in its line, with what to write instead."""
    line, message = REFUSED[text]
    with pytest.raises(LanguageError) as caught:
        Program("p", text)
    assert caught.value.line == line
    assert message in str(caught.value)
