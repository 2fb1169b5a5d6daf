"""What a hostile reader of the questions found."""

import pytest

from kit import ArgumentError, Costs, KiB, Machine, Program, Trace
from kit.explore import explore
from kit.quiz import (
    KINDS,
    MISCONCEPTIONS,
    Choice,
    Idea,
    Misconception,
    Question,
    ask,
    question,
    suggest_questions,
)
from kit.scenarios import counter_with_lock, lost_update
from kit.sim.interventions import Kill
from kit.trace.narration.brief import happenings
from tests.asking import choice, right

HALVES = """
x = 1
far = [0] * 20
def used(n):
    far[n] = n
    return n
def main():
    global x
    child = fork()
    if child == 0:
        x = used(3)
        exit(0)
    x = 2
    wait()
"""

SPACES = """
x = 0
def worker(n):
    global x
    for i in range(n):
        x += 1
def main():
    a = spawn(worker, 2)
    b = spawn(worker, 2)
    join(a)
    join(b)
    print("x   =", x)
"""

SLOW_DISK = """
x = 1
def main():
    print(x)
"""

SHELL = """
def main():
    if fork() == 0:
        exec("other")
    wait()
"""


def run(text: str, **settings: object) -> Trace:
    """Return the run of one program."""
    machine = Machine(**settings)
    machine.launch(Program("own", text))
    return machine.run()


def test_none_of_these_does_not_deny_what_is_half_shared():
    """Where a part is in the same frames only here and there, nobody says that no frame is."""
    trace = run(HALVES, demand=True, page_size=64)
    found = 0
    for tick in range(trace.history.processes[3].launched, trace.history.processes[3].exit[0]):
        tables = [set(trace.at(tick).processes[pid].page_table.values()) for pid in (2, 3)]
        question = ask(trace, "shared", at=tick, one=2, other=3)
        none = choice(question, "none of these")
        if none.correct and tables[0] & tables[1]:
            found += 1
            assert "no frame in common" not in none.feedback + question.why
    assert found


def test_lines_that_differ_in_spaces_are_one_choice():
    """A page shows two spaces as one, so that both would read the same."""
    trace = run(SPACES)
    for at in range(0, trace.end - 5, 3):
        question = ask(trace, "value_printed", at=at)
        texts = [" ".join(one.text.split()) for one in question.choices]
        assert len(set(texts)) == len(texts)


def test_a_page_that_never_comes_is_not_asked_for():
    """The process is killed while the disk still works for it."""
    trace = run(SLOW_DISK, demand=True, page_size=64, costs=Costs(load_page=9))
    fault = next(event for event in trace.events if event.kind == "page_fault")
    killed = trace.branch(fault.tick + 2, Kill(2))
    assert right(ask(trace, "faults", at=fault.tick - 1))[0].startswith("A page fault")
    with pytest.raises(ArgumentError, match="before the page has come"):
        ask(killed, "faults", at=fault.tick - 1)


def test_an_exec_elsewhere_hides_no_end():
    """One process ends at the very tick at which another one goes over to a program."""
    machine = Machine(ram=64 * KiB)
    machine.install(Program("other", SLOW_DISK))
    machine.launch(Program("shell", SHELL))
    trace = machine.run()
    tick = next(event.tick for event in trace.events if event.kind == "exec")
    killed = trace.branch(tick, Kill(2))
    question = ask(killed, "alive", at=tick - 1)
    assert question.tick == tick
    assert "T1 of shell (pid 2)" in [one.text for one in question.choices]


def test_what_happens_again_is_asked_for_once():
    """A lock that is taken twice has two places in an order, unless its first time is meant."""
    trace = counter_with_lock()
    told = set()
    for at in range(0, trace.end - 30, 4):
        question = ask(trace, "order_of", at=at, count=6)
        texts = [one.text for one in question.choices]
        last = max(one.tick for one in question.choices)
        happening = [
            one.text
            for one in happenings(trace.history)
            if at < one.tick <= last and one.sort != "dispatch"
        ]
        again = any(happening.count(text) > 1 for text in texts)
        assert ("each for the first time" in question.prompt) == again
        told.add(again)
    assert told == {True, False}


DETAILS = {
    "next_thread": {"at": 0},
    "next_state": {"tid": 1, "at": 0},
    "value_read": {"name": "count", "at": 0},
    "value_printed": {"at": 0},
    "final_value": {"name": "count"},
    "possible_values": {"name": "count"},
    "segment": {"name": "count", "at": 9},
    "shared": {"at": 20, "one": (2, 2), "other": (2, 3)},
    "faults": {"at": 0},
    "alive": {"at": 0},
    "order_of": {"at": 0},
    "how_many": {"of": "threads"},
    "metric": {"of": "waiting", "pid": 2},
}
ODD = (None, 1.5, b"x", [1], {}, (1, [2]), "nothing")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", ODD)
def test_a_wrong_argument_is_explained(kind: str, odd: object):
    """Whatever is given instead of a run, a name, a tick or a process: a plain sentence."""
    run_of = explore(Program("own", SPACES)) if kind == "possible_values" else lost_update()
    with pytest.raises(ArgumentError, match="give"):
        ask(odd, kind, **DETAILS[kind])
    for name in DETAILS[kind]:
        with pytest.raises(ArgumentError, match=r"^[^\n]+; [^\n]+$"):
            ask(run_of, kind, **{**DETAILS[kind], name: odd})


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_kind_is_explained(odd: object):
    """A kind of question, a list of them, or how many: each has to be one."""
    with pytest.raises(ArgumentError, match="There is no question"):
        ask(lost_update(), odd)
    with pytest.raises(ArgumentError):
        suggest_questions(odd)
    with pytest.raises(ArgumentError):
        suggest_questions(lost_update(), [odd])
    with pytest.raises(ArgumentError, match="most"):
        suggest_questions(lost_update(), most=odd)
    if odd not in ({}, None):
        with pytest.raises(ArgumentError):
            suggest_questions(lost_update(), odd)


