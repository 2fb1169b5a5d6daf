"""The exercise as Python sees it, without any page: checks of real programs on every schedule."""

import asyncio
import json
from pathlib import Path

import pytest
from ipywidgets.widgets.widget import _instances

from kit import ArgumentError, Machine, Program
from kit.answering import notebook as answering
from kit.explore import Spec
from kit.widgets import Exercise, Timeline
from tests.unit.widgets.running import until, workers

RACY = """
count = 0
def worker():
    global count
    for i in range(2):
        count += 1
def main():
    a = spawn(worker)
    worker()
    join(a)
    print("count", count)
"""
RIGHT = RACY.replace("count = 0", "count = 0\nlock = Lock()").replace(
    "        count += 1", "        with lock:\n            count += 1"
)
DEADLOCK = """
a = Lock()
b = Lock()
def other():
    with a:
        with b:
            pass
def main():
    t = spawn(other)
    with b:
        with a:
            pass
    join(t)
    print("count", 4)
"""
ENDLESS = "def main():\n    while True:\n        pass\n"
MISTAKE = "def main():\n    x = lambda: 1\n"
MANY = """
x = 0
def worker():
    global x
    while True:
        x += 1
def main():
    spawn(worker)
    worker()
"""
SPEC = Spec(output="count 4")
HINTS = ("Who stores last?", "Use a lock.")


def exercise(**changed) -> Exercise:
    """An exercise about a lost update."""
    given = {"spec": SPEC, "hints": HINTS, "solution": RIGHT, "task": "Let it print count 4."}
    return Exercise(Program("mine", RACY), view=Timeline, **(given | changed))


@pytest.fixture(autouse=True)
def no_answers(monkeypatch):
    """Nothing has been answered before."""
    monkeypatch.setattr(answering, "_stores", [])


@pytest.fixture
def one():
    """The usual one."""
    made = exercise()
    yield made
    made.close()


def press(exercise: Exercise, deed: str, text: str) -> None:
    """Write a text and press a button below it, as a page tells Python."""
    exercise.area._take_message(exercise.area, {"do": deed, "text": text}, [])


def ask(exercise: Exercise, **message) -> None:
    """Press a button below the verdict."""
    exercise.sheet._take_message(exercise.sheet, message, [])


def test_nothing_runs_before_it_is_asked_for(one):
    """There is no stage and no verdict, so that a page with many exercises opens fast."""
    assert one.stage is one.trace is one.first is None
    assert (one.passed, one.tries, one.verdict, one.score()) == (False, 0, "", 0.0)
    assert one.sheet.state == one.status.text == ""
    assert one.compare.layout.display == "none"
    assert repr(one) == "<Exercise 'mine': not checked>"


def test_a_right_program_passes(one):
    """The verdict says on how many schedules; what is tried afterwards takes nothing away."""
    press(one, "check", RIGHT)
    assert one.passed
    assert one.sheet.state == "passed"
    assert one.verdict.startswith("Right on every schedule (")
    assert one.sheet.findings == []
    press(one, "check", RACY)
    assert (one.passed, one.tries, one.score()) == (True, 2, 1.0)
    assert one.sheet.state == "failed"
    assert one.record()["text"] == RIGHT, "what counts is what passed"


def test_a_race_is_told_and_shown(one):
    """Each thing that is wrong has a sentence and a run, which plays when it is asked for."""
    press(one, "check", RACY)
    texts = [finding["text"] for finding in one.sheet.findings]
    assert one.sheet.verdict == "Not right yet:"
    assert "it prints 'count 3\\n', and 'count 4' is meant" in texts[0]
    assert texts[1].startswith("A race on count: ")
    assert all(finding["shows"] for finding in one.sheet.findings)
    ask(one, do="show", place=0)
    assert one.trace.output(2) == "count 3\n"
    assert one.stage.player.trace is one.trace
    assert (one.stage.player.tick, one.stage.player.playing) == (0, True)
    assert one.status.text == "The picture shows a run that is not right."
    assert one.compare.layout.display == "none", "it is no run of the edited program"


@pytest.mark.parametrize(
    ("text", "told", "shows"),
    [
        (DEADLOCK, "threads wait forever (T1 for lock, T2 for lock)", True),
        (ENDLESS, "it never ends", True),
        (MANY, "more states than can be looked at here: 500 were looked at", False),
    ],
)
def test_what_does_not_end_is_told(text, told, shows):
    """Deadlocks, loops and programs with too many states have a sentence each."""
    with_limit = exercise(limit=500)
    press(with_limit, "check", text)
    found = next(f for f in with_limit.sheet.findings if told in f["text"])
    assert found["shows"] is shows
    assert not with_limit.passed
    with_limit.close()


