"""The fast engine against the computer: the same outcomes, schedules, races and invariants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Limits, Machine, Program
from kit.explore import explore
from kit.explore.engine import compiling, image, searching
from kit.explore.engine.calls import HANDLERS
from kit.explore.explore import plan_of
from kit.lang.instructions import INSTRUCTIONS
from kit.lang.system_calls import SYSTEM_CALLS
from kit.scenarios import SCENARIOS
from tests.examples import examples
from tests.unit.explore import conditions, programs
from tests.unit.explore.engines import assert_same, by_computer, quickly
from tests.unit.explore.mixed import programs as mixed
from tests.unit.explore.oracle import rows, written

INVARIANT = "x + own[1] <= 1 + y"
REFUSED = {"base_and_bounds", "segments"}
SHORT = "out_of_memory"
"""A scenario whose memory runs out: only the computer knows when."""
TAKEN = sorted(
    name
    for name in set(SCENARIOS) - REFUSED - {"kill_a_process", "two_level_table", SHORT}
    if image.program_of(plan_of(SCENARIOS[name]))
)
LONGEST = ("dining_philosophers", "threads_share")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in LONGEST)) for name in TAKEN],
)
def test_scenarios_come_to_the_same(name):
    """Both find the same in each scenario of one process with threads."""
    plan = plan_of(SCENARIOS[name])
    quick = quickly(plan)
    if quick is None:
        pytest.fail("the image is one that the engine takes")
    assert_same(quick, by_computer(plan))


def test_scenarios_with_threads_are_taken():
    """The engine takes the scenarios about threads that share memory."""
    assert {"lost_update", "counter_with_lock", "deadlock", "dining_philosophers"} <= set(TAKEN)


def test_memory_that_runs_out_is_left_to_the_computer():
    """The image is one that the engine takes, but it gives up where memory may be short."""
    plan = plan_of(SCENARIOS[SHORT])
    assert image.program_of(plan)
    assert quickly(plan) is None


@examples(12)
@given(mixed())
def test_mixed_programs_come_to_the_same(program):
    """Random programs with locks, faults and words of their own: the same, and every witness."""
    plan = plan_of(program, INVARIANT)
    quick, slow = quickly(plan, 400), by_computer(plan, 400)
    if quick is None or not slow.complete:
        return
    assert_same(quick, slow)
    for outcome in quick.outcomes:
        quick.witness(outcome)
    if not quick.invariant_holds:
        trace = quick.broken_invariant()
        values = trace.at(trace.end).processes[2].globals
        assert not values["x"] + values["own"][1] <= 1 + values["y"]


@examples(8)
@given(st.lists(rows(), min_size=2, max_size=2).map(tuple))
def test_rows_of_steps_come_to_the_same(threads):
    """Both find the same in random programs of a few steps on two variables."""
    plan = plan_of(written(threads))
    assert_same(quickly(plan), by_computer(plan))


@examples(8)
@given(conditions.threads())
def test_conditions_come_to_the_same(drawn):
    """Both find the same where threads wait at a condition."""
    plan = plan_of(conditions.written(drawn))
    assert_same(quickly(plan), by_computer(plan))


@examples(6)
@given(conditions.threads())
def test_wakings_without_notification_come_to_the_same(drawn):
    """Both find the same where threads may wake at a condition by themselves."""
    plan = plan_of(conditions.written(drawn), spurious=True)
    quick = quickly(plan)
    assert_same(quick, by_computer(plan))
    for outcome in quick.outcomes[:4]:
        quick.witness(outcome)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "x = 0\ndef other():\n    global x\n    x = 1\n"
            "def main():\n    global x\n    t = spawn(other)\n    x = 2\n    join(t)",
            id="spawn, join and end are steps of their own",
        ),
        pytest.param(
            "x = 0\nmine = 0\ndef other():\n    global x, mine\n    x = 1\n    mine = 1\n"
            "    x = 2\n    mine = 2\ndef main():\n    spawn(other)\n    if x == 1: exit(1)",
            id="main ends before its own words are written",
        ),
        pytest.param(
            "x = 0\ndef other(n):\n    return n\ndef nest():\n    return join(spawn(other, 2))\n"
            "def main():\n    global x\n    a = spawn(nest)\n    b = spawn(other, 3)\n"
            "    x = join(a) + b",
            id="threads that spawn are numbered as they come",
        ),
        pytest.param(
            "x = 0\ndef other():\n    global x\n    for i in range(800):\n        pass\n    x = 1\n"
            "def main():\n    spawn(other)\n    print(x)\n    thread_exit()",
            id="long ways are cut where the computer cuts them",
        ),
        pytest.param(
            "s = Semaphore(1)\nt = Semaphore(1)\ndef a():\n    s.acquire()\n    t.acquire()\n"
            "    t.release()\n    s.release()\ndef b():\n    t.acquire()\n    s.acquire()\n"
            "    s.release()\n    t.release()\ndef main():\n    spawn(a)\n    spawn(b)\n"
            "    thread_exit()",
            id="who has taken semaphores makes a circle",
        ),
        pytest.param(
            "x = 0\ndef other():\n    global x\n    x = 1\n    return x // 0\n"
            "def main():\n    spawn(other)\n    print(x)\n    thread_exit()",
            id="a fault comes at any time",
        ),
        pytest.param(
            "x = 0\ndef main():\n    global x\n    while x == 0: pass", id="a loop without an end"
        ),
        pytest.param(
            "x = 0\ndef other():\n    print(f'{x}', end='')\n    print('', end='')\n"
            "def main():\n    global x\n    t = spawn(other)\n    x = 1\n    print('x', f'{x}')\n"
            "    join(t)",
            id="lines and parts of lines",
        ),
        pytest.param(
            "x = 0\ngate = Barrier(3)\ndef other(n):\n    global x\n    x += n\n    gate.wait()\n"
            "    x = x * n\ndef main():\n    a = spawn(other, 2)\n    b = spawn(other, 3)\n"
            "    gate.wait()\n    gate.wait()\n    print(x)",
            id="threads meet at a barrier, and one waits there in vain",
        ),
        pytest.param(
            "x = 0\ndef other():\n    global x\n    x = 1\n    assert x == 1\n"
            "def main():\n    global x\n    t = spawn(other)\n    x = 2\n    join(t)",
            id="an assert may fail",
        ),
        pytest.param(
            "x = 5\ny = 0\ndef other():\n    global x, y\n    x = -x\n    y = ~x\n"
            "def main():\n    global x, y\n    t = spawn(other)\n    x = ~x\n    y = -y\n"
            "    join(t)\n    print(x, y, not x)",
            id="signs and bits are turned",
        ),
        pytest.param(
            "x = 0\ndef other():\n    old = x\n"
            "    while not compare_and_swap(address(x), old, old + 1): old = x\n"
            "def main():\n    t = spawn(other)\n    u = spawn(other)\n"
            "    fetch_and_add(address(x), 4)\n    join(t)\n    join(u)\n"
            "    print(test_and_set(address(x)))",
            id="words change in one step",
        ),
        pytest.param(
            "x = 0\ndef other(p):\n    p[0] += 1\n    free(p)\n"
            "def main():\n    global x\n    p = alloc(2)\n    t = spawn(other, p)\n    x = p[0]\n"
            "    q = alloc(1)\n    q[0] = 7\n    join(t)\n    print(x, p[0], q == p, alloc(-1))",
            id="a block of the heap is freed while it is used",
        ),
        pytest.param(
            "p = 0\ndef other():\n    global p\n    p = alloc(1)\n    free(p)\n    free(p)\n"
            "def main():\n    t = spawn(other)\n    p[0] = 1\n    join(t)",
            id="a block is freed twice, and 0 is nowhere",
        ),
        pytest.param(
            "def other(n):\n    seen = [0, 0]\n    seen[n] = n\n    return seen[0] + seen[1]\n"
            "def main():\n    t = [0] * 3\n    for i in range(2):\n        t[i] = spawn(other, i)\n"
            "    for i in range(2):\n        t[2] += join(t[i])\n    print(t[2])",
            id="arrays on the stack that nobody else uses",
        ),
    ],
)
def test_special_cases_come_to_the_same(text):
    """Both find the same, with the same number of schedules."""
    plan = plan_of(Program("special", text))
    assert_same(quickly(plan), by_computer(plan))


TAKES = """
rooms = Semaphore(2)
def worker():
    rooms.acquire()
    rooms.release()
