"""Stages that are saved as pictures."""

import struct
from xml.etree import ElementTree as ET

import pytest

from kit import ArgumentError
from kit.errors import KitError
from kit.files import FileError
from kit.widgets import Predict, Stage
from tests.running import scenario

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def stage() -> Stage:
    """A stage at tick 42."""
    return Stage(scenario("lost_update"), tick=42)


def titles(path) -> str:
    """The name of the picture in a file."""
    return ET.parse(path).getroot().find(f"{SVG}title").text


def test_a_moment(stage, tmp_path):
    """The moment of the player is written, or another one that is named."""
    assert titles(stage.save(tmp_path / "a.svg")) == "counter, tick 42"
    assert titles(stage.save(str(tmp_path / "b.SVG"), t=7)) == "counter, tick 7"


def test_a_stretch(stage, tmp_path):
    """A stretch is written at the rate of the player."""
    stage.player.speed = 2.0
    path = stage.save(tmp_path / "run.svg", ticks=(10, 20))
    assert titles(path) == "counter, ticks 10 to 20"
    seconds = (11 + 6) / (stage.player.ticks_per_second * 2)
    assert f"animation:{seconds:.3f}s" in path.read_text()


def test_what_is_folded_is_left_out(stage, tmp_path):
    """A view that Python has folded is not in the picture; its options and its zoom are."""
    stage.disk.folded = True
    stage.timeline.lanes = "core"
    stage.timeline.widgets["zoom"].window = [20, 60]
    texts = list(ET.parse(stage.save(tmp_path / "a.svg")).getroot().itertext())
    assert "DISK" not in texts
    assert {"TIMELINE", "one lane for each core", "20", "60"} <= set(texts)
    assert not {"0", "80"} & {text for text in texts if text.isdigit()} - {"0"}


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("a.gif", {"ticks": (1, 2)}, "a.gif is no picture that can be written; name it .svg"),
        ("a", {}, "a is no picture that can be written"),
        ("", {}, "'' is no picture that can be written"),
        (7, {}, "the path is 7; give a text such as 'picture.svg'"),
        ("a.svg", {"t": 103}, "tick 103 is not in the run; it goes from tick 0 to 102"),
        ("a.svg", {"t": True}, "ticks is"),
        ("a.svg", {"ticks": (9, 3)}, "ticks 9 to 3 are not in the run"),
        ("a.svg", {"ticks": 9}, "ticks is 9; give the first and the last, such as"),
        ("a.svg", {"t": 3, "ticks": (1, 2)}, "both t and ticks are given"),
        ("a.png", {"ticks": (1, 2)}, "a.png cannot hold a stretch; name it .svg"),
    ],
)
def test_what_cannot_be_saved(stage, path, given, said):
    """A wrong argument is refused, with what is wrong and what to do."""
    with pytest.raises(ArgumentError) as caught:
        stage.save(path, **given)
    assert str(caught.value).startswith(f"Stage.save: {said}")


def test_a_question_holds_it(stage, tmp_path):
    """What a question holds back is not saved either."""
    Predict.from_trace(stage.trace, kind="value_read", name="count", at=36, player=stage.player)
    limit = stage.player.limit
    with pytest.raises(ArgumentError, match="is not shown yet; the run stops at tick"):
        stage.save(tmp_path / "a.svg", t=limit + 1)
    stage.player.subtitle = "with an answer in it"
    held = stage.save(tmp_path / "a.svg", t=limit).read_text("utf-8")
    assert "with an answer in it" not in held


def test_a_png_without_a_browser(stage, tmp_path, monkeypatch):
    """Without a browser a PNG is refused with what to install; nothing is left behind."""
    monkeypatch.setenv("KIT_BROWSER", "no-such-browser")
    with pytest.raises(KitError, match=r"install Chromium or Chrome.*an \.svg needs no browser"):
        stage.save(tmp_path / "a.png")
    assert not list(tmp_path.iterdir())
    with pytest.raises(FileError, match="there is no folder"):
        stage.save(tmp_path / "none" / "a.png")


@pytest.mark.notebook
def test_a_png(stage, tmp_path, monkeypatch):
    """A PNG is twice as large each way as the SVG; what is no browser is said to draw nothing."""
    root = ET.parse(stage.save(tmp_path / "a.svg")).getroot()
    raw = stage.save(tmp_path / "a.png").read_bytes()
    assert raw.startswith(b"\x89PNG")
    size = struct.unpack(">II", raw[16:24])
    assert size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    monkeypatch.setenv("KIT_BROWSER", "true")
    with pytest.raises(KitError, match="drew no picture"):
        stage.save(tmp_path / "b.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "a.svg"]
