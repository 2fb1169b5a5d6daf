"""The picture of physical memory against the trace it shows, at every whole tick."""

import json
import re
import time
from contextlib import suppress
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    Contiguous,
    Costs,
    KiB,
    LimitExceeded,
    Limits,
    Machine,
    Program,
    Replacement,
    RoundRobin,
    Trace,
)
from kit.scenarios import SCENARIOS
from kit.sim import Computer
from kit.tracks import Picture
from kit.tracks.memory.frame_words import MOST_PROCESSES, numbered
from kit.tracks.memory.frames import MOST_FRAMES, frames
from kit.tracks.memory.occupancy import Numbers
from tests.examples import examples
from tests.strategies import Setup
from tests.unit.tracks.looks import payload
from tests.unit.tracks.runs import run
from tests.unit.tracks.test_extremes import crowded_processes, crowded_threads
from tests.worlds import memories, worlds

PAYLOAD = 30_000
MEMORY = {
    *("segment", "drop", "map", "unmap", "share", "protect", "own", "copy", "move", "area"),
    *("discard", "dirty", "swap_free", "swap_out", "swap_in", "swap_copy", "fork", "exec", "exit"),
}
STARTS = (
    r"\d+ of \d+ |operating system: |.+ \(pid \d+\): |areas of |and \d+ |"
    r"used |copied |dirty, |free: "
)
TOUCHES = """
def main():
    p = alloc({words})
    for i in range({touches}):
        poke(p + i * {distance}, i)
"""
COMPACTED = [("a", 5, 6, 0), ("b", 60, 6, 0), ("c", 9, 6, 0), ("d", 9, 9, 2)]
FORKS = """
board = 0
def main():
    board = shared("board", 100)
    for i in range(5):
        fork()
    work(30)
"""


def grid(picture: Picture, name: str, tick: int) -> dict[int, list]:
    """The state of every cell of a grid that is not free."""
    fixed = next(mark.fixed for mark in picture.marks if mark.name == name)
    places = [first + step for first, length in fixed["live"] for step in range(length)]
    shown = picture.channels[name, "shown"].at(tick)
    states = {
        place: fixed["states"][int(value[0])] for place, value in zip(places, shown, strict=True)
    }
    owned = {
        place: (fixed["owners"][state[0]], *state[1:]) for place, state in states.items() if state
    }
    return {place: [*cell, "", "", ""][:5] for place, cell in owned.items()}


def summary(picture: Picture, name: str, tick: int) -> str:
    """The line below a grid."""
    return " · ".join(picture.channels[name, "summary"].at(tick))


def words(picture: Picture, tick: int) -> list[str]:
    """The sentences of the picture's twin that say something."""
    said = []
    for sentence in picture.text_alternative:
        parts = [
            p if isinstance(p, str) else picture.channels[p[0], p[1]].at(tick)[p[2]]
            for p in sentence
        ]
        said.append(" ".join(part for part in parts if part))
    return [sentence for sentence in said if sentence]


def segment_of(process, page: int, size: int) -> str:
    """The segment a page stands in, as the trace has it."""
    for segment in process.segments:
        if segment.start // size <= page < -(-segment.end // size):
            return segment.name
    return ""


def ticks_to_check(trace: Trace) -> list[int]:
    """The ticks at which something happened to memory, and those around them."""
    happened = {event[0] for event in trace.record.events.others if event[1] in MEMORY}
    around = {tick + step for tick in happened for step in (-1, 0, 1)}
    return sorted({0, trace.end, *(tick for tick in around if 0 <= tick <= trace.end)})


def check(trace: Trace) -> None:
    """Compare cells, lines and words with the trace."""
    picture = frames(trace)
    for tick in ticks_to_check(trace):
        check_cells(trace, picture, tick)
        check_lines(trace, picture, tick)
        check_words(trace, picture, tick)