"""
ALLOCATES = """
def worker():
    p = alloc(1)
    free(p)
    p = alloc(1)
"""
BOTH = """
def main():
    a = spawn(worker)
    b = spawn(worker)
    join(a)
    join(b)
"""


@pytest.mark.parametrize(
    ("worker", "states"), [(TAKES, 51), (ALLOCATES, 254)], ids=["semaphore", "heap"]
)
def test_the_computer_does_not_tell_states_apart_by_what_nobody_notices(worker, states):
    """Who took first, which block was given out first, and what a thread had when it ended."""
    assert by_computer(plan_of(Program("both", worker + BOTH))).states == states


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: SCENARIOS["orphan"], id="several processes"),
        pytest.param(
            lambda: Program("a", "def main():\n    p = alloc(2)\n    print(p[200])"),
            id="memory after the end of the heap",
        ),
        pytest.param(lambda: Program("s", "def main(): sleep(2)"), id="time"),
        pytest.param(lambda: Program("p", "def main(): poke(1 << 30, 1)"), id="any address"),
        pytest.param(lambda: _machine(demand=True), id="demand paging"),
        pytest.param(lambda: _machine(limits=Limits(threads=2)), id="few threads"),
        pytest.param(lambda: _machine(exceptions="thread"), id="exceptions end a thread"),
        pytest.param(
            lambda: Program("r", "def f(n):\n    return f(n + 1)\ndef main():\n    print(f(0))"),
            id="a stack that grows too far",
        ),
        pytest.param(
            lambda: Program(
                "n", "def f():\n    print(peek(0))\ndef main():\n    spawn(f)\n    poke(0, 1)"
            ),
            id="two threads that use the address 0",
        ),
    ],
)
def test_what_the_engine_does_not_take_goes_to_the_computer(make):
    """A program with something else in it is explored all the same, by the computer."""
    assert quickly(plan_of(make())) is None
    assert explore(make()).outcomes == by_computer(plan_of(make())).outcomes


def _machine(**settings) -> Machine:
    machine = Machine(**settings)
    machine.launch(programs.counter(1))
    return machine


@pytest.mark.parametrize(
    ("declared", "done", "looked"),
    [
        pytest.param("x = Lock()", "x.acquire()", "x.locked()", id="a lock"),
        pytest.param("x = 0", "test_and_set(address(x))", "x", id="test and set"),
        pytest.param("x = 0", "fetch_and_add(address(x), 1)", "x", id="fetch and add"),
    ],
)
def test_looking_is_a_point_where_system_calls_change_the_word(declared, done, looked):
    """A thread that looks twice at a word can see it change, though no plain store does that."""
    lines = [declared, "def other():", f"    {done}", "def main():", "    spawn(other)"]
    lines += [f"    was = {looked}", f"    now = {looked}", "    print(was, now)"]
    plan = plan_of(Program("looks", "\n".join(lines)))
    quick, slow = quickly(plan), by_computer(plan)
    assert_same(quick, slow)
    assert {o.output[2] for o in slow.outcomes} == {"0 0\n", "0 1\n", "1 1\n"}
    assert bool(slow.races) == (declared == "x = 0")


WAITERS = """
order = 0
change = Condition()
waiting = 0
def waiter(me):
    global order, waiting
    with change:
        waiting += 1
        change.wait()
        order = order * 10 + me
        change.notify()
