"""What is wrong with a notebook that was visited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from kit.check.browser.held_errors import held
from kit.check.browser.lab import PageLost
from kit.check.browser.page_logs import PageError
from kit.check.browser.visits import BUSY_SECONDS, Visit
from kit.check.notebooks import Notebook
from kit.check.results import Problem
from kit.errors import plural

SERIOUS = ("serious", "critical")
SNIPPET = 160
# What widgets say when their kernel is gone: this notebook's has died, or the last one's is closed.
WITHOUT_KERNEL = re.compile(r"Cannot send|Canceled future|Kernel is (dead|disposed)")
# What only a person's own click may do; that it failed here says nothing.
NEEDS_A_PERSON = re.compile(r"NotAllowedError|user (gesture|activation)|user didn't interact")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_IN_CELL = re.compile(r"Cell In\[(\d+)\]")
_NOT_LOADED = re.compile(r"Failed to load resource: (.*)")


def problems_of(notebook: Notebook, seen: Visit, seconds: float, place: str) -> list[Problem]:
    """Return what is wrong with a notebook, in the order of its cells.

    Parameters
    ----------
    notebook : Notebook
    seen : Visit
        What was seen of it.
    seconds : float
        How long its cells were given.
    place : str
        The part of a URL behind which stands what is in the notebook's folder.
    """
    found = [
        *_cell_errors(notebook, seen),
        *_early_ends(notebook, seen, seconds),
        *_page_errors(notebook, seen, place),
        *_kernel_errors(notebook, seen),
        *_without_size(notebook, seen),
        *_violations(notebook, seen),
    ]
    return sorted(found, key=lambda problem: problem.cell or len(notebook.cells) + 1)


def _problem(
    notebook: Notebook, cell: int | None, rule: str, found: str, remedy: str, details: str = ""
) -> Problem:
    if cell and cell <= len(notebook.cells):
        return notebook.cells[cell - 1].problem(rule, found, remedy, details)
    return Problem(rule, found, remedy, details=details)


def _said(error: dict[str, Any]) -> str:
    text = f"{error.get('ename', '')}: {error.get('evalue', '')}".strip()
    return _ANSI.sub("", text.splitlines()[0] if text else "an error").rstrip(":")


def _traceback(error: dict[str, Any]) -> str:
    return _ANSI.sub("", "\n".join(error.get("traceback", ())))


def _cell_errors(notebook: Notebook, seen: Visit) -> Iterator[Problem]:
    for number, cell in enumerate(seen.cells, 1):
        if "raises-exception" in cell["tags"]:
            continue
        for error in cell["errors"]:
            found = f"it ended in {_said(error)}, and the cells after it were not run"
            remedy = "mend it, or tag it raises-exception if that is what it is there to show"
            yield _problem(notebook, number, "cell-error", found, remedy, _traceback(error))


def _unfinished(seen: Visit) -> int | None:
    """Return the number of the cell that was being run when it all ended, if there is one."""
    cells = enumerate(seen.cells, 1)
    waiting = (n for n, c in cells if c["type"] == "code" and not c["blank"] and c["count"] is None)
    return next(waiting, None)


def _early_ends(notebook: Notebook, seen: Visit, seconds: float) -> Iterator[Problem]:
    cell = None if seen.was_run else _unfinished(seen)
    if seen.lost is not None:
        yield _lost(seen, seen.lost)
    elif seen.end == "died":
        remedy = "look for what ends a process: os._exit, native code, more memory than there is"
        yield _problem(notebook, cell, "kernel-died", f"the kernel died when {seen.stage}", remedy)
    elif seen.end == "input":
        remedy = "take the call of input() out: a notebook is run without anybody to type"
        yield _problem(notebook, cell, "timeout", "it waits for input", remedy)
    elif seen.end == "late":
        found = f"it was not done when the notebook's {plural(round(seconds), 'second')} were over"
        remedy = "make it quicker, or set notebook_seconds in [tool.kit.check] of pyproject.toml"
        yield _problem(notebook, cell, "timeout", found, remedy)
    elif seen.end == "busy":
        after = "its buttons were pressed" if seen.pressed else "it was run"
        found = f"the kernel was still busy {BUSY_SECONDS} seconds after {after}"
        yield Problem("timeout", found, "let the functions that answer widgets do less")


def _lost(seen: Visit, lost: PageLost) -> Problem:
    if lost.late:
        found = f"the page stopped answering when {seen.stage}"
        return Problem("timeout", found, "look for JavaScript that never ends")
    remedy = "look for what sends the page elsewhere or makes it crash"
    found = f"the page was lost when {seen.stage}"
    return Problem("page-error", found, remedy, details=str(lost))


def _page_errors(notebook: Notebook, seen: Visit, place: str) -> Iterator[Problem]:
    told: set[str] = set()
    for late, errors in ((False, seen.errors), (True, seen.late_errors)):
        for error in errors:
            said = error.text.splitlines()[0] if error.text else "an error"
            harmless = WITHOUT_KERNEL.search(said) or (late and NEEDS_A_PERSON.search(error.text))
            if harmless or said in told:
                continue
            told.add(said)
            yield _page_error(notebook, seen, error, said.removeprefix("Uncaught "), late, place)


def _page_error(
    notebook: Notebook, seen: Visit, error: PageError, said: str, late: bool, place: str
) -> Problem:
    details = str(error)
    if missing := _NOT_LOADED.match(said):
        name = error.url.partition(place)[2] or error.url
        name = unquote(name.split("?")[0])
        cell = next((cell.number for cell in notebook.cells if name in cell.source), None)
        found = f"the page could not load {name} ({missing[1].rstrip()})"
        remedy = "put the file where the notebook names it"
        return _problem(notebook, cell, "page-error", found, remedy, details)
    remedy = "mend the JavaScript; the browser's console (F12) shows where it is"
    if not late:
        return Problem("page-error", f"the page reported {said}", remedy, None, "", details)
    button = next((b for b in seen.raised if b["message"].endswith(said)), None)
    if button is None:
        found = f"when buttons were pressed, the page reported {said}"
        return Problem("page-error", found, remedy, None, "", details)
    found = f"pressing the button '{button['label']}' made the page report {said}"
    return _problem(notebook, button["cell"], "page-error", found, remedy, details)


def _kernel_errors(notebook: Notebook, seen: Visit) -> Iterator[Problem]:
    """Yield the exceptions in the kernel that neither a cell nor an Output widget shows."""
    shown = [_traceback(error) for cell in seen.cells for error in cell["errors"]]
    shown += [_traceback(message.content) for message in held(seen.messages)]
    numbers = {c["count"]: n for n, c in enumerate(seen.cells, 1) if c["count"] is not None}
    for message in seen.messages:
        if message.msg_type != "error" or message.channel != "iopub":
            continue
        traceback = _traceback(message.content)
        if traceback in shown:
            continue
        shown.append(traceback)
        counts = [int(count) for count in _IN_CELL.findall(traceback)]
        cell = next((numbers[count] for count in reversed(counts) if count in numbers), None)
        asked = message.parent.get("msg_type") == "comm_msg"
        what = (
            "a function that answers a widget raised" if asked else "no cell shows that it raised"
        )
        found = f"{what} {_said(message.content)}"
        remedy = "mend the function: people who use the widget see nothing of it"
        yield _problem(notebook, cell, "kernel-error", found, remedy, traceback)


def _without_size(notebook: Notebook, seen: Visit) -> Iterator[Problem]:
    for widget in seen.widgets:
        if widget["good"]:
            continue
        if failed := widget["failed"]:
            found = f"its widget could not be shown ({failed.splitlines()[0]})"
            remedy = "read what the page reported, and display the widget while it is open"
        else:
            found = f"its widget shows nothing ({widget['width']} by {widget['height']} pixels)"
            remedy = "let its render add something that has a size"
        yield _problem(notebook, widget["cell"], "no-size", found, remedy, failed)


def _violations(notebook: Notebook, seen: Visit) -> Iterator[Problem]:
    serious = [found for found in seen.violations if found["impact"] in SERIOUS]

    def kind(violation: dict[str, Any]) -> tuple[int, str]:
        return violation["cell"], violation["rule"]

    for (cell, rule), group in groupby(sorted(serious, key=kind), key=kind):
        nodes = list(group)
        more = f" and {plural(len(nodes) - 1, 'more such element')}" if nodes[1:] else ""
        html = nodes[0]["html"]
        snippet = html if len(html) <= SNIPPET else html[:SNIPPET] + "…"
        found = f"{rule}: {nodes[0]['help']}, but there is {snippet}{more}"
        details = "\n\n".join(f"{node['html']}\n{node['summary']}".strip() for node in nodes)
        yield _problem(notebook, cell, "accessibility", found, _remedy(nodes[0]), details)


SHOW_PICTURE = (
    "plt.savefig(file := io.BytesIO()); plt.close(); "
    "data = base64.b64encode(file.getvalue()).decode(); "
    """HTML(f'<img alt="…" src="data:image/png;base64,{data}">')"""
)
"""The code that shows a picture of matplotlib with a text for those who cannot see it."""


def _remedy(violation: dict[str, Any]) -> str:
    if violation["rule"] == "image-alt":
        return f"show the picture with words that say what it shows; for matplotlib: {SHOW_PICTURE}"
    if violation["rule"] == "button-name":
        return "give the button a text, a title or an aria-label"
    return f"mend it as {violation['url'].split('?')[0]} says"
