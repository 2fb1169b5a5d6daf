"""The kernel in the page, outside of one: cells, ids, messages."""

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm, CommManager
from ipywidgets.widgets import widget

from kit.authoring.site import page_kernel
from kit.authoring.site.page_kernel import Kernel, Shell, comms_of

SLIDER = "import ipywidgets\nslider = ipywidgets.IntSlider(description='one')\nslider"


class Page:
    """What a page hears of a kernel, and what it says."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.buffers: list[list[bytes]] = []
        self.kernel = Kernel(self.hear)

    def hear(self, text: str, buffers: list[memoryview]) -> None:
        """Keep what the kernel has posted."""
        self.messages.append(json.loads(text))
        self.buffers.append([bytes(one) for one in buffers])

    def opened(self) -> list[tuple[str, str]]:
        """The ids and names of the models that were made."""
        return [
            (one["id"], one["data"]["state"]["_model_name"])
            for one in self.messages
            if one["kind"] == "comm_open"
        ]

    def say(self, number: int, one: str, *buffers: bytes, **data: Any) -> list[dict[str, Any]]:
        """Say something to a widget, and return what comes of it."""
        before = len(self.messages)
        self.kernel.take(json.dumps({"number": number, "id": one, "data": data}), buffers)
        return self.messages[before:]


class Comms(CommManager):
    """The comms of several kernels, whose ids are the same."""

    def unregister_comm(self, comm: BaseComm) -> None:
        """Forget a comm, which may have been the other kernel's."""
        self.comms.pop(comm.comm_id, None)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Page]]:
    """Makes a page whose kernel carries the messages of all widgets from now on."""
    comms, made, before = Comms(), [], set(widget._instances.values())
    monkeypatch.setattr(comm, "get_comm_manager", lambda: comms)

    def make() -> Page:
        made.append(Page())
        monkeypatch.setattr(comm, "create_comm", comms_of(made[-1].kernel))
        return made[-1]

    yield make
    of_cells = [one for page in made for one in page.kernel.names.values()]
    for one in {*widget._instances.values(), *filter(is_widget, of_cells)} - before:
        one.close()
    del of_cells
    gc.collect()


def is_widget(value: object) -> bool:
    """Tell whether a name of a cell stands for a widget."""
    return isinstance(value, widget.Widget)


@pytest.fixture
def page(pages: Callable[[], Page]) -> Page:
    """A page whose kernel carries the messages of all widgets."""
    return pages()


def test_ids_tell_the_cell_and_are_the_same_each_time(pages):
    """Two kernels that run the same cells make the same models under the same ids."""
    first = pages()
    first.kernel.run(4, SLIDER)
    first.kernel.run(7, SLIDER)
    second = pages()
    second.kernel.run(4, SLIDER)
    second.kernel.run(7, SLIDER)
    assert first.opened() == second.opened()
    expected = [f"c{cell}-{number}" for cell in (4, 7) for number in (1, 2, 3)]
    assert [one for one, _ in first.opened()] == expected


def test_what_is_made_later_has_ids_of_its_own(page):
    """A widget that an answer to the page makes is none of a cell."""
    page.kernel.run(0, f"{SLIDER}\nslider.observe(lambda _: ipywidgets.Label('new'), 'value')")
    slider = page.kernel.names["slider"].model_id
    page.say(1, slider, method="update", state={"value": 5}, buffer_paths=[])
    assert [one for one, name in page.opened() if name == "LabelModel"] == ["live1-3"]


def test_a_cell_tells_what_it_displays(page):
    """The last expression is displayed, unless a semicolon stands behind it."""
    page.kernel.run(1, SLIDER)
    assert page.kernel.shown == [page.kernel.names["slider"].model_id]
    page.kernel.run(2, "slider;")
    assert page.kernel.shown == []
    page.kernel.run(3, "1 + 1")
    assert page.kernel.shown == []


def test_a_message_reaches_its_widget_and_is_answered_by_number(page):
    """What the page says is taken, echoed, and said to be done, each with the message's number."""
    page.kernel.run(0, SLIDER)
    slider = page.kernel.names["slider"].model_id
    told = page.say(12, slider, method="update", state={"value": 5}, buffer_paths=[])
    assert page.kernel.names["slider"].value == 5
    assert {one["parent"] for one in told} == {12}
    assert [one["kind"] for one in told][-1] == "idle"
    assert "echo_update" in [one["data"]["method"] for one in told if one["kind"] == "comm_msg"]


