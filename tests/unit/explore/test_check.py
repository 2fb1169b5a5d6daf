import pytest

from kit import ArgumentError, Machine, Program
from kit.cancellation import after
from kit.explore import Spec, check_program
from kit.scenarios import counter_with_lock, deadlock
from tests.unit.explore import programs


def kinds(program, **spec):
    """The kinds of breach of a specification."""
    return [breach.kind for breach in check_program(program, Spec(**spec)).breaches]


def test_right_program_passes():
    """A program that is right on every schedule passes, and says how many were covered."""
    verdict = check_program(
        programs.counter(2, programs.LOCKED),
        Spec(globals={"count": 4}, exit_code=0, invariant="0 <= count <= 4"),
    )
    assert verdict
    assert verdict.passed
    assert str(verdict).startswith("Right on every schedule. All schedules were covered")


def test_every_breach_has_a_run_that_shows_it():
    """A lost update is told with its number of schedules, and a run in which it happens."""
    verdict = check_program(programs.counter(2), Spec(globals={"count": 4}))
    assert not verdict
    values, race = verdict.breaches
    assert values.kind == "globals"
    assert "and 4 is meant" in values.message
    trace = values.witness()
    assert trace.at(trace.end).processes[2].globals["count"] < 4
    assert race.kind == "race"
    assert "count" in race.message
    assert race.witness().end > 0


def test_output_is_compared_without_the_last_line_end():
    """What a program prints is compared, whether or not the last line end is given."""
    assert kinds(counter_with_lock, output="count 6") == []
    assert kinds(counter_with_lock, output="count 6\n") == []
    assert kinds(counter_with_lock, output="count 7") == ["output"]


def test_deadlock_is_found_and_can_be_allowed():
    """Threads that wait for ever are a breach, unless that is allowed."""
    assert kinds(deadlock, output="moved 2") == ["deadlock", "output"]
    assert kinds(deadlock, deadlock=True) == []


def test_fault_and_exit_code():
    """A fault on some schedule is a breach, and so is another exit code."""
    divide = Program("divide", "x = 0\ndef main():\n    print(1 // x)")
    assert kinds(divide, exit_code=0) == ["fault", "exit code"]


def test_endless_run():
    """A program that never ends is a breach, unless that is allowed."""
    spin = Program("spin", "x = 0\ndef main():\n    while x == 0:\n        pass")
    assert kinds(spin, output="never") == ["endless"]
    assert kinds(spin, endless=True) == []


@pytest.mark.slow
def test_invariant_breaks_in_the_middle():
    """An invariant is looked at between all steps, not only at the end."""
    verdict = check_program(programs.TEST_THEN_SET, Spec(races=True, invariant="inside <= 1"))
    assert [breach.kind for breach in verdict.breaches] == ["invariant"]
    trace = verdict.breaches[0].witness()
    assert trace.at(trace.end).processes[2].globals["inside"] == 2
    assert kinds(programs.TEST_AND_SET, races=True, invariant="inside <= 1") == []


def test_races_are_allowed_by_name():
    """A race on a global that may race is no breach; one on another global still is."""
    assert kinds(programs.PETERSON, may_race=["flag", "turn"]) == []
    assert kinds(programs.TEST_AND_SET, may_race=["held"]) == []
    (breach,) = check_program(programs.PETERSON, Spec(may_race=["turn"])).breaches
    assert breach.kind == "race"
    assert "turn" not in breach.message


def test_a_race_is_told_for_each_global():
    """Every pair of accesses is told with its lines, those to one word together."""
    (breach,) = check_program(programs.PETERSON, Spec()).breaches
    assert breach.message.split("; ") == [
        (
            "a race on flag[0]: T2 writes it at line 9, T3 reads it at line 11, "
            "or T3 reads it at line 11, T2 writes it at line 15"
        ),
        (
            "a race on flag[1]: T3 writes it at line 9, T2 reads it at line 11, "
            "or T2 reads it at line 11, T3 writes it at line 15"
        ),
        (
            "a race on turn: T2 and T3 both write it at line 10, "
            "or T2 writes it at line 10, T3 reads it at line 11"
        ),
    ]
    assert breach.witness().end > 0


def test_races_on_the_elements_of_an_array_are_told_together():
    """Elements that are used in the same way share a sentence; lines of one thread a list."""
    text = """
log = [0] * 5
done = 0
def worker():
    for k in range(5):
        log[k] = 1
def main():
    global done
    a = spawn(worker)
    for k in range(5):
        print(log[k])
        print(log[k])
    join(a)
"""
    (breach,) = check_program(Program("log", text), Spec()).breaches
    assert breach.message == (
        "a race on log[0] to log[4]: T2 writes it at line 6, T1 reads it at lines 11 or 12"
    )