def check_cells(trace: Trace, picture: Picture, tick: int) -> None:
    """Each cell has the owner, page, segment, pids and marks that the trace has."""
    moment, size = trace.at(tick), trace.settings.page_size
    shown = grid(picture, "ram", tick)
    assert set(shown) == set(moment.frame_users), f"tick {tick}"
    for frame, users in moment.frame_users.items():
        (kind, pid, program, segment), page, label, others, copied = shown[frame]
        pages = [user for user in users if user[0]]
        if not pages:
            assert (pid, kind, page, label, others) == (0, "shared", users[0][1], "", "")
            continue
        process = moment.processes[pages[0][0]]
        assert (pid, page) == pages[0], f"tick {tick}, frame {frame}"
        assert program == process.name
        assert segment == segment_of(process, page, size), f"tick {tick}, frame {frame}"
        assert kind == (segment.split()[0] if segment else "room")
        pids = [pid for pid, _ in groupby(pages, key=lambda user: user[0])]
        several = (
            "+".join(map(str, pids)) if len(pids) < 4 else f"\N{MULTIPLICATION SIGN}{len(pids)}"
        )
        assert label == (several if len(pages) > 1 else ""), f"tick {tick}, frame {frame}"
        assert bool(others) == (len(pages) > 1)
        for other, number in pages[1:4]:
            assert f"pid {other}" in others
            assert number == page or f"page {number} of " in others
        if len(pages) > 4:
            assert others.endswith(f"and {len(pages) - 4} more")
        marked = {number in moment.processes[pid].copied_when_written for pid, number in pages}
        assert marked == {copied == "c"}, f"tick {tick}, frame {frame}"


def check_lines(trace: Trace, picture: Picture, tick: int) -> None:
    """What the line below says of frames, holes and slots is so."""
    moment, of = trace.at(tick), trace.settings
    reserved, total = of.reserved_frames, of.ram // of.page_size
    line = summary(picture, "ram", tick)
    in_use = reserved + len(moment.frame_users)
    assert line.startswith(f"{in_use} of {total} frames in use · ")
    assert f" · {reserved} of them for the operating system" in line
    if of.contiguous:
        holes = [size for _, size in moment.holes]
        assert f"{len(holes)} hole" in line or (not holes and "no hole" in line)
        assert not holes or f"{max(holes) // 1024} KiB" in line or f"{max(holes)} B" in line
    if of.swap:
        slots = grid(picture, "swap", tick)
        text = f"{len(slots)} of {of.swap // of.page_size} slots in use · "
        assert summary(picture, "swap", tick).startswith(text)
        held = {(cell[0][1], cell[1]) for cell in slots.values()}
        assert len(held) == len(slots), f"tick {tick}: a page is in two slots"
        assert held == set(moment.slots.values()) >= swapped(trace, tick), f"tick {tick}"


def swapped(trace: Trace, tick: int) -> set[tuple[int, int]]:
    """The pages that are in the swap area."""
    processes = trace.at(tick).processes.values()
    return {(process.pid, page) for process in processes for page in process.swapped}


def check_words(trace: Trace, picture: Picture, tick: int) -> None:
    """The words count and number the frames of each segment of each process."""
    moment, size, said = trace.at(tick), trace.settings.page_size, words(picture, tick)
    held: dict[int, dict[str, list[int]]] = {}
    for frame, users in moment.frame_users.items():
        for pid, page in users:
            name = segment_of(moment.processes[pid], page, size) if pid else "shared"
            held.setdefault(pid, {}).setdefault(name or "not used", []).append(frame)
    told = [sentence for sentence in said if re.match(r".+ \(pid \d+\): ", sentence)]
    holders = set(held) | {pid for pid, _ in moment.slots.values()}
    assert len(told) + any(s.startswith("areas") for s in said) == min(len(holders), MOST_PROCESSES)
    for sentence in told:
        pid = int(re.search(r"\(pid (\d+)\): ", sentence)[1])
        assert sentence.startswith(moment.processes[pid].name)
        for name, numbers in held.get(pid, {}).items():
            part = f"{name} {numbered('frame', Numbers(numbers))}"
            few = sum(other.startswith("stack") for other in held[pid]) <= 6
            assert part in sentence or (name.startswith("stack") and not few), f"tick {tick}"
    assert all(re.match(STARTS, sentence) for sentence in said), said
    dirty = sum(len(process.dirty) for process in moment.processes.values())
    (changed,) = [one.count("frame") for one in said if one.startswith("dirty")] or [0]
    assert bool(changed) == bool(dirty), f"tick {tick}"
    free = trace.settings.ram // size - trace.settings.reserved_frames - len(moment.frame_users)
    assert any(re.match(rf"free: {free} frames?\b", sentence) for sentence in said)


