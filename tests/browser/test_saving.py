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
        stage.button(f"as {kind}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(stage.player.get_by_text(f"Saved as {path.name}.")).to_be_visible()
    return path


def test_a_moment_is_saved(stage: Shown, page: Page, tmp_path: Path) -> None:
    """An SVG has what is shown, in words too, and loads nothing; a PNG is twice as large."""
    stage.player.get_by_role("slider", name="Tick").fill("42")
    stage.expect_tick(42)
    stage.player.get_by_text("Save picture").click()
    path = saved(stage, "SVG", tmp_path)
    assert path.name == "counter-tick-42.svg"
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("href", "url(", "class=", "style=", "foreignObject"))
    root = ET.fromstring(text)
    written = {"".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")}
    moment = stage.opened.kernel_eval("trace.narration(42).first").replace("`", "")
    told = {"counter", "t = 42", "stack T2", "T2", "DISK", "pid", "blocked", "1 KiB"}
    assert told <= written
    assert not {"whole run", "Keys", "as SVG"} & written
    assert root.find(f"{SVG}desc").text.startswith(moment)
    raw = saved(stage, "PNG", tmp_path).read_bytes()
    size = struct.unpack(">II", raw[16:24])
    assert size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    assert_no_errors(page)