def test_a_mistake_is_marked_at_its_line(one):
    """What cannot be compiled is marked as by Run, and told below."""
    press(one, "check", MISTAKE)
    assert [(error["line"], error["column"]) for error in one.area.errors] == [(2, 9)]
    assert one.sheet.verdict == "Not checked: there is a mistake in line 2."
    assert one.judge(MISTAKE).messages[0].startswith("mine.py:2:9: 'lambda' is not")
    press(one, "check", RIGHT)
    assert one.area.errors == []


def test_running_shows_the_program_beside_the_starter(one):
    """The first run also runs the starter, so that both can be compared."""
    press(one, "run", RIGHT)
    assert one.status.text == "The picture shows the edited program."
    assert one.first.programs[0].text == RACY
    assert one.compare.layout.display is None
    one.compare.value = True
    assert (one.comparison.a, one.comparison.b) == (one.first, one.trace)
    press(one, "run", RACY)
    assert one.status.text == "The picture shows the program as given."
    assert one.tries == 0


def test_hints_are_counted(one):
    """The page shows them; Python knows how many, and not more than there are."""
    one.sheet.set_state({"hints_shown": 1})
    assert one.hints_shown == 1
    one.sheet.set_state({"hints_shown": 7})
    assert one.hints_shown == 2


def test_the_solution_waits_for_tries(one):
    """It is not in the page before two checks have failed, and can be put into the editor."""
    ask(one, do="solution")
    assert (one.sheet.access, one.sheet.solution) == ("locked", "")
    assert one.sheet.locked == "after 2 checks that do not pass"
    press(one, "check", RACY)
    assert one.sheet.locked == "after 1 more check that does not pass"
    press(one, "check", RACY)
    assert one.sheet.access == "open"
    ask(one, do="use")
    assert one.text == RACY, "who has not seen it cannot put it in"
    ask(one, do="solution")
    assert one.sheet.solution == one.solution == RIGHT.lstrip("\n")
    ask(one, do="use")
    assert one.text == one.solution


def test_who_has_passed_may_see_the_solution(one):
    """Another way to do it is worth reading."""
    press(one, "check", RIGHT)
    assert one.sheet.access == "open"


def test_a_solution_can_stand_in_a_file(tmp_path, monkeypatch):
    """Its path is relative to the notebook's folder; without the file there is no solution."""
    monkeypatch.chdir(tmp_path)
    Path("solutions").mkdir()
    Path("solutions/mine.txt").write_text(RIGHT, encoding="utf-8")
    assert exercise(solution="solutions/mine.txt").solution == RIGHT
    assert exercise(solution=Path("solutions/mine.txt")).solution == RIGHT
    without = exercise(solution="solutions/other.txt")
    assert (without.solution, without.sheet.access) == (None, "none")
    assert without.validate() == ["there is no solution"]


def test_also_looks_at_a_run():
    """What a teacher's own function says is told with that run; alone it is enough."""

    def validator(trace):
        return "" if len(trace.history.processes) == 2 else "there has to be a child"

    made = exercise(spec=None, validator=validator, solution="def main():\n    fork()\n")
    press(made, "check", RACY)
    assert made.sheet.findings == [{"text": "There has to be a child.", "shows": True}]
    assert made.judge(made.solution).text == "Right."
    assert made.judge(ENDLESS).findings[0].show() is not None
    both = exercise(validator=validator)
    assert [one for one in both.judge(RACY).messages if "child" in one]
    assert both.judge(RIGHT).messages == ("There has to be a child.",)


def test_what_fails_in_also_is_told():
    """A mistake of the teacher's is no traceback for students, and a problem of the exercise."""
    made = exercise(validator=lambda trace: trace.nothing)
    press(made, "check", RIGHT)
    assert made.verdict.startswith("Not checked: The check itself failed: AttributeError: ")
    assert made.validate()[0].startswith("the check fails on the starter: ")
    odd = exercise(validator=lambda _: False).judge(RIGHT)
    (said,) = odd.messages
    assert said.startswith("Exercise: validator returned False; let it return '' or a sentence")


def test_the_machine_is_the_teachers():
    """Runs are on the machine that was given; one that is none is told."""

    def machine(program):
        made = Machine(cores=2)
        made.launch(program)
        return made

    made = exercise(machine=machine)
    press(made, "run", RIGHT)
    assert made.trace.settings.cores == 2
    assert made.validate() == []
    wrong = exercise(machine=lambda _: None)
    press(wrong, "check", RIGHT)
    assert "Exercise: machine returned nothing; let it end in 'return machine'" in wrong.verdict


def test_a_good_exercise_is_valid():
    """Its starter fails and its solution passes; anything else is told."""
    assert exercise().validate() == []
    assert exercise(solution=None).validate() == ["there is no solution"]
    wrong = exercise(spec=Spec(output="count 5"))
    assert wrong.validate()[0].startswith("the solution does not pass: Not right yet: On ")
    done = Exercise(RIGHT, spec=SPEC, solution=RIGHT, view=Timeline)
    assert done.validate() == ["the starter already passes"]