def main():
    a = spawn(waiter, 1)
    b = spawn(waiter, 2)
    c = spawn(waiter, 3)
    while waiting < 3:
        pass
    with change:
        change.notify()
    join(a)
    join(b)
    join(c)
"""


def test_which_waiter_is_notified_is_a_choice():
    """Each of several waiting threads can be the one that is woken, whoever came first."""
    outcomes = explore(Program("waiters", WAITERS))
    orders = {o.globals[2]["order"] for o in outcomes.outcomes}
    assert orders == {123, 132, 213, 231, 312, 321}
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        assert trace.at(trace.end).processes[2].globals["order"] == outcome.globals[2]["order"]


def test_the_computer_tries_every_waiter_as_well():
    """With two waiters both engines find both orders, with as many schedules."""
    text = WAITERS.replace("    c = spawn(waiter, 3)\n", "").replace("    join(c)\n", "")
    text = text.replace("waiting < 3", "waiting < 2").replace(
        "    while waiting < 2:\n        pass\n", ""
    )
    plan = plan_of(Program("waiters", text))
    assert_same(quickly(plan), by_computer(plan))
    assert {o.globals[2]["order"] for o in quickly(plan).outcomes} >= {12, 21}


@examples(6)
@given(st.integers(1, 3), st.integers(1, 3))
def test_values_by_chance_come_to_the_same(first, second):
    """Both try every value that `choose` can give, and a witness gives it again."""
    text = (
        f"x = 0\ndef other():\n    global x\n    x += choose({first})\n"
        f"def main():\n    global x\n    t = spawn(other)\n    x += 10 * choose({second})\n"
        "    join(t)"
    )
    plan = plan_of(Program("chance", text))
    quick = quickly(plan)
    assert_same(quick, by_computer(plan))
    for outcome in quick.outcomes:
        quick.witness(outcome)


@pytest.mark.parametrize(
    ("declared", "races"),
    [
        pytest.param("x = Atomic(0)", False, id="Atomic"),
        pytest.param("x: volatile = 0", False, id="volatile"),
        pytest.param("x = 0", True, id="plain"),
    ],
)
def test_words_shared_on_purpose_come_to_the_same(declared, races):
    """Both find the same outcomes of words that may be used at once, and no race on them."""
    atomic = "Atomic" in declared
    add = "x.fetch_and_add(1)" if atomic else "x += 1"
    see = "x.load()" if atomic else "x"
    text = f"{declared}\ny = 0\ndef other():\n    global x, y\n    {add}\n    y = {see}\n"
    text += f"def main():\n    global x\n    t = spawn(other)\n    {add}\n    join(t)\n"
    if atomic:
        text = text.replace("global x, y", "global y").replace("    global x\n", "")
    plan = plan_of(Program("shared", text))
    quick = quickly(plan)
    assert_same(quick, by_computer(plan))
    assert bool(quick.races) == races


def test_a_plain_access_races_with_an_atomic_one():
    """The store that frees a test-and-set lock races with the call; two calls do not."""
    races = explore(programs.TEST_AND_SET).races
    assert {race.name for race in races} == {"held"}
    assert all(race.first.atomic != race.second.atomic for race in races)
    assert "T2 changes it atomically at line" in str(explore(programs.TEST_AND_SET))
    counted = "x = 0\ndef add():\n    fetch_and_add(address(x), 1)\n"
    both = "def main():\n    spawn(add)\n    spawn(add)\n    thread_exit()"
    assert explore(Program("adds", counted + both)).races == ()


def test_lists_of_the_engine_name_what_exists():
    """What the engine takes is listed by its name, and each name is one of the language."""
    assert not compiling.TAKEN - set(INSTRUCTIONS)
    assert not image.CALLS - set(SYSTEM_CALLS)
    assert set(HANDLERS) == image.QUIET | image.LOUD


def test_limit_is_the_same():
    """A limit of states stops the engine there, and what was found is not called complete."""
    quick = quickly(plan_of(programs.counter(3)), 50)
    assert not quick.complete
    assert (quick.states, quick.left > 0) == (50, True)


def test_a_witness_that_ends_in_another_way_is_looked_for_by_the_computer(monkeypatch):
    """Where the machine contradicts the engine it is warned, and the computer's run is shown."""
    outcomes = explore(programs.counter(1))
    lost = next(o for o in outcomes.outcomes if o.globals[2]["count"] == 1)
    right = outcomes.witness(lost)
    monkeypatch.setattr("kit.explore.outcomes.steps_of_way", lambda *_, **__: [])
    with pytest.warns(RuntimeWarning, match="has promised a run that ends in another way"):
        shown = outcomes.witness(lost)
    assert shown.at(shown.end).processes[2].globals["count"] == 1
    assert right.end <= shown.end + 1


def test_rules_are_learned_once_per_word(monkeypatch):
    """The search starts again for words that turn out to be shared, and not for each state."""
    passes = []
    run = searching._Search.run
    monkeypatch.setattr(searching._Search, "run", lambda self: passes.append(1) or run(self))
    quickly(plan_of(programs.counter(2)))
    assert len(passes) == 2
