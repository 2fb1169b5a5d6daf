"""A whole run in words."""

from kit.scenarios import lost_update, one_program
from kit.trace.narration.story import moments, story


def test_every_line_is_what_the_trace_tells_of_that_tick():
    """The story has the first sentences of the narration, each with its tick, and the details."""
    trace = one_program()
    lines = story(trace).splitlines()
    expected = []
    for tick in moments(trace):
        told = trace.narration(tick)
        details = " ".join(told.details)
        expected += [f"t = {tick}: {told.first}", *([f"    {details}"] if details else [])]
    assert lines[:-1] == expected
    assert lines[-1] == f"The run ends at tick {trace.end}."


def test_what_happens_all_the_time_is_not_told():
    """A tick at which threads only take turns has no line; one with something printed has."""
    trace = lost_update()
    told = set(moments(trace))
    printed = {event.tick for event in trace.events if event.kind == "print"}
    turns = {e.tick for e in trace.events if e.kind == "preempt"}
    assert printed <= told
    assert turns - told


def test_a_long_run_is_told_from_both_ends():
    """Of more moments than asked for, those in the middle are counted instead."""
    trace = lost_update(loops=5)
    told = moments(trace)
    lines = [line for line in story(trace, 4).splitlines() if not line.startswith("    ")]
    assert len(lines) == 6
    assert lines[2] == f"… {len(told) - 4} more moments …"
    assert lines[3].startswith(f"t = {told[-2]}: ")


def test_what_is_not_to_be_known_yet_is_left_out():
    """A story until a tick has its moments alone, and says that there is more."""
    trace = lost_update()
    whole, part = story(trace, 1000).splitlines(), story(trace, 1000, until=20).splitlines()
    assert part[-1] == "The rest is told when the question about it has been answered."
    assert part[:-1] == whole[: len(part) - 1]
    assert whole[len(part) - 1].startswith("t = ")
    assert int(whole[len(part) - 1].split(":")[0][4:]) > 20
    assert story(trace, until=trace.end) == story(trace)
