"""What is shown, saved as a picture from the page."""

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import Page, expect

from tests.browser.page_logs import assert_no_errors
from tests.browser.stage import Shown

SVG = "{http://www.w3.org/2000/svg}"


def saved(stage: Shown, kind: str, folder: Path) -> Path:
    """Save the stage by its button, and return the file."""
    with stage.page.expect_download() as download:
        stage.button(f"as {kind}").press("Enter")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(stage.player.get_by_text(f"Saved as {path.name}.")).to_be_visible()
    return path


def ticks_of(stage: Shown) -> list[str]:
    """The ticks that are offered as a stretch, or were chosen."""
    fields = stage.player.get_by_role("spinbutton")
    return [one.input_value() for one in fields.all()]


def written_in(root: ET.Element) -> set[str]:
    """The lines of text in a picture."""
    return {"".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")}


def test_what_is_shown_is_saved(stage: Shown, page: Page, tmp_path: Path) -> None:
    """An SVG has what is shown, in words too, and loads nothing; a PNG is twice as large.

    A stretch has each of its ticks; the player is then where it was.
    """
    stage.player.get_by_role("slider", name="Tick").fill("42")
    stage.expect_tick(42)
    stage.player.get_by_text("Save picture").click()
    path = saved(stage, "SVG", tmp_path)
    assert path.name == "counter-tick-42.svg"
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("href", "url(", "class=", "style=", "foreignObject"))
    root = ET.fromstring(text)
    written = written_in(root)
    told = {"counter", "t = 42", "stack T2", "T2", "DISK", "pid", "blocked", "1 KiB"}
    assert told <= written
    assert not {"whole run", "Keys", "as SVG"} & written
    assert root.find(f"{SVG}desc").text.startswith(stage.first_sentence(42))
    raw = saved(stage, "PNG", tmp_path).read_bytes()
    size = struct.unpack(">II", raw[16:24])
    assert size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    assert ticks_of(stage) == ["42", str(stage.end)]
    a_stretch_is_saved(stage, tmp_path)
    assert_no_errors(page)


def a_stretch_is_saved(stage: Shown, folder: Path) -> None:
    """Save ticks 40 to 47, chosen by keyboard, after one that is none and one that was stopped."""
    first, last = stage.player.get_by_role("spinbutton").all()
    first.fill("50")
    last.fill("47")
    last.press("Enter")
    expect(stage.player.get_by_text("Tick 47 does not come after tick 50")).to_be_visible()
    first.fill("0")
    stage.button("as animated SVG").click()
    stage.button("Stop").click()
    expect(stage.player.get_by_text("Stopped; nothing was saved.")).to_be_visible()
    first.fill("4")
    first.press("End")
    stage.page.keyboard.type("0")
    assert ticks_of(stage) == ["40", "47"]
    stage.seek(42)
    path = saved(stage, "animated SVG", folder)
    stage.expect_tick(42)
    assert path.name == "counter-ticks-40-47.svg"
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("href", "url(", "style=", "foreignObject"))
    root = ET.fromstring(text)
    ticks = range(40, 48)
    assert {f"t = {tick}" for tick in ticks} <= written_in(root)
    told = [f"Tick {tick}: {stage.first_sentence(tick)}" for tick in ticks]
    assert root.find(f"{SVG}desc").text.splitlines() == told
    assert root.find(f"{SVG}title").text == "counter, ticks 40 to 47"
