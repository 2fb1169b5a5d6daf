"""The disk: cards, copies on their way, notes, and files with their words."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given

from kit import Costs, KiB, Machine, Program, Trace
from kit.scenarios import SCENARIOS
from kit.tracks.memory.data_files import KNOWN_WORDS, contents
from kit.tracks.memory.disk import LEFT, RIGHT, WIDTH, disk
from kit.tracks.memory.epochs import epochs
from kit.tracks.picture import Picture
from tests.examples import examples
from tests.strategies import Setup
from tests.unit.tracks.looks import apart, texts
from tests.unit.tracks.memory.address_space_checks import boxes_of
from tests.worlds import worlds

WRITER = """
def main():
    f = open("accounts", "r+")
    write(f, 40)
    g = open("log", "w")
    for i in range(COUNT):
        write(g, i * 11)
    close(g)
    g = open("log", "w")
    write(g, 7)
"""


def scenario(name: str, **parameters: object) -> Trace:
    """A run of the library."""
    return SCENARIOS[name](**parameters)


def several(count: int, files: int = 0) -> Trace:
    """Many programs on one disk."""
    machine = Machine(ram=512 * KiB)
    for number in range(files):
        machine.put_file(f"file {number}", [number])
    for number in range(count):
        machine.launch(Program(f"p{number}", f"x = {number}\ndef main():\n    x = 1\n"))
    return machine.run()


def writer(count: int) -> Trace:
    """A program that writes to one file in place and to another anew."""
    machine = Machine()
    machine.put_file("accounts", [50, 50])
    machine.launch(Program("writer", WRITER.replace("COUNT", str(count))))
    return machine.run()


def shapes(picture: Picture, mark: str, tick: int) -> list[tuple[float, ...]]:
    """The bounds of a mark's outlines that can be seen at a tick."""
    found = []
    for x, y in zip(*(picture.channels[mark, trait].at(tick) for trait in ("x", "y")), strict=True):
        if len(set(x)) > 1:
            found.append((min(x), min(y), max(x), max(y)))
    return found


def check(trace: Trace) -> None:
    """Nothing overlaps, and notes say who has been loaded so far."""
    picture = disk(trace)
    cards = shapes(picture, "files", 0)
    if ("data files", "x") in picture.channels:
        cards += shapes(picture, "data files", trace.end)
    assert all(apart(*pair) for pair in combinations(cards, 2))
    assert all(card[2] <= WIDTH and card[3] <= picture.height for card in cards)
    for tick in range(trace.end + 1):
        words = texts(picture, "told", tick)
        loaded = [
            str(process.pid)
            for process in trace.history.processes.values()
            for epoch in epochs(process)
            if epoch.origin != "fork" and epoch.ready is not None and epoch.ready <= tick
        ]
        told = [
            pid
            for text in words
            for part in text.split("; ")
            if "pid" in part
            for pid in part.partition("pid ")[2].split(", ")
            if not part.startswith("loading")
        ]
        if len(words) == len(trace.programs):
            assert sorted(set(told)) == sorted(set(loaded)), f"tick {tick}: {words}"


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_scenarios(name):
    """Notes are right in every scenario."""
    check(scenario(name))


@examples(6)
@given(worlds())
def test_whatever_happens(setup: Setup):
    """Notes are right on any machine, and nothing overlaps."""
    check(setup.run())


def test_loading_is_told_and_flies():
    """Code, then data leave to the right; the note names the process before and after."""
    trace = scenario("one_program", at=6, load=2)
    picture = disk(trace)
    notes = [texts(picture, "notes", tick)[0] for tick in range(trace.end + 1)]
    assert list(dict.fromkeys(notes)) == ["static", "loading for pid 2", "loaded as pid 2"]
    assert notes.index("loading for pid 2") == 6
    assert notes.index("loaded as pid 2") == 10
    for element, arrives in ((0, 8), (1, 10)):
        keys = picture.channels["copies", "x"].keys[element]
        assert [key[0] for key in keys[1:]] == [arrives - 1.0]
        assert keys[-1][1][0] > WIDTH
        assert RIGHT > keys[0][1][0] > LEFT
    assert not boxes_of(picture, "copies", 0)
    assert not boxes_of(picture, "copies", trace.end)