@examples(5)
@given(worlds(memories()), st.sampled_from([16, 22]), st.sampled_from([4, 40]), st.booleans())
def test_slots_of_the_machine_itself(setup: Setup, ram: int, swap: int, demand: bool):
    """Each slot of the swap area shows the page that the machine has there."""
    sizes = {"page_size": 64, "ram": 64 * ram, "address_space": 64 * 512, "stack_size": 128}
    paged = {"swap": 64 * swap, "replacement": Replacement("fifo"), "demand": demand}
    setup = Setup({**setup.settings, **sizes, **paged}, setup.launches, setup.files)
    check_slots(setup.run(), setup.machine())


def in_slots(computer: Computer) -> dict[int, tuple[int, int]]:
    """Slot -> the page that the machine has there, also of pages that are in RAM as well."""
    (users, swap), processes = (computer.physical.users, computer.swap), computer.processes
    kept = {slot: next(iter(users[frame])) for frame, slot in swap.kept.items()}
    return kept | {
        slot: (pid, page)
        for pid, process in processes.items()
        for page, slot in process.memory.swapped.items()
    }


def check_slots(trace: Trace, machine: Machine) -> None:
    """Compare the slots with those of a machine that does the same again."""
    check(trace)
    picture, computer = frames(trace), machine._computer
    for tick in ticks_to_check(trace)[1:]:
        with suppress(LimitExceeded):
            machine.run(until=tick)
        if computer.now == tick:
            shown = {n: (cell[0][1], cell[1]) for n, cell in grid(picture, "swap", tick).items()}
            assert shown == in_slots(computer), f"tick {tick}"


def test_pages_of_an_allocation_larger_than_ram():
    """Pages of zeros leave their frames for others of them, and take no slot."""

    def machine() -> Machine:
        sizes = {"page_size": 64, "ram": 64 * 16, "stack_size": 64, "swap": 64 * 4}
        made = Machine(**sizes, address_space=64 * 512, replacement=Replacement("fifo"))
        made.launch(Program("greedy", "def main():\n    x = alloc(200)\n    work(5)\n    print(x)"))
        return made

    trace = machine().run()
    assert "refuse" not in {event.kind for event in trace.events}
    discarded = [event.slot for event in trace.events if event.kind == "discard"]
    assert len(discarded) > 10
    assert set(discarded) == {-1}
    check_slots(trace, machine())


def forked() -> Trace:
    """Thirty-two processes that share code and an area of memory."""
    return run(Program("forks", FORKS), ram=256 * KiB, limits=Limits(ticks=400))


def test_many_sharers_are_counted():
    """Where many processes share a frame, it tells some and counts the others; so do the words."""
    trace = forked()
    check(trace)
    tick = next(t for t in range(trace.end) if len(trace.at(t).frame_users.get(25, ())) > 20)
    users = trace.at(tick).frame_users[25]
    _, _, label, others, _ = grid(frames(trace), "ram", tick)[25]
    assert label == f"\N{MULTIPLICATION SIGN}{len(users)}"
    assert others == f"pid 3, pid 4, pid 5 and {len(users) - 4} more"
    said = words(frames(trace), tick)
    assert f"and {len(trace.at(tick).processes) - 15} more processes" in said


def test_sharing_in_words():
    """A forked process's frames are told as shared, and those that a write copies as such."""
    trace = SCENARIOS["fork_copies_on_write"]()
    tick = next(e.tick for e in trace.events if e.kind == "fork")
    said = words(frames(trace), tick)
    assert "used by several pages: 3 frames (6 to 8)" in said
    assert "copied when written: 2 frames (7 to 8)" in said
    assert said[2] == "forking (pid 2): code 1 frame (6) data 1 frame (7) stack T1 1 frame (8)"


