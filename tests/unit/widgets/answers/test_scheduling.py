"""Being the scheduler: choices, what can still be reached, and the answer that is kept."""

import pytest

from kit import Program
from kit.errors import ArgumentError
from kit.scenarios import deadlock, lost_update
from kit.widgets import Scheduling
from tests.unit.explore.test_walk import STUCK


def is_deadlock(outcome):
    """The goal of most of these."""
    return outcome.deadlock


@pytest.fixture
def shown():
    """Two threads that take two locks in opposite order."""
    return Scheduling(deadlock, goal=is_deadlock, task="Reach the deadlock.")


def press(shown, *places):
    """Press buttons of threads, by their places."""
    for place in places:
        shown._buttons[place].click()


def test_each_button_says_what_its_thread_does_next(shown):
    """One that stands for nobody is not there."""
    assert [button.description for button in shown._buttons] == [
        "T2 calls acquire on first (line 8)",
        "T3 calls acquire on second (line 15)",
    ]
    press(shown, 0, 1, 0)
    assert shown._buttons[0].description == "The run has ended"
    assert [button.disabled for button in shown._buttons] == [True, True]
    assert shown._buttons[1].layout.display == "none"


def test_the_goal_is_reached_by_choosing(shown):
    """The picture shows the run so far; the verdict names the shortest way."""
    assert shown.verdict == "The goal can still be reached. You have made 0 choices."
    press(shown, 0, 1)
    assert shown.player.tick == shown.stage.trace.end
    assert (shown.passed, shown.tries) == (False, 0)
    press(shown, 0)
    assert shown.verdict == (
        "Reached after 3 choices: moved = 0, deadlock. The shortest way takes 3 choices."
    )
    assert (shown.passed, shown.tries, shown.text) == (True, 1, "T2 T3 T2")
    assert shown._status.state == "done"
    assert shown.score() == 1.0


def test_it_says_when_the_goal_cannot_be_reached_any_more(shown):
    """Undo brings it back; redo takes it away again."""
    press(shown, 0, 0)
    assert shown.verdict.startswith("The goal can no longer be reached.")
    assert shown._status.state == "failed"
    assert "deadlock</b> (goal): no longer" in shown._outcomes.value
    shown._undo.click()
    assert shown.verdict.startswith("The goal can still be reached.")
    shown._redo.click()
    assert shown.verdict.startswith("The goal can no longer be reached.")
    shown._anew.click()
    assert (shown.text, shown._undo.disabled, shown._redo.disabled) == ("", True, False)


def test_the_shortest_way_is_shown_beside_the_own_run(shown):
    """Only once that has ended, so that it gives nothing away."""
    assert shown._compare.disabled
    shown.show_shortest()
    assert shown.comparison is None
    while shown.walk.choices:
        press(shown, 0)
    assert not shown._compare.disabled
    shown._compare.click()
    assert shown.comparison.b.digest == shown.walk.explored.witness(is_deadlock).digest
    shown._undo.click()
    assert shown.comparison is None


def test_the_answer_is_kept_and_judged_anew(shown):
    """A record that is changed or damaged changes nothing, and cannot say that it passed."""
    press(shown, 0, 1, 0)
    record = shown.record()
    shown._undo.click()
    assert shown.record() == record
    other = Scheduling(deadlock, goal=is_deadlock, task="Reach the deadlock.")
    assert other.key == shown.key
    assert other.restore(record)
    assert (other.passed, other.text, other.tries) == (True, "T2 T3 T2", 1)
    assert other.judge(record["text"]).passed
    assert not other.judge("T2 T2").passed
    assert not other.judge("T9").passed
    assert not other.restore({**record, "text": "T9"})
    assert not other.restore({**record, "tries": "many"})
    assert other.restore({**record, "text": "T2 T2"})
    assert not other.passed


