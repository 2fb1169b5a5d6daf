"""Stages as SVG: what an XML parser finds in the file, against the pictures they are drawn from."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from kit import Program, Trace
from kit.scenarios import SCENARIOS
from kit.tracks.svg.stage import Shown, StagePicture
from kit.tracks.svg.tables import MARKED
from kit.widgets import VIEWS
from tests.examples import examples
from tests.running import scenario
from tests.unit.tracks.runs import COUNTER, run, traces
from tests.unit.tracks.test_extremes import crowded_processes, crowded_threads, empty, only_loading

SVG = "{http://www.w3.org/2000/svg}"
ROOM = ("disk", "address_spaces", "frames", "cpu", "timeline", "process_table")
HIDDEN = ("transparent", "")


def shown(trace: Trace, *names: str) -> list[Shown]:
    """The views of a run as a stage has them."""
    pictures = {name: VIEWS[name].usual_layouts()[-1] for name in names}
    return [
        Shown(name, ("VIEW", name), lay_out(trace, **options))
        for name, (lay_out, options) in pictures.items()
    ]


def moment(trace: Trace, tick: int, *names: str, **given: object) -> ET.Element:
    """The root of a moment's SVG."""
    picture = StagePicture(trace, shown(trace, *names or VIEWS), [tick], **given)
    return ET.fromstring(picture.moment(tick).encode())


def words(root: ET.Element) -> list[str]:
    """What is written, a line each."""
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def squeezed(texts: list[str]) -> str:
    """Texts without blanks, since a line that is broken loses one."""
    return re.sub(r"\s", "", "".join(texts))


def check_words(trace: Trace, tick: int) -> None:
    """Each text of a figure, each cell of a table that has room, and the narration is written."""
    views = shown(trace, *VIEWS)
    root = ET.fromstring(StagePicture(trace, views, [tick]).moment(tick).encode())
    written = words(root)
    assert squeezed([trace.narration(tick).first.replace("`", "")]) in squeezed(written)
    for view in views:
        for mark in (mark for mark in view.picture.marks if mark.kind == "texts"):
            if mark.name in ("states", "ruler", "notes"):
                continue
            said = view.picture.channels[mark.name, "text"].at(tick)
            inks = view.picture.channels[mark.name, "colors"].at(tick)
            for text, ink in zip(said, inks, strict=True):
                assert ink in HIDDEN or not text or text in written, (view.name, mark.name)
        for mark in (mark for mark in view.picture.marks if mark.kind == "frames"):
            counts = view.picture.channels[mark.name, "summary"].at(tick)
            assert squeezed([counts[0]]) in squeezed(written)
    assert root.find(f"{SVG}desc").text.startswith(trace.narration(tick).first)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios(name):
    """All that the pictures of a scenario say in its middle and at its end is written."""
    trace = scenario(name)
    for tick in (trace.end // 2, trace.end):
        check_words(trace, tick)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(crowded_threads, marks=pytest.mark.slow),
        pytest.param(crowded_processes, marks=pytest.mark.slow),
        empty,
        only_loading,
    ],
)
def test_extreme_runs(make):
    """So it is in a run that is empty, cut or crowded."""
    trace = make()
    check_words(trace, trace.end)


@examples(10)
@given(trace=traces())
def test_random_runs(trace):
    """So it is in a random run."""
    check_words(trace, trace.end // 2)


def test_it_stands_alone():
    """Nothing is loaded, fonts end in generic ones, and the picture has a name and a text."""
    trace = scenario("lost_update")
    text = StagePicture(trace, shown(trace, *VIEWS), [42], title="counter").moment(42)
    assert set(re.findall(r"https?://[^\"]*", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"href|url\(|<script|@import|foreignObject", text)
    families = set(re.findall(r'font-family="([^"]*)"', text))
    assert {one.split(", ")[-1] for one in families} == {"sans-serif", "monospace"}
    root = ET.fromstring(text.encode())
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "counter, tick 42"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a&b", "\"'><g", "\x00\x1b\ud800]]>"]
)
def test_names_stay_text(name):
    """What somebody calls a program is text in the file; what no XML can hold is replaced."""
    trace = run(Program("p", COUNTER))
    root = moment(trace, 3, *ROOM, title=name)
    clean = re.sub("[\x00\x1b\ud800]", "\N{REPLACEMENT CHARACTER}", name)
    assert clean in words(root)
    assert not list(root.iter(f"{SVG}script"))