def test_a_thread_is_named_with_its_process_where_there_are_several():
    """Of one process "T1" is enough; of two each thread, fault and race says whose it is."""
    text = """
x = 0
def worker():
    global x
    x = 1
def main():
    global x
    a = spawn(worker)
    x = 2
    join(a)
    print(1 // (x - x))
"""
    alone = check_program(Program("one", text), Spec())
    assert "pid" not in str(alone)
    machine = Machine()
    machine.launch(Program("one", text))
    machine.launch(Program("two", "def main():\n    pass"))
    fault, race = check_program(machine, Spec()).breaches
    assert "a fault: divide by zero in pid 2" in fault.message
    assert "T1 of pid 2 writes it at line 9" in race.message


def test_at_the_limit_nothing_is_decided():
    """Where a limit was reached and nothing wrong found, it is told what was covered."""
    verdict = check_program(programs.counter(3, programs.LOCKED), Spec(), limit=20)
    assert [breach.kind for breach in verdict.breaches] == ["limit"]
    assert (verdict.passed, verdict.decided) == (False, False)
    assert verdict.breaches[0].witness() is None
    assert str(verdict).startswith("Not decided. Not all schedules were covered: 20 states")
    assert "limit=" in str(verdict)
    assert "%" not in str(verdict.outcomes)


def test_what_is_wrong_is_decided_before_the_limit():
    """A breach that was found is one, whatever the limit; on how many schedules is not known."""
    verdict = check_program(programs.counter(2), Spec(globals={"count": 5}), limit=40)
    assert verdict.decided
    assert str(verdict).startswith("Not right on every schedule:\n- on some schedules: count ends")


def test_a_check_can_be_stopped_and_watched():
    """A function says when to end, as after some seconds; another is told how far it came."""
    told = []
    verdict = check_program(
        programs.counter(3, programs.LOCKED),
        Spec(),
        progress=lambda *seen: told.append(seen[0]),
        stop=lambda: len(told) >= 30,
    )
    assert told == [*range(1, 31)]
    assert not verdict.decided
    assert "when it was stopped" in str(verdict)
    late = check_program(programs.computed(programs.counter(2)), Spec(), stop=after(0))
    assert (late.outcomes.states, late.decided) == (0, False)
    assert check_program(programs.counter(1, programs.LOCKED), Spec(), stop=after(600))
    with pytest.raises(ArgumentError, match="stop is 5; give a function"):
        check_program(programs.counter(1), Spec(), stop=5)


def test_what_holds_at_the_end_of_every_run():
    """At the end, and only there, the globals are as they are meant, with their values if not."""
    assert kinds(programs.counter(2), races=True, finally_="2 <= count <= 4") == []
    verdict = check_program(programs.counter(2), Spec(races=True, finally_="3 <= count <= 4"))
    (breach,) = verdict.breaches
    assert breach.kind == "finally"
    assert "it ends with count = 2, and '3 <= count <= 4' is meant" in breach.message
    assert breach.witness().at(breach.witness().end).processes[2].globals["count"] == 2
    assert kinds(programs.TEST_AND_SET, races=True, finally_="inside == 0") == []


def test_one_of_several_outputs_is_meant():
    """What is printed may be one of several texts, and nothing else."""
    program = Program("told", programs.counter(2).text + "    print(count)\n")
    assert kinds(program, races=True, outputs={"2", "3\n", "4"}) == []
    verdict = check_program(program, Spec(races=True, outputs=["4", "3"]))
    assert [breach.kind for breach in verdict.breaches] == ["output"]
    assert "it prints '2\\n', and '3' or '4' is meant" in str(verdict)


@pytest.mark.parametrize(
    ("invariant", "says"),
    [
        ("cuont <= 4", "did you mean 'count'"),
        ("count <=", "this is no expression"),
        ("__import__('os')", "is not possible here"),
        ("count.real", "is not possible here"),
        ("count is 4", "is not possible here"),
        ("4 // count > 0", "cannot be computed"),
        ("count[0] == 1", "cannot be computed"),
        ("all(x for x, y in [1])", "go through one name"),
        ("sum(x for x in log)", "no global 'log'"),
        ("max(x for x in count)", "cannot be computed"),
        ("len(range(10 ** 9)) > 0", "is not possible here"),
        ("len(range(999999999)) > 0", "10,000 is the most"),
        ("any(exit for x in [1])", "no global 'exit'"),
    ],
)
def test_wrong_invariant_is_explained(invariant: str, says: str):
    """An invariant that is none is one sentence, and never runs as Python."""
    with pytest.raises(ArgumentError, match=says):
        check_program(programs.counter(1), Spec(invariant=invariant))


