import pytest
from hypothesis import given

from kit import ArgumentError, Trace
from kit.explore import explore
from kit.quiz import KINDS, MISCONCEPTIONS, Question, Suggestion, ask, suggest_questions
from kit.scenarios import SCENARIOS, Scenario, counter_with_lock, lost_update
from tests.asking import right
from tests.examples import examples
from tests.strategies import Setup, setups

EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))


@EVERY
def test_every_scenario_has_a_question(scenario: Scenario):
    """The best come first, at most three of a kind, and asking again gives the same."""
    trace = scenario()
    found = suggest_questions(trace)
    assert found
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    kinds = [one.kind for one in found]
    assert all(kinds.count(kind) <= 3 for kind in kinds)
    for one in found:
        assert ask(trace, one.kind, **one.details) == one.question
        confirm(trace, one)


def test_suggestions_do_not_depend_on_what_was_asked_before():
    """The same run gives the same list."""
    assert suggest_questions(lost_update()) == suggest_questions(lost_update())


def test_kinds_can_be_chosen():
    """Only those are looked at; a wrong name is mended."""
    assert {one.kind for one in suggest_questions(lost_update(), ["shared"])} == {"shared"}
    with pytest.raises(ArgumentError, match="did you mean 'shared'"):
        suggest_questions(lost_update(), ["shard"])


def test_every_kind_has_proposals():
    """The run in which a kind is shown is worth asking it at, but for what is about no run."""
    asked = {n for n, kind in KINDS.items() if any(kind.propose(SCENARIOS[kind.scenario]()))}
    assert asked == KINDS.keys() - {"possible_values"}


@given(setups())
@examples(40)
def test_questions_about_any_run_are_right(setup: Setup):
    """In random runs each answer is what the run shows, and hidden until then."""
    trace = setup.run()
    for one in suggest_questions(trace):
        confirm(trace, one)


def confirm(trace: Trace, one: Suggestion) -> None:
    """Look at the run in another way than the question did."""
    question = one.question
    assert (question.kind, question.run) == (one.kind, trace.digest)
    assert question.at is not None
    assert 0 <= question.at <= question.tick <= trace.end
    texts = [choice.text for choice in question.choices]
    assert len(set(texts)) == len(texts) > 1
    assert all(choice.feedback for choice in question.choices)
    for choice in question.choices:
        assert choice.tick is None or 0 <= choice.tick <= trace.end
    CONFIRMED.get(one.kind, lambda *_: None)(trace, question, dict(one.details))


def _next_thread(trace: Trace, question: Question, details: dict) -> None:
    at, tick = question.at, question.tick
    assert all(e.kind != "dispatch" or not at < e.tick < tick for e in trace.events)
    moment = trace.at(tick)
    given = [e for e in trace.events if e.kind == "dispatch" and e.tick == tick]
    several = len(trace.history.processes) > 1
    names = [
        f"T{e.tid} of {moment.processes[e.pid].name} (pid {e.pid})" if several else f"T{e.tid}"
        for e in given
    ]
    assert right(question)[0] in names
    wrong = [choice.text for choice in question.choices if not choice.correct]
    assert not set(names) & set(wrong)


def _next_state(trace: Trace, question: Question, details: dict) -> None:
    pid, tid, at = details.get("pid", 2), details["tid"], details["at"]
    now = trace.at(at).processes[pid].threads[tid].state
    for tick in range(at, question.tick):
        assert trace.at(tick).processes[pid].threads[tid].state == now
    then = trace.at(question.tick).processes[pid].threads[tid].state
    assert right(question)[0].startswith((then, f"it stays {then}"))


def _final_value(trace: Trace, question: Question, details: dict) -> None:
    pid, name = details.get("pid", 2), details["name"]
    assert right(question) == [str(trace.at(trace.end).processes[pid].globals[name])]
    values = [trace.at(t).processes[pid].globals[name] for t in range(question.tick, trace.end + 1)]
    assert len(set(values)) == 1
    assert question.at < question.tick


def _value_printed(trace: Trace, question: Question, details: dict) -> None:
    pid = details.get("pid", 2)
    before = trace.at(question.at).processes[pid].output
    then = trace.at(question.tick).processes[pid].output
    line = then[len(before) :].strip().splitlines()[:1]
    expected = line or [
        "an empty line" if then != before else "nothing: it prints nothing after that"
    ]
    assert right(question) == [" ".join(expected)]