@pytest.mark.parametrize("odd", [None, 1.5, [1], 7])
def test_a_question_by_hand_is_checked(odd: object):
    """Wrong types are told where the question is written, not where it is shown."""
    choices = (Choice("a", True, "Yes."), Choice("b", False, "No."))
    for name in ("prompt", "choices", "form"):
        with pytest.raises(ArgumentError):
            Question(**{"prompt": "?", "choices": choices, "tick": 0, name: odd})
    for name in ("text", "feedback", "misconception"):
        with pytest.raises(ArgumentError):
            Choice(**{"text": "a", "correct": True, "feedback": "Yes.", name: odd or 3})
    for name in ("tick", "at"):
        with pytest.raises(ArgumentError):
            Question(**{"prompt": "?", "choices": choices, "tick": 0, name: "soon"})


OWN = Misconception("a lock costs nothing", "To take it is a system call.")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"prompt": ""}, "the prompt is empty; write what is asked"),
        ({"prompt": 3}, "prompt is 3; give a text"),
        ({"answer": 6}, "answer is 6; give a text"),
        ({"answer": " "}, "text is ' '; say what can be chosen"),
        ({"why": None}, "why is None; give a text"),
        ({"ideas": "b"}, "ideas is 'b'; give a list"),
        ({"ideas": 3}, "ideas is 3; give a list"),
        ({"ideas": ["b"]}, "the idea 'b' is no answer with its feedback"),
        ({"ideas": [("b",)]}, "is no answer with its feedback"),
        ({"ideas": [("b", "No.", "", 3, 4)]}, "is no answer with its feedback"),
        ({"ideas": [(3, "No.")]}, "Idea: text is 3; give a text"),
        ({"ideas": [("b", None)]}, "Idea: feedback is None; give a text"),
        ({"ideas": [("b", "No.", "own_dta")]}, r"did you mean 'own_data'\?; or give your own"),
        ({"ideas": [("b", "No.", 3)]}, r"misconception is 3; give a name, or Misconception"),
        ({"ideas": [("b", "No.", "", -1)]}, "Idea: tick is -1"),
        ({"ideas": []}, "has only one possible answer"),
        ({"tick": "soon"}, "tick is 'soon'; give a whole number"),
        ({"at": 45}, "at is 45, and the answer is shown at tick 20"),
        ({"at": -1}, "at is -1"),
        ({"kind": None}, "kind is None; give a text"),
        ({"kin": "x"}, "question has no argument 'kin'; did you mean 'kind'"),
    ],
)
def test_every_argument_of_a_question_by_hand_is_checked(changed, told: str):
    """What cannot be is told in a sentence, and nothing is asked that nobody could be held at."""
    given = {"prompt": "?", "answer": "a", "why": "So.", "ideas": [("b", "No.")], "tick": 20}
    with pytest.raises(ArgumentError, match=told):
        question(**{**given, **changed})


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: question("?"), "missing a required argument: 'answer'"),
        (lambda: Idea("b"), "missing a required argument: 'feedback'"),
        (lambda: Idea("b", "No.", tock=3), "Idea has no argument 'tock'; did you mean 'tick'"),
        (lambda: Choice("b"), "missing a required argument: 'correct'"),
        (lambda: Choice("b", "yes", "No."), "correct is 'yes'; give True or False"),
        (lambda: Question("?"), "missing a required argument: 'choices'"),
        (lambda: Misconception("a lock costs nothing", ""), "instead is ''; give a sentence"),
        (lambda: Misconception("a lock costs nothing"), "missing a required argument: 'instead'"),
    ],
)
def test_what_a_question_is_made_of_is_checked(make, told: str):
    """A missing or misspelt argument is a sentence of the kit, not a TypeError."""
    with pytest.raises(ArgumentError, match=told):
        make()


def test_own_misconceptions():
    """Whoever writes a question may name an idea of their own, and say what is so instead."""
    asked = question("?", "6", "So.", [Idea("5", "No.", OWN), ("4", "No.", "own_data")], 20)
    met = {choice.text: choice.met for choice in asked.choices}
    assert met == {"4": MISCONCEPTIONS["own_data"], "5": OWN, "6": None}
    assert asked.feedback([1]).misconception == "a lock costs nothing"
    assert asked.feedback([0]).misconception == "own_data"


def test_an_idea_that_does_not_apply_is_left_out():
    """Where one process is all there is to end, nobody can think that only a thread ends."""
    machine = Machine()
    machine.launch(Program("stray", "def main():\n    poke(0, 99)"))
    asked = ask(machine.run(), "faults", at=0)
    assert len(asked.choices) > 2
    assert all(choice.text for choice in asked.choices)
