"""What goes from column to column: forks, loading, shared memory, and what is stopped."""

import pytest

from kit import Contiguous, KiB, Machine, Program, RoundRobin
from kit.tracks.memory.address_spaces import address_spaces
from kit.tracks.memory.columns import arrange, box
from kit.tracks.memory.disk import disk
from kit.tracks.memory.epochs import epochs
from tests.unit.tracks.looks import texts
from tests.unit.tracks.memory.address_space_checks import boxes_of
from tests.unit.tracks.memory.address_space_runs import band, scenario, stray, words


def test_forked_bands_come_from_the_parents_column():
    """At a fork code, data and stack of the child slide over from the parent."""
    trace = scenario("fork_copies_on_write")
    picture = address_spaces(trace)
    forked = trace.history.processes[3].launched
    for kind in ("code", "data", "stack"):
        own, parents = band(trace, 3, kind), band(trace, 2, kind)
        left = picture.channels["bands", "x"].keys[parents.element][0][1]
        keys = picture.channels["bands", "x"].keys[own.element]
        start, end = keys[-2], keys[-1]
        assert forked - 1 < start[0] < end[0] == forked
        assert start[1] == left
        assert end[2] == pytest.approx(end[0] - start[0]), "the way takes all of the time"
        seen = picture.channels["bands", "opacities"]
        assert seen.at(forked - 1)[own.element] == (0.0,)
        assert seen.at(forked)[own.element] == (1.0,)


def test_exec_brings_another_program():
    """After exec the heading names the new program, whose code and data come from the disk."""
    trace = scenario("exec_keeps_the_pid")
    picture = address_spaces(trace)
    first, second = epochs(trace.history.processes[3])
    assert (first.origin, second.origin) == ("fork", "exec")
    assert first.end == second.start
    assert texts(picture, "processes", second.start - 1)[1] == "shell"
    assert texts(picture, "processes", second.start)[1] == "sum"
    for kind in ("code", "data"):
        place, flight = band(trace, 3, kind, epoch=1), second.flights[kind]
        keys = picture.channels["bands", "x"].keys[place.element]
        away = next(key for key in keys if key[1][1] < 0)
        assert away[0] == flight.half, "it leaves the disk's picture when it comes into this one"
        assert texts(picture, "band names", flight.arrives - 1)[place.element] == ""
        assert texts(picture, "band names", flight.arrives)[place.element] == kind
    assert "numbers = 3, 1, 4, 1, 5" in texts(picture, "lines", second.ready)


def test_shared_memory_is_one_thing():
    """An area stands at one height, is bridged while both have it, and changes in both."""
    trace = scenario("shared_memory")
    picture = address_spaces(trace)
    ones, others = band(trace, 2, "shared"), band(trace, 3, "shared")
    y = picture.channels["bands", "y"].at(trace.end)
    assert y[ones.element] == y[others.element]
    forked, ended = trace.history.processes[3].launched, trace.history.processes[3].exit[0]
    for tick in range(trace.end + 1):
        bridged = boxes_of(picture, "bridges", tick)
        both = forked <= tick < ended
        assert bool(bridged) == both, f"tick {tick}"
        assert (texts(picture, "bridge names", tick) == ["shared"]) == both
        if both:
            top, bottom = y[ones.element]
            assert top < bridged[0][1] < bridged[0][3] < bottom
            lines = texts(picture, "lines", tick)
            assert lines[ones.first] == lines[others.first] != ""
    assert "board[0] = 42" in texts(picture, "lines", ended - 1)
    assert "shared memory 'board' is one piece of RAM for pids 2 and 3" in words(picture, forked)


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("others", [(), ("middle",)])
def test_a_blocked_access_points_at_what_was_meant(others, last):
    """A line leads to the other process's heap, at the tick of the fault and not for ever."""
    trace = stray(*others, last=last)
    picture = address_spaces(trace)
    layout = arrange(trace, "values", ())
    fault = next(event for event in trace.events if event.kind == "fault")
    column = layout.column(fault.pid)
    near = min((2, 3, 4), key=lambda pid: (abs(pid - fault.pid) or 9, pid))
    target = layout.column(near)
    heap = target.epochs[0].band("heap")
    (start, end), (y, _) = (
        picture.channels["ways", trait].at(fault.tick)[0] for trait in ("x", "y")
    )
    edges = (target.right, column.left) if last else (target.left, column.right)
    assert (end, start) == edges
    assert box(target, heap, heap.largest)[1] < y < heap.anchor
    assert texts(picture, "no way in", fault.tick) == ["no way in"]
    assert texts(picture, "crosses", fault.tick) == ["✕"]
    assert texts(picture, "no way in", fault.tick - 1) == [""]
    assert texts(picture, "no way in", trace.end) == [""]
    assert picture.channels["ways", "x"].at(trace.end)[0][0] < 0
    assert f"0x0c10 is heap of pid {near}" in texts(picture, "fault notes", trace.end)[0]
    assert any("segmentation fault, 0x0c10 is heap" in told for told in words(picture, trace.end))


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ("0x0000", "is in no segment"),
        ("0x0400", "is in its code"),
        ("0xffee00", "is below its stack"),
    ],
)
def test_an_access_that_nobody_could_make(address, note):
    """Where no other process has the address either, the line stays in the own column."""
    trace = stray(address=address)
    picture = address_spaces(trace)
    fault = next(event for event in trace.events if event.kind == "fault")
    assert ("ways", "x") not in picture.channels
    assert picture.channels["nowhere", "x"].at(fault.tick)[0][0] > 0
    assert note in texts(picture, "fault notes", fault.tick)[0]
    assert f"✕ {fault.details['fault']}" in " ".join(texts(picture, "faults", fault.tick))