def test_exec_is_told_and_flies():
    """The executed program's code and data leave its file, and its note says by whom."""
    trace = scenario("exec_keeps_the_pid")
    picture = disk(trace)
    called = next(event.tick for event in trace.events if event.kind == "exec")
    assert texts(picture, "notes", called - 1) == ["loaded as pid 2", "static"]
    assert texts(picture, "notes", trace.end) == ["loaded as pid 2", "exec by pid 3"]
    assert texts(picture, "told", trace.end)[1] == "executed by pid 3"
    y = picture.channels["copies", "y"].at(0)
    tops = sorted(top for top, _ in y)
    second = shapes(picture, "files", 0)[1][1]
    flown = [
        element
        for element, keys in enumerate(picture.channels["copies", "opacities"].keys)
        if any(called <= tick for tick, _, _ in keys)
    ]
    assert len(flown) == 2
    assert all(y[element][0] > second for element in flown)
    assert tops[0] < second


def test_pages_on_demand_fly_one_by_one():
    """With demand paging each page that is touched leaves the disk when it is needed."""
    trace = scenario("demand_paging")
    loads = [event for event in trace.events if event.kind == "load"]
    flights = [
        key
        for keys in disk(trace).channels["copies", "opacities"].keys
        for key in keys
        if key[1] == (1.0,)
    ]
    assert len(flights) == len(loads) > 3


def test_a_copy_is_used_again():
    """One program launched many times needs no more copies than fly at once."""
    machine = Machine(ram=512 * KiB, costs=Costs(load_page=1))
    program = Program("one", "x = 1\ndef main():\n    x = 2\n")
    for number in range(20):
        machine.launch(program, at=10 * number)
    picture = disk(machine.run())
    assert picture.channels["copies", "x"].elements == 2
    for keys in picture.channels["copies", "opacities"].keys:
        assert all(one[0] < other[0] for one, other in pairwise(keys))
    assert texts(picture, "notes", 300)[0].endswith("…")


@pytest.mark.parametrize(("count", "cards", "more"), [(3, 3, []), (5, 5, []), (9, 6, [3])])
def test_many_programs(count, cards, more):
    """Many programs have small cards; those that do not fit are counted."""
    picture = disk(several(count))
    assert len(shapes(picture, "files", 0)) == cards
    assert texts(picture, "more", 0) == [f"and {number} more programs" for number in more]


def test_files_show_their_words():
    """A file appears when it is made, and shows what was written."""
    trace = writer(3)
    picture = disk(trace)
    made = next(
        event.tick
        for event in trace.events
        if event.kind == "open" and event.details["name"] == "log"
    )
    assert len(shapes(picture, "data files", made - 1)) == 1
    assert len(shapes(picture, "data files", made)) == 2
    assert texts(picture, "file names", made - 1) == ["accounts", ""]
    assert texts(picture, "words", 0)[0] == "50, 50"
    assert texts(picture, "words", trace.end) == ["40, 50", "7"]
    assert texts(picture, "lengths", made)[1] == "empty file"
    assert texts(picture, "files told", trace.end) == [
        "file accounts: 2 words: 40, 50",
        "file log: 1 word: 7",
    ]
    seen = {text for tick in range(trace.end) for text in texts(picture, "words", tick)}
    assert "0, 11, 22" in seen
    written = next(event.tick for event in trace.events if event.kind == "write")
    assert boxes_of(picture, "written", written)
    assert not boxes_of(picture, "written", written - 1)


@pytest.mark.slow
def test_long_files_are_cut():
    """Of a long file only the first words are followed, and how many there are."""
    trace = writer(60)
    first = contents(trace)["log"]
    assert max(len(content.words) for content in first) == KNOWN_WORDS
    assert max(content.length for content in first) == 60
    told = {text for tick in range(trace.end) for text in texts(disk(trace), "files told", tick)}
    assert any(text.startswith("file log: 60 words: 0, 11") and text.endswith("…") for text in told)


def test_files_that_do_not_fit_are_counted():
    """Three files are shown, the others counted, also beside many programs."""
    picture = disk(several(5, files=5))
    assert len(shapes(picture, "data files", 0)) == 3
    assert texts(picture, "more files", 0) == ["and 2 more files"]


def test_empty_disk():
    """A machine without programs has a picture that says nothing."""
    picture = disk(Machine().run())
    assert picture.height > 0
    assert picture.text_alternative == []
