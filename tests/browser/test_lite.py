"""The site with JupyterLite in a real browser, which may ask nobody but this machine.

numpy and pandas for Pyodide can only be had from a CDN, so that the pictures of a lesson are not
drawn here. Everything else runs.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kit.authoring.lite.build import build_lite
from tests.browser.loopback import keep_to, served
from tests.browser.page_logs import assert_no_errors
from tests.pyodide_distribution import make_distribution

ROOT = Path(__file__).parents[2]
LESSON = "12_the_price_of_sharing.ipynb"
PATIENCE = 120_000
PANEL = "window.jupyterapp?.shell.currentWidget"
IS_OPEN = f"() => Boolean({PANEL}?.content?.model?.cells?.length)"
IS_IDLE = f"() => {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"
# Runs code in a cell's way and returns how it ended and what it printed.
RUN = f"""async (code) => {{
    const kernel = {PANEL}.sessionContext.session.kernel;
    const future = kernel.requestExecute({{ code }});
    const said = [];
    future.onIOPub = ({{ content }}) => said.push(content.text ?? content.evalue ?? "");
    const reply = await future.done;
    return {{ status: reply.content.status, said: said.join("") }};
}}"""
DIGESTS = """
import json, sys
import piplite
await piplite.install("os-course-kit", deps=False)
from kit.scenarios import SCENARIOS
assert sys.platform == "emscripten"
print(json.dumps({name: scenario().digest for name, scenario in SCENARIOS.items()}))
"""
WIDGET = """
import piplite
await piplite.install(["anywidget", "ipywidgets"])
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const button = document.createElement("button");
        button.id = "count";
        button.textContent = model.get("value");
        button.onclick = () => { model.set("value", 42); model.save_changes(); };
        model.on("change:value", () => { button.textContent = model.get("value"); });
        el.append(button);
    } }'''
    value = traitlets.Int(41).tag(sync=True)
counter = Counter()
counter
"""
RUN_CELL = f"""async (source) => {{
    const {{ content: notebook }} = {PANEL};
    notebook.activeCellIndex = notebook.widgets.length - 1;
    await jupyterapp.commands.execute('notebook:insert-cell-below');
    notebook.activeCell.model.sharedModel.setSource(source);
    await jupyterapp.commands.execute('notebook:run-cell');
}}"""


@pytest.fixture
def service_workers() -> str:
    """JupyterLite reports an error where it may not have its own."""
    return "allow"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site with every lesson and with Pyodide in it."""
    top = tmp_path_factory.mktemp("lite")
    pyodide = make_distribution(top / "pyodide")
    build_lite([ROOT / "lessons"], top / "site", pyodide=str(pyodide))
    with served({"site": top / "site"}) as address:
        yield f"{address}/site"


def open_lesson(page: Page, site: str) -> list[str]:
    """Open a lesson, wait for its kernel, and return what the page asked elsewhere, a list."""
    outside = keep_to(page, site)
    page.goto(f"{site}/lab/index.html?path={LESSON}")
    page.wait_for_function(IS_OPEN, timeout=PATIENCE)
    page.wait_for_function(IS_IDLE, timeout=PATIENCE)
    return outside


def run(page: Page, code: str) -> dict[str, Any]:
    """Run code in the kernel of the lesson that is open."""
    return dict(page.evaluate(RUN, code))


@pytest.mark.thorough
def test_the_kit_runs_in_a_lessons_kernel(page: Page, site: str):
    """A lesson opens, its kernel installs the kit from the site, and digests are CPython's."""
    outside = open_lesson(page, site)
    done = run(page, DIGESTS)
    assert done["status"] == "ok", done
    golden = json.loads((ROOT / "tests/data/scenario_digests.json").read_text(encoding="utf-8"))
    assert json.loads(done["said"]) == golden
    assert outside == []
    assert_no_errors(page)


@pytest.mark.thorough
def test_widgets_talk_to_the_kernel(page: Page, site: str):
    """A widget of the kind that ours are is drawn, and its click reaches the kernel."""
    outside = open_lesson(page, site)
    page.evaluate(RUN_CELL, WIDGET)
    button = page.locator("#count")
    button.click(timeout=PATIENCE)
    page.wait_for_function("() => document.querySelector('#count').textContent === '42'")
    assert run(page, "print(counter.value)")["said"].strip() == "42"
    assert outside == []
    assert_no_errors(page)
