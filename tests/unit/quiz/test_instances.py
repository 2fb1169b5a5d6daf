"""Other instances of a question: the same kind and idea, and nothing that is asked already."""

import pytest

from kit.quiz import ask, question, suggest_questions
from kit.quiz.instances import MOST, other_instances, shown_instance
from kit.quiz.question import without_picture
from kit.quiz.suggestions import alike
from kit.scenarios import SCENARIOS, lost_update, three_jobs
from kit.sim.schedulers import FIFO


@pytest.mark.parametrize("name", ["lost_update", "three_jobs", "deadlock", "fork_copies_on_write"])
def test_an_instance_is_of_the_same_kind_and_idea(name: str):
    """Each asks what the question does not, with an answer that one of its ideas leads astray."""
    trace = SCENARIOS[name]()
    found = 0
    for one in suggest_questions(trace, most=2):
        others = other_instances(trace, one.question, one.details)
        found += len(others)
        assert len(others) <= MOST
        assert len({alike(one.question), *map(alike, others)}) == 1 + len(others)
        ideas = {choice.misconception for choice in one.question.choices} - {""}
        for other in others:
            assert (other.kind, other.form) == (one.kind, without_picture(one.question).form)
            assert not ideas or ideas & {choice.misconception for choice in other.choices}
    assert found > 3


def test_players_stop_at_an_instance_whose_moment_was_not_explained():
    """One that comes later holds the run; one that has been seen, or of another run, does not."""
    trace = lost_update()
    details = {"name": "count", "at": 68}
    asked = ask(trace, "value_read", **details)
    later, earlier = other_instances(trace, asked, details)
    assert later.at == 83 >= asked.tick
    assert "At tick 48" in earlier.prompt
    assert earlier.at is None


def test_a_question_about_a_whole_run_is_asked_of_another_quantum():
    """It says which quantum; the answer is computed from that run, and another one."""
    trace = lost_update()
    asked = ask(trace, "final_value", name="count")
    others = other_instances(trace, asked, {"name": "count"})
    assert [one.prompt.partition(". ")[0] for one in others] == [
        "Now the quantum is 6, not 5",
        "Now the quantum is 4, not 5",
    ]
    for one, quantum in zip(others, (6, 4), strict=True):
        right = ask(lost_update(quantum=quantum), "final_value", name="count")
        assert one.choices[one.answer].text == right.choices[right.answer].text
        assert one.choices[one.answer].text != asked.choices[asked.answer].text
        assert one.run == lost_update(quantum=quantum).digest != asked.run


def test_what_is_asked_elsewhere_is_no_instance():
    """The answer to another question of a notebook is not given away by an explanation."""
    trace = lost_update()
    details = {"name": "count", "at": 48}
    asked, other = (ask(trace, "value_read", name="count", at=at) for at in (48, 68))
    assert [one.at for one in other_instances(trace, asked, details)] == [68, 83]
    left = other_instances(trace, asked, details, [other])
    assert [one.prompt[:10] for one in left] == ["At tick 83", "At tick 28"]


def test_there_may_be_no_other_instance():
    """A run without a quantum has none for what is asked of it as a whole."""
    trace = three_jobs(policy="fifo")
    assert isinstance(trace.record.recipe.setup.scheduler, FIFO)
    asked = ask(trace, "how_many", of="context switches")
    assert other_instances(trace, asked, {"of": "context switches"}) == ()


def test_the_next_instance_is_asked_after_two_wrong_answers():
    """The last one stays."""
    assert [shown_instance(wrong, 2) for wrong in range(7)] == [0, 0, 1, 1, 2, 2, 2]
    assert shown_instance(5, 0) == 0
    assert question("?", "a", "", [("b", "")], 0).kind == "own"
