"""The plain layers in Pyodide in a real browser, which may ask nobody but this machine."""

from pathlib import Path

from playwright.sync_api import Page

from kit.authoring.lite.runtime import runtime
from tests.browser.loopback import keep_to, served
from tests.browser.page_logs import assert_no_errors
from tests.pyodide import JAVASCRIPT, SCRIPT, assert_equal_to_cpython, write_archive

REPORT = """async () => {
    const [{ loadPyodide }, { report }, archive, script] = await Promise.all([
        import("/pyodide/pyodide.mjs"),
        import("/javascript/pyodide_facts.mjs"),
        fetch("/files/kit.zip").then((answer) => answer.arrayBuffer()),
        fetch("/files/portable.py").then((answer) => answer.text()),
    ]);
    return await report(loadPyodide, archive, script);
}"""


def test_every_fact_is_that_of_cpython(page: Page, tmp_path: Path):
    """Compiling, running, telling, asking and exploring give the same in a browser's Python."""
    write_archive(tmp_path / "kit.zip")
    (tmp_path / "portable.py").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "page.html").write_text(
        "<!doctype html><html lang=en><link rel=icon href=data:,><title>Pyodide</title></html>",
        encoding="utf-8",
    )
    places = {"pyodide": runtime(), "javascript": JAVASCRIPT, "files": tmp_path}
    with served(places) as address:
        outside = keep_to(page, address)
        page.goto(f"{address}/files/page.html")
        told = page.evaluate(REPORT)
    assert_equal_to_cpython(told)
    assert outside == []
    assert_no_errors(page)