def test_a_text_is_a_goal_and_its_own_task():
    """The output of the program is meant."""
    shown = Scheduling(lost_update, goal="count 2")
    assert shown.prompt == "Make it print 'count 2'."
    shown.text = "T2 T3"
    assert shown.text == "T2 T3"
    again = Scheduling(shown.walk.explored, goal="count 2")
    assert (again.key, again.walk.explored) == (shown.key, shown.walk.explored)
    with pytest.raises(ArgumentError, match="no schedule prints 'count 9'"):
        Scheduling(lost_update, goal="count 9")


def test_mistakes_are_explained():
    """Where there is nothing to choose, or too much to look at, it says so."""
    one = Program("one", "def main():\n    print(1)\n")
    with pytest.raises(ArgumentError, match="every schedule reaches the goal"):
        Scheduling(one, goal="1")
    with pytest.raises(ArgumentError, match="goal is 3; give the text"):
        Scheduling(one, goal=3)
    with pytest.raises(ArgumentError, match="not all schedules were looked at"):
        Scheduling(lost_update, goal="count 2", limit=10)


def test_texts_of_users_are_escaped():
    """An output with HTML in it is shown as it is."""
    text = (
        'x = 0\ndef a():\n    global x\n    x = 1\n    print("<b>")\ndef main():\n'
        '    t = spawn(a)\n    if x:\n        print("<i>")\n    join(t)\n'
    )
    shown = Scheduling(Program("tags", text), goal="<b>", task="<u>Do</u> it.")
    assert "<b>prints &#x27;&lt;b&gt;" in shown._outcomes.value
    assert "&lt;u&gt;Do&lt;/u&gt; it." in shown.children[0].value


def test_outcomes_that_print_the_same_are_told_apart():
    """In the list, in the verdict and in what is graded."""
    text = "x = 0\ndef worker():\n    global x\n    x = choose(2)\ndef main():\n"
    program = Program("alike", f"{text}    t = spawn(worker)\n    print(x)\n    join(t)\n")
    shown = Scheduling(program, goal=lambda outcome: outcome.globals[2]["x"] == 1, task="One.")
    rows = shown._outcomes.value.split("<li>")[1:]
    assert len({row.partition(":")[0] for row in rows}) == len(rows)
    shown.text = "T2=0 T1 T2"
    assert "Not the goal: prints '0' with x = 0." in shown.verdict
    assert shown.judge("T2=0 T1 T2").summary == "Not the goal: prints '0' with x = 0."


def test_a_goal_that_fails_at_some_outcome_is_explained():
    """One that never ends has no globals; the message names it."""
    with pytest.raises(ArgumentError, match="KeyError: 2, at the outcome “never ends”"):
        Scheduling(Program("stuck", STUCK), goal=lambda outcome: outcome.globals[2]["go"] == 1)


def test_to_go_round_for_ever_is_a_goal_that_is_reached():
    """As soon as no way leads to an end any more."""
    shown = Scheduling(Program("stuck", STUCK), goal=lambda outcome: outcome.endless, task="Spin.")
    while shown.walk.choices:
        press(shown, 0)
    assert shown.passed
    assert shown.verdict.startswith("Reached after")
    assert shown.judge(shown.text).passed


def test_a_page_keeps_that_the_goal_was_reached(shown, monkeypatch):
    """A part of it names its key to the page; what wakes Python there shows the beginning."""
    boxes = [part for part in shown.children if hasattr(part, "_without_kernel")]
    assert [box._without_kernel.get("exercise") for box in boxes].count(shown.key) == 1
    press(shown, 0, 1, 0)
    monkeypatch.setattr("kit.widgets.answers.scheduling.IN_PAGE", True)
    again = Scheduling(deadlock, goal=is_deadlock, task="Reach the deadlock.")
    assert again.restore(shown.record())
    assert (again.passed, again.tries, again.given, again.text) == (True, 1, "T2 T3 T2", "")
    press(again, 0)
    assert again.text == "T2"
