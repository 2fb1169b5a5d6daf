"""What this kernel's notebook asks about runs, as plain data from which others like it are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.answering.notebook import known
from kit.errors import KitError
from kit.quiz.answers import EXERCISE, EXPLANATION
from kit.quiz.equivalent import found_details
from kit.trace.link import packed_run

BY_HAND = "it was put together by hand, and nothing says how to ask the same about another run"


def write_instances(path: str) -> None:
    """Write what is asked, in order, with the run of each question, or why it has none.

    Parameters
    ----------
    path : str
        A file, which is replaced.
    """
    told = [_told(item) for item in known() if item.kind not in (EXERCISE, EXPLANATION)]
    Path(path).write_text(json.dumps(told), encoding="utf-8")


def _told(item: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"prompt": item.prompt, "kind": item.kind, "key": item.key}
    run, details = item.source() if hasattr(item, "source") else (None, None)
    if run is not None and details is None:
        details = found_details(run, item.question)
    if run is None or details is None:
        return said | {"why": BY_HAND}
    try:
        return said | {"run": packed_run(run), "details": dict(details)}
    except KitError as error:
        return said | {"why": str(error)}