def test_buffers_go_both_ways(page):
    """Bytes that a widget sends or is sent come whole."""
    source = (
        "import ipywidgets\nimage = ipywidgets.Image(value=b'ab')\n"
        "got = []\nimage.on_msg(lambda _one, _content, buffers: got.append(bytes(buffers[0])))"
    )
    page.kernel.run(0, source)
    assert [b"ab"] in page.buffers
    page.say(1, page.kernel.names["image"].model_id, b"\x00\xff", method="custom", content={})
    assert page.kernel.names["got"] == [b"\x00\xff"]


def test_what_fails_is_told_and_does_not_end_the_kernel(page, monkeypatch):
    """An error in a callback, or in a cell, is a line; what comes next is done."""
    monkeypatch.setattr(widget, "get_ipython", lambda: Shell(page.kernel))
    failing = "def fail(_): raise ValueError('no\\nsuch thing')\nslider.observe(fail, 'value')"
    page.kernel.run(0, SLIDER)
    page.kernel.run(1, failing)
    slider = page.kernel.names["slider"].model_id
    told = page.say(3, slider, method="update", state={"value": 5}, buffer_paths=[])
    failed = [one["error"] for one in told if one["kind"] == "failed"]
    assert failed == ["ValueError: no such thing"]
    assert told[-1]["kind"] == "idle"
    assert page.kernel.run(2, "1 / 0") == "ZeroDivisionError: division by zero"
    assert page.kernel.run(3, "def broken(").startswith("SyntaxError")
    assert page.kernel.run(4, "exit()").startswith("SystemExit")
    assert page.kernel.run(5, "after = 1") == ""


def test_a_message_for_nobody_is_done_with(page):
    """A widget that was closed meanwhile hears nothing, and nobody waits for it."""
    assert [one["kind"] for one in page.say(1, "c9-9", method="custom", content={})] == ["idle"]


def test_a_module_that_is_not_there_fails_when_it_is_used(page):
    """The other imports of a cell count; only what needs the missing one says so."""
    assert page.kernel.run(0, "import not_in_a_page as gone\nfrom math import pi") == ""
    assert page.kernel.run(1, "pi") == ""
    told = page.kernel.run(2, "gone.cpu_count()")
    assert told == "ImportError: not_in_a_page is not there in a page"


def test_numbers_that_json_lacks_become_nothing(page):
    """What is no number must not make the whole message unreadable."""
    page.kernel.post("comm_msg", id="x", data={"state": {"value": [1.0, float("nan")]}})
    assert page.messages[-1]["data"] == {"state": {"value": [1.0, None]}}


@pytest.mark.notebook
def test_widgets_are_made_without_ipython(tmp_path):
    """A kernel that was made ready for any page makes a stage of this one, and keeps answers."""
    code = f"""
import json, sys
sys.path.insert(0, {str(Path(page_kernel.__file__).parent)!r})
import page_kernel
said = []
answers = {str(tmp_path / "a" / "x.answers.json")!r}
kernel = page_kernel.made_ready()
assert not kernel.names.keys() - {{"__name__"}} and "kit.widgets" in sys.modules
page_kernel.connect(kernel, lambda text, _: said.append(json.loads(text)), answers)
assert kernel.run(0, "from kit.scenarios import lost_update") == ""
assert kernel.run(1, "from kit.widgets import Predict, Stage") == ""
assert kernel.run(5, "%%program mine N=4\\nN = 1\\ndef main(): print(N)") == ""
assert "N = 4" in kernel.names["mine"].text
told = kernel.run(6, "%%program mine\\ndef main():\\n    f = lambda: 1")
assert told.startswith("LanguageError: mine.py:3:9: "), told
assert kernel.run(7, "%%other mine\\nx = 1").startswith("SyntaxError")
assert kernel.run(3, "stage = Stage(lost_update())\\nstage") == ""
page_kernel.watch_answers(kernel)
assert kernel.run(2, "p = Predict.from_trace(stage.trace, kind='final_value', name='count')") == ""
kernel.names["p"].answer(0)
kept = json.loads([one["text"] for one in said if one["kind"] == "answers"][-1])
assert [one["tries"] for one in kept["answers"].values()] == [1], kept
tick = {{"method": "update", "state": {{"tick": 5}}, "buffer_paths": []}}
player = kernel.names["stage"].player
kernel.take(json.dumps({{"number": 1, "id": player.model_id, "data": tick}}))
assert player.tick == 5
assert not [one for one in said if one["kind"] == "failed"]
assert not hasattr(sys.modules["IPython"], "__file__")
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)