@pytest.mark.parametrize(
    ("invariant", "holds"),
    [
        ("not (count > 2) and count >= 0", True),
        ("count == 0 or count * 2 % 2 == 0", True),
        ("max(count, 1) - 1 <= 1 < 2 <= 2", True),
        ("-count <= 0 and abs(count) < 3", True),
        ("all(0 <= x <= 2 for x in [count, 1, 2])", True),
        ("sum(x * y for x in range(3) if x for y in (1, count - count)) == 3", True),
        ("len([count for count in range(4)]) == 4", True),
        ("not any(count == x for x in range(2, 4))", False),
        ("count != 2", False),
    ],
)
def test_invariants_are_expressions_of_python(invariant: str, holds: bool):
    """Numbers, signs, comparisons in chains and functions mean what they mean in Python."""
    found = kinds(programs.counter(1), races=True, invariant=invariant)
    assert found == ([] if holds else ["invariant"])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: check_program(programs.PETERSON, "x"), "give Spec"),
        (lambda: Spec(output=3), "give a text"),
        (lambda: Spec(globals="count"), "give names with values"),
        (lambda: Spec(ouptut="x"), "did you mean 'output'"),
        (lambda: Spec(outputs="x"), "outputs is 'x'; give the texts that may be printed"),
        (lambda: Spec(outputs=[1]), r"outputs is \[1\]; give the texts"),
        (lambda: Spec(outputs=[]), r"outputs is \[\]; give the texts"),
        (lambda: Spec(output="1", outputs=["1"]), "give output or outputs, not both"),
        (lambda: Spec(finally_=3), "finally_ is 3; give a text"),
        (lambda: Spec(finally_="count <"), "finally_ 'count <': this is no expression"),
        (lambda: check_program(programs.PETERSON, Spec(globals={"trun": 1})), "mean 'turn'"),
        (lambda: Spec(globals={"x": "1"}), "globals gives '1' for 'x'; give a whole number"),
        (lambda: Spec(globals={"x": 1.0}), "globals gives 1.0 for 'x'"),
        (lambda: Spec(globals={"x": ["1"]}), r"globals gives \['1'\] for 'x'"),
        (lambda: Spec(globals={3: 1}), "globals names 3; give the name of a global"),
        (lambda: Spec(may_race="flag"), r"may_race is 'flag'; give the names of globals"),
        (lambda: Spec(may_race=[3]), r"may_race is \[3\]; give the names of globals"),
        (lambda: check_program(programs.PETERSON, Spec(may_race=["falg"])), "mean 'flag'"),
        (
            lambda: check_program(programs.counter(1), Spec(invariant="lock == 0")),
            "'lock' is a Lock, and only numbers",
        ),
        (lambda: Spec(exit_code="0"), "exit_code is '0'; give a whole number"),
        (lambda: Spec(races="no"), "races is 'no'; give True or False"),
        (lambda: Spec(deadlock=1), "deadlock is 1; give True or False"),
        (lambda: Spec(invariant=3), "invariant is 3; give a text"),
        (lambda: Spec(invariant="count <"), "this is no expression"),
    ],
)
def test_wrong_specification_is_explained(make, says):
    """A specification that does not fit is one sentence."""
    with pytest.raises(ArgumentError, match=says):
        make()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    sleep(9223372036854775807)\n", "stopped at tick"),
        ("    io(9223372036854775807)\n    print(2)\n", "stopped at tick"),
        (f"    while True:\n        print('{'x' * 30_000}')\n", "printed more than"),
    ],
)
def test_a_run_that_a_limit_stops_is_not_right(body: str, told: str):
    """Nobody knows what it would come to: it does not pass, unless runs without end may be."""
    program = Program("stopped", f"def main():\n{body}")
    verdict = check_program(program, Spec(output="1", exit_code=0))
    (breach,) = verdict.breaches
    assert (verdict.passed, breach.kind) == (False, "stopped")
    assert told in breach.message
    assert kinds(program, output="1", endless=True) == []
    assert breach.witness().end >= 0


ENDLESS = Program(
    "spin", "count = 0\ntable = [0] * 3\ndef main():\n    while count == 0:\n        pass"
)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (Spec(globals={"cuont": 1}), "there is no global 'cuont'; did you mean 'count'"),
        (Spec(invariant="cuont == 0"), "there is no global 'cuont'; did you mean 'count'"),
        (Spec(finally_="cuont == 0"), "there is no global 'cuont'; did you mean 'count'"),
        (Spec(globals={"table": 0}), "gives 0 for 'table', which is an array of 3; give 3 values"),
        (Spec(globals={"table": [0, 0]}), "which is an array of 3; give 3 values"),
        (Spec(globals={"count": [0]}), "which is an integer; give one value"),
    ],
)
def test_what_never_holds_is_told_before_anything_is_explored(spec: Spec, told: str, monkeypatch):
    """A name that no program has, and a value of another shape, are mistakes of the teacher."""
    monkeypatch.setattr("kit.explore.check.explore", lambda *_, **__: pytest.fail("explored"))
    with pytest.raises(ArgumentError, match=told):
        check_program(ENDLESS, spec)


def test_a_fault_is_told_before_the_globals():
    """Its kind comes first, and of a long array only how it begins."""
    text = "table = [7] * 40\nx = 0\ndef main():\n    print(1 // x)"
    (breach,) = check_program(Program("divide", text), Spec()).breaches
    begins = "on 1 schedule: a fault: divide by zero "
    assert breach.message == f"{begins}(table = (7, 7, 7, 7, … 40 values), x = 0)"
