"""What a widget displays where no widget can be shown."""

from __future__ import annotations

import html
from typing import Any

SHORT = 3
"""Lines that are shown at once; more are folded away, because they tell what is to be predicted."""


def described(bundle: Any, text: str, *, fold: bool = False) -> Any:
    """Return what a widget displays, with stable text for readers without widgets.

    Where only text can be shown it is `text`; where HTML can, a long one can be folded away.
    """
    words = {"text/plain": text, **(_folded(text) if fold else {})}
    if isinstance(bundle, tuple):
        return ({**bundle[0], **words}, *bundle[1:])
    return {**bundle, **words}


def _folded(text: str) -> dict[str, str]:
    first, _, rest = text.partition("\n")
    if rest.count("\n") < SHORT:
        return {}
    shown = f"<summary>{html.escape(first)} (in words)</summary>"
    lines = f'<pre style="white-space: pre-wrap">{html.escape(rest)}</pre>'
    return {"text/html": f"<details>{shown}{lines}</details>"}