def test_legend_has_what_occurs():
    """Only what a run shows is explained, in a fixed order."""
    kinds = {
        name: [kind for kind, _ in frames(SCENARIOS[name]()).marks[0].fixed["legend"]]
        for name in ("one_program", "shared_memory", "base_and_bounds")
    }
    assert kinds["one_program"] == ["code", "data", "stack", "system", "free"]
    assert kinds["shared_memory"][-4:] == ["system", "free", "several", "copied"]
    assert "shared" in kinds["shared_memory"]
    assert "room" in kinds["base_and_bounds"]


def test_compaction_moves_stretches():
    """Where memory is compacted, frames and holes follow."""
    machine = Machine(
        ram=24 * KiB,
        page_size=1 * KiB,
        stack_size=1 * KiB,
        contiguous=Contiguous(compaction=True),
        costs=Costs(move_page=1),
    )
    for name, ticks, size, at in COMPACTED:
        program = Program(name, f"def main():\n    work({ticks})")
        machine.launch(program, size=size * KiB, at=at)
    trace = machine.run()
    assert any(event.kind == "move" for event in trace.events)
    check(trace)


def touching(frames: int, touches: int, **more) -> Trace:
    """A run in which a process touches pages of its heap one after the other."""
    distance = 64
    text = TOUCHES.format(words=touches * distance // 8, touches=touches, distance=distance)
    settings = {"page_size": 64, "stack_size": 64, "address_space": 64 * 40_000, "demand": True}
    machine = Machine(ram=frames * 64, scheduler=RoundRobin(quantum=4), **settings, **more)
    machine.launch(Program("toucher", text))
    return machine.run()


def test_more_frames_than_fit():
    """What does not fit is counted, and what is used there is still in the words."""
    trace = touching(20_000, 40)
    picture = frames(trace)
    check_lines(trace, picture, trace.end // 2)
    check_words(trace, picture, trace.end // 2)
    assert picture.marks[0].fixed["count"] == MOST_FRAMES
    assert summary(picture, "ram", 0).endswith(" · numbers 1920 to 6015 are shown")
    # The system keeps a tenth, so that without leaving out any of it nothing else was seen.
    check_cells(trace, picture, trace.end // 2)


def whole(picture: Picture) -> int:
    """How many bytes of the picture cross the wire, roughly."""
    return payload(picture) + sum(len(json.dumps(mark.fixed)) for mark in picture.marks)


@pytest.mark.parametrize("name", SCENARIOS)
def test_pictures_are_small(name):
    """No named run takes more than 12 kB."""
    assert whole(frames(SCENARIOS[name]())) < 12_000


@pytest.mark.parametrize("make", [forked, crowded_threads, crowded_processes])
def test_crowds_stay_small(make):
    """Nor do crowds take more than a share of what a stage may."""
    assert whole(frames(make())) < PAYLOAD


@pytest.mark.slow
def test_long_run_is_laid_out_quickly():
    """A run of 20,000 ticks that fills 3,000 frames is laid out in a second or so."""
    trace = touching(4096, 3000)
    assert trace.end > 20_000
    trace.history  # noqa: B018 - made for all views together
    start = time.perf_counter()
    picture = frames(trace)
    assert time.perf_counter() - start < 2
    assert whole(picture) < 500_000
    check_cells(trace, picture, trace.end // 2)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([], "0 frames"),
        ([4], "1 frame (4)"),
        ([4, 5, 6, 9], "4 frames (4 to 6, 9)"),
        ([*range(0, 40, 2)], "20 frames (0, 2, 4, 6, 8, 10, 12, 14, …)"),
    ],
)
def test_numbers_in_words(numbers, told):
    """Numbers that follow each other are told as one, and not more than a line of them."""
    assert numbered("frame", Numbers(numbers)) == told


@given(st.sets(st.integers(0, 30)), st.lists(st.tuples(st.integers(0, 30), st.booleans())))
def test_sets_of_numbers(numbers: set[int], puts: list[tuple[int, bool]]):
    """A set of numbers has the runs of what was put into it and not taken out."""
    found = Numbers(numbers)
    for number, inside in puts:
        found.put(number, inside=inside)
        (numbers.add if inside else numbers.discard)(number)
    listed = [first + step for first, length in found.runs() for step in range(length)]
    assert listed == sorted(numbers)
    assert len(found) == len(numbers)
    assert all(sum(one) < other[0] for one, other in pairwise(found.runs()))