def test_bounds_keep_a_process_from_its_neighbour_in_ram():
    """Without pages an address beyond the bounds means what stands there in RAM."""
    turns = RoundRobin(5)
    machine = Machine(scheduler=turns, ram=40 * KiB, stack_size=KiB, contiguous=Contiguous())
    stray = "def main():\n    work(14)\n    poke(ADDRESS, 1)\n"
    target = 4 * KiB + 0x800
    machine.launch(Program("stray", stray.replace("ADDRESS", str(target))), size=4 * KiB)
    machine.launch(Program("big", "x = 7\ndef main():\n    p = alloc(20)\n    work(60)\n"))
    trace = machine.run()
    fault = next(event for event in trace.events if event.kind == "fault")
    moment = trace.at(fault.tick - 1)
    inside = moment.processes[2].base + target - moment.processes[3].base
    segment = next(s for s in moment.processes[3].segments if s.start <= inside < s.end)
    notes = texts(address_spaces(trace), "fault notes", fault.tick)
    assert notes == [f"{target:#06x} is {segment.name} of pid 3"]


def test_names_cannot_make_an_address():
    """A program's name that looks like a fault's message is only a name."""
    name = "x' (pid 2) wrote 0x0400"
    machine = Machine()
    machine.launch(Program(name, "def main():\n    assert 1 > 2\n"))
    picture = address_spaces(machine.run())
    assert texts(picture, "fault notes", 20) == ["in T1"]


def test_copy_on_write_before_and_after_the_split():
    """Notes count the pages that are copied when written; a copy flashes and is named."""
    trace = scenario("fork_copies_on_write")
    picture = address_spaces(trace, detail="pages")
    forked = trace.history.processes[3].launched
    copy = next(event for event in trace.events if event.kind == "copy")
    stack = band(trace, copy.pid, "stack").element
    notes = {tick: texts(picture, "notes", tick)[stack] for tick in range(trace.end + 1)}
    assert "copy on write" in notes[forked]
    assert str(copy.details["copy"]) in notes[copy.tick]
    assert "KiB" in notes[copy.tick + 3]
    assert boxes_of(picture, "flashes", copy.tick)
    assert not boxes_of(picture, "flashes", forked)
    cells = texts(picture, "cell texts", forked)
    assert f"c{copy.details['original']}" in cells
    assert sum(cell.startswith("=") for cell in cells) == 2, "code is used by both"
    assert str(copy.details["copy"]) in texts(picture, "cell texts", copy.tick)
    last = texts(picture, "cell texts", trace.end - 1)
    assert not any(cell.startswith("=") for cell in last), "the child has ended"
    told = " ".join(words(picture, forked))
    assert "c12: in frame 12, copied when written (copy on write)" in told


def test_disk_and_columns_agree():
    """A copy leaves the disk's picture when the band comes into that of the columns."""
    trace = scenario("one_program")
    halves = {
        key[0]
        for keys in disk(trace).channels["copies", "opacities"].keys
        for key in keys
        if key[1] == (0.0,) and key[0] > 0
    }
    picture = address_spaces(trace)
    arrived = {
        key[0] for keys in picture.channels["bands", "x"].keys for key in keys if key[1][1] < 0
    }
    assert halves == arrived != set()