def test_a_flaw_says_which_part_to_correct(tmp_path, monkeypatch):
    """The file of the solution is named, not a program that there is not, and what to do."""
    monkeypatch.chdir(tmp_path)
    Path("solutions").mkdir()
    file = Path("solutions/mine.txt")
    file.write_text(f"{MISTAKE}\n", encoding="utf-8")
    (flaw,) = exercise(solution=str(file)).flaws()
    assert flaw.text.startswith("the solution in solutions/mine.txt has a mistake in line 2: ")
    assert "program.py" not in flaw.text
    assert flaw.remedy == "correct solutions/mine.txt"
    file.write_text(RACY, encoding="utf-8")
    (flaw,) = exercise(solution=file).flaws()
    assert flaw.text.startswith("the solution in solutions/mine.txt does not pass: Not right yet: ")
    assert flaw.remedy.startswith("correct solutions/mine.txt, or the spec")
    (flaw,) = exercise(solution=f"{MISTAKE}\n").flaws()
    assert flaw.text.startswith("the solution has a mistake in line 2: ")
    (flaw,) = exercise(solution="solutions/none.txt").flaws()
    assert flaw.remedy.startswith("there is no file solutions/none.txt")
    (flaw,) = Exercise(RIGHT, spec=SPEC, solution=RIGHT, view=Timeline).flaws()
    assert flaw.remedy.startswith("leave out of the starter")


def test_a_spec_that_never_holds_is_refused_when_the_exercise_is_made():
    """If neither starter nor solution has the global, nobody needs to explore to see it."""
    with pytest.raises(ArgumentError, match="there is no global 'cuont'; did you mean 'count'"):
        exercise(spec=Spec(globals={"cuont": 4}))
    with pytest.raises(ArgumentError, match="missing a required argument: 'program'"):
        Exercise(spec=SPEC)


def test_what_was_done_can_be_kept_and_restored(one):
    """A record is JSON, tells all that counts, and brings it back without telling anybody."""
    heard = []
    one.on_answer.append(heard.append)
    press(one, "check", RACY)
    one.sheet.hints_shown = 1
    press(one, "check", RIGHT)
    assert heard == [one, one, one]
    record = json.loads(json.dumps(one.record()))
    assert record == {"text": RIGHT, "passed": True, "tries": 2, "hints_shown": 1}
    answering._stores.clear()
    other = exercise()
    assert other.key == one.key
    assert exercise(task="Another.").key != one.key
    told = []
    other.on_answer.append(told.append)
    assert other.restore(record) is True
    assert (other.record(), other.score(), told) == (record, 1.0, [])
    assert other.sheet.access == "open"
    assert other.sheet.hints_shown == 1
    assert other.sheet.verdict == "This has passed a check before."
    damaged = [record | one for one in ({"tries": -1}, {"text": None}, {"passed": 1})]
    for wrong in ({}, None, [1], *damaged):
        fresh = exercise()
        assert fresh.restore(wrong) is False
        assert fresh.tries == 0


def test_texts_are_texts():
    """Nothing of a task is taken for HTML, and an empty line begins a paragraph."""
    made = exercise(task="First <b>,\nmore.\n\nSecond.", hints=["<i>"])
    assert "<p>First &lt;b&gt;,\nmore.</p><p>Second.</p>" in made.children[0].value
    assert made.prompt == "First <b>, more."
    assert (made.kind, made.sheet.hints) == ("exercise", ["<i>"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"spec": None}, "nothing says what is right; give spec=Spec"),
        ({"spec": "count 4"}, "spec is 'count 4'; give Spec"),
        ({"validator": "x"}, "validator is 'x'; give a function"),
        ({"machine": Machine()}, "give a function that takes a program and returns a machine"),
        ({"hints": "x"}, "hints is 'x'; give a list of texts"),
        ({"hints": [1]}, r"hints is \[1\]; give a list"),
        ({"solution": 3}, "solution is 3; give a program text, or the path"),
        ({"task": None}, "task is None; give a text"),
        ({"limit": 0}, "limit is 0; give a whole number"),
        ({"solution_after": -1}, "solution_after is -1"),
        ({"hint": "x"}, "Exercise has no argument 'hint'; did you mean 'hints'"),
    ],
)
def test_what_cannot_be_an_exercise(changed, message):
    """Wrong arguments are refused with what to write instead."""
    with pytest.raises(ArgumentError, match=message):
        exercise(**changed)


def test_beside_the_kernel():
    """In a notebook a check can be cancelled; nothing of it is left when it is closed."""

    async def main():
        before = set(_instances)
        made = exercise(limit=10**6)
        press(made, "check", MANY)
        assert made.running
        made.cancel()
        assert (made.status.state, made.tries, made.verdict) == ("cancelled", 0, "")
        press(made, "check", RIGHT)
        await until(lambda: not made.running)
        assert made.passed
        press(made, "check", MANY)
        made.close()
        await until(lambda: not workers())
        assert set(_instances) == before

    asyncio.run(main())