def _value_read(trace: Trace, question: Question, details: dict) -> None:
    told = trace.narrate(question.tick)
    assert f"reads {details['name']}, {right(question)[0]}," in told


def _alive(trace: Trace, question: Question, details: dict) -> None:
    moment = trace.at(question.tick)
    for choice in question.choices:
        if choice.text.startswith("T"):
            tid = int(choice.text[1:].partition(" ")[0])
            pid = int(choice.text.rpartition("pid ")[2].rstrip(")") if "pid" in choice.text else 2)
            state = moment.processes[pid].threads[tid].state
            assert choice.correct == (state != "terminated")
        elif choice.text.startswith("the entry"):
            pid = int(choice.text.partition("pid ")[2].partition(")")[0] or 1)
            assert choice.correct == (moment.processes[pid].state == "zombie")


def _order_of(trace: Trace, question: Question, details: dict) -> None:
    ticks = [question.choices[place].tick for place in question.order]
    assert question.at < ticks[0]
    assert ticks == sorted(set(ticks))


def _how_many(trace: Trace, question: Question, details: dict) -> None:
    totals, (number,) = trace.metrics().totals, right(question)
    known = {
        "context switches": totals["switches"],
        "page faults": totals["page_faults"],
        "TLB misses": totals["tlb_misses"],
        "processes": len(trace.at(trace.end).processes),
        "words saved": 11,
    }
    if details["of"] in known:
        assert number == str(known[details["of"]])


def _segment(trace: Trace, question: Question, details: dict) -> None:
    segments = {
        (process.pid, "stack" if segment.tid else segment.name, segment.tid)
        for process in trace.at(question.at).processes.values()
        for segment in process.segments
    }
    assert {choice.place for choice in question.choices} == segments
    process = trace.at(question.tick).processes[details.get("pid", 2)]
    if details["name"] == "block" and process.ended is None:
        before = trace.at(question.at).processes[process.pid].blocks
        (made,) = set(process.blocks) - set(before)
        heap = next(segment for segment in process.segments if segment.name == "heap")
        assert heap.start <= made[0] < heap.end


def _faults(trace: Trace, question: Question, details: dict) -> None:
    pid = details.get("pid", 2)
    kinds = {e.kind for e in trace.events if e.tick == question.tick and e.pid == pid}
    (answer,) = right(question)
    assert answer.startswith("A page fault") == ("page_fault" in kinds and "fault" not in kinds)
    assert answer.startswith(("The process ends", "Only T")) <= ("fault" in kinds)


CONFIRMED = {
    "next_thread": _next_thread,
    "next_state": _next_state,
    "final_value": _final_value,
    "value_printed": _value_printed,
    "value_read": _value_read,
    "alive": _alive,
    "order_of": _order_of,
    "how_many": _how_many,
    "segment": _segment,
    "faults": _faults,
}


ONLY_IN_LESSONS = {
    "calls_block",
    "half_done_is_mended",
    "line_is_atomic",
    "lock_locks_variable",
    "lock_per_code",
    "main_ends_all",
    "more_threads_faster",
    "most_tickets_win",
    "notify_is_remembered",
    "process_frees_at_end",
    "process_is_scheduled",
    "semaphore_is_lock",
    "spawn_order",
    "spinning_is_waiting",
    "system_runs_always",
    "thread_end_frees_all",
}
"""Ideas that need a program which is no scenario, or a question that no kind asks."""


@pytest.mark.slow
def test_every_misconception_is_met():
    """Each idea of the table leads to some choice of some question about a scenario."""
    met = {
        choice.misconception
        for scenario in SCENARIOS.values()
        for one in suggest_questions(scenario(), most=20)
        for choice in one.question.choices
    }
    policy = suggest_questions(SCENARIOS["three_jobs"](policy="sjf"), most=20)
    explored = [
        ask(explore(run), "possible_values", name="count")
        for run in (lost_update, counter_with_lock)
    ]
    met |= {c.misconception for q in [*explored, *(s.question for s in policy)] for c in q.choices}
    assert set(MISCONCEPTIONS) - met == ONLY_IN_LESSONS
