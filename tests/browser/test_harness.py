"""Tests of the ground that the other browser tests stand on."""

import json
import struct
import time

import pytest
from playwright.sync_api import expect

from kit.check.browser.websockets import decode
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.page_logs import assert_no_errors, traffic
from tests.browser.stage import wait_until

SLIDER = """
import ipywidgets
slider = ipywidgets.IntSlider(value=5, description="ticks")
slider
"""
FIGURE = """
import bqplot
x = bqplot.LinearScale()
y = bqplot.LinearScale()
line = bqplot.Lines(x=[0, 1, 2], y=[2, 0, 1], scales={"x": x, "y": y})
bqplot.Figure(marks=[line], title="A line")
"""


@pytest.mark.parametrize("kind", ["jupyterlab", "notebook7", "voila"])
def test_widgets_render_and_reach_the_kernel(request, page, kind):
    """A slider and a figure show up, and moving the slider by keyboard reaches the kernel."""
    server = request.getfixturevalue(kind)
    opened = open_notebook(page, server, write_notebook(server, "widgets.ipynb", SLIDER, FIGURE))
    handle = page.get_by_role("slider")
    expect(handle).to_be_visible()
    expect(page.get_by_text("A line", exact=True)).to_be_visible()
    mark = traffic(page).mark()

    # Not an arrow: Notebook 7 takes those for itself.
    handle.press("PageUp")

    traffic(page).wait_for(lambda: traffic(page).comms(mark, "sent"))
    wait_until(page, lambda: opened.kernel_eval("slider.value") == 10, "the slider's value")
    assert traffic(page).comms(mark, "sent")[0].data["state"] == {"value": 10}
    assert_no_errors(page)


def test_run_cell_returns_the_outputs(page, jupyterlab):
    """A cell added to an open notebook runs, and its outputs and errors can be read."""
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, "empty.ipynb", "n = 20"))
    assert opened.run_cell("n + 1")[0]["data"]["text/plain"] == "21"
    assert opened.errors() == []
    opened.run_cell("1 / 0")
    assert opened.errors() == ["ZeroDivisionError: division by zero"]


def test_kernels_come_with_the_kit(page, jupyterlab):
    """A kernel of the server imports the kit under test."""
    name = write_notebook(jupyterlab, "import.ipynb", "import kit")
    assert open_notebook(page, jupyterlab, name).kernel_eval("kit.__name__") == "kit"


def test_slow_link_delays(jupyterlab, slow_link):
    """A request over a slow link takes at least one round trip longer than it does directly."""
    one_way = 0.15
    slow = slow_link(jupyterlab, one_way * 1000)
    jupyterlab.get("api")
    start = time.monotonic()
    slow.get("api")
    assert time.monotonic() - start > 2 * one_way


def test_widgets_work_over_a_slow_link(page, voila, slow_link):
    """A page that comes over a slow link talks to its kernel over that link too."""
    slow = slow_link(voila, 20)
    opened = open_notebook(page, slow, write_notebook(voila, "slow.ipynb", SLIDER))
    expect(page.get_by_role("slider")).to_be_visible()
    assert opened.kernel_eval("slider.value") == 5
    assert page.url.startswith(slow.url)


@pytest.mark.parametrize("script", ["throw new Error('broken')", "console.error('broken')"])
def test_errors_on_the_page_are_seen(page, script):
    """Neither an exception nor a console error on a page goes unnoticed."""
    page.set_content("<p>Nothing is wrong yet.</p>")
    assert_no_errors(page)
    page.add_script_tag(content=f"setTimeout(() => {{ {script} }})")
    page.wait_for_function("() => new Promise(done => setTimeout(() => done(true)))")
    with pytest.raises(AssertionError, match="broken"):
        assert_no_errors(page)


def frames_of(header, content, buffer):
    """Frame one message in each of the ways that a page and a server may have agreed on."""
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    message = {"channel": "iopub", "header": header, "parent_header": {}, "content": content}
    text = json.dumps(message)
    yield text
    start = 4 + 2 * 4
    yield struct.pack(">3I", 2, start, start + len(text)) + text.encode() + buffer
    v1 = [b"iopub", *parts, buffer]
    ends = [8 * (len(v1) + 2)]
    for part in v1:
        ends.append(ends[-1] + len(part))
    yield struct.pack(f"<{len(ends) + 1}Q", len(ends), *ends) + b"".join(v1)


def test_every_framing_is_decoded():
    """A widget message reads the same however it is framed, but for text, without its buffer."""
    header, content = {"msg_type": "comm_msg"}, {"data": {"method": "custom"}}
    messages = [decode(frame, "received") for frame in frames_of(header, content, b"bytes")]
    assert {m.channel for m in messages} == {"iopub"}
    assert [m.data for m in messages] == [content["data"]] * 3
    assert [m.buffers for m in messages] == [(), (b"bytes",), (b"bytes",)]