def test_the_timeline_shows_nothing_to_come():
    """Bars are as long as what they stand for, and the future is covered up to the edge."""
    trace = scenario("lost_update")
    picture = StagePicture(trace, shown(trace, "timeline"), [42])
    root = ET.fromstring(picture.moment(42).encode())
    figure = next(part for part in root.iter(f"{SVG}svg") if list(part.iter(f"{SVG}rect"))[5:])
    rects = [{name: one.get(name) for name in one.attrib} for one in figure.iter(f"{SVG}rect")]
    running = [one for one in rects if one["fill"] == "#0077BB"]
    _, _, block = next(one for one in picture.blocks if getattr(one[2], "span", None))
    pace, start = block.span.pace, block.span.start
    spans = {
        (round((float(one["x"]) - start) / pace), round(float(one["width"]) / pace))
        for one in running
    }
    states = trace.history.processes[2].threads[2].state
    turns = [
        (tick, end - tick)
        for tick, end in zip(states.ticks, [*states.ticks[1:], trace.end], strict=True)
        if states.at(tick) == "running"
    ]
    assert spans == set(turns)
    covers = [path.get("d") for path in figure.iter(f"{SVG}path") if path.get("fill") == "#ffffff"]
    assert any(cover.startswith(f"M{start + 42 * pace:.2f}".rstrip("0")) for cover in covers)


def test_what_a_question_holds_has_no_name():
    """While a question holds the run, lanes that are still to come and the legend are unnamed."""
    trace = scenario("lost_update")
    subtitle = "1 process · 3 threads"
    free = moment(trace, 2, "timeline", subtitle=subtitle)
    held = moment(trace, 2, "timeline", subtitle=subtitle, held=True)
    assert {"T1", "T2", "T3", subtitle} <= set(words(free))
    assert not {"T2", "T3", subtitle} & set(words(held))
    assert any("blocked" in line for line in words(free))
    assert not any("blocked" in line for line in words(held))


def test_a_table_that_is_cut_has_the_row_that_runs():
    """Of a long listing, the rows around the one that is executed are there, wherever it is."""
    lines = "\n".join(f"    x{n} = {n}" for n in range(80))
    trace = run(Program("p", f"def main():\n{lines}"))
    for tick in (trace.end // 2, trace.end - 9):
        root = moment(trace, tick, "listing")
        grounds = [one for one in root.iter(f"{SVG}rect") if one.get("fill") == MARKED]
        assert len(grounds) == 2  # of the source, and of the instructions
        assert "x0 = 0" not in "".join(words(root))


def seen(root: ET.Element, share: float) -> list[str]:
    """The elements of an animated SVG that can be seen at a share of its length, in order."""
    style = root.find(f"{SVG}style").text
    rules = {
        name: [(float(at), look) for at, look in re.findall(r"([\d.]+)%\{visibility:(\w+)\}", keys)]
        for name, keys in re.findall(r"@keyframes (\S+?)\{(.*?\})\}", style)
    }

    def looks(group: ET.Element) -> bool:
        turns = [look for at, look in rules[group.get("class")] if at <= share + 0.01]
        return turns[-1] == "visible"

    found = []
    for block in root.findall(f"{SVG}svg"):
        for one in block:
            if one.get("class") is None:
                found.append(one)
            elif looks(one):
                found.extend(one)
    return [ET.tostring(one, encoding="unicode") for one in found]


def test_a_stretch_shows_each_moment_in_its_time():
    """At each of its ticks an animated SVG shows what the picture of that moment shows."""
    trace, ticks = scenario("producer_consumer"), range(30, 38)
    picture = StagePicture(trace, shown(trace, *ROOM, "listing"), ticks)
    root = ET.fromstring(picture.stretch(0.25).encode())
    length = float(re.search(r"animation:([\d.]+)s", root.find(f"{SVG}style").text)[1])
    for place, tick in enumerate(ticks):
        still = ET.fromstring(picture.moment(tick).encode())
        drawn = [one for block in still.findall(f"{SVG}svg") for one in block]
        expected = [ET.tostring(one, encoding="unicode") for one in drawn]
        assert seen(root, 100 * place * 0.25 / length) == expected
    assert seen(root, 99.9) == expected


def test_a_stretch_respects_less_motion():
    """With reduced motion, or where nothing plays, the first tick is seen and no other."""
    trace = scenario("lost_update")
    picture = StagePicture(trace, shown(trace, *ROOM), range(10, 20))
    text = picture.stretch(0.25)
    assert "prefers-reduced-motion" in text
    root = ET.fromstring(text.encode())
    still = [one for one in root.iter(f"{SVG}g") if one.get("visibility") != "hidden"]
    others = [one for block in root.findall(f"{SVG}svg") for one in block if one.tag != f"{SVG}g"]
    first = ET.fromstring(picture.moment(10).encode())
    drawn = [one for block in first.findall(f"{SVG}svg") for one in block]
    assert len(drawn) == len(others) + sum(len(one) for one in still)
