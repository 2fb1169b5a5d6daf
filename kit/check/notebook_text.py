"""How notebooks are stored: always in the same form, so that a change shows only what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}


def as_text(raw: Mapping[str, Any]) -> str:
    """Return the text of a notebook file, in the form in which Jupyter writes it."""
    settings: dict[str, Any] = {"indent": 1, "sort_keys": True}
    text = json.dumps(raw, ensure_ascii=False, **settings)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a character, such as an editor leaves that cuts a text in its middle.
        text = json.dumps(raw, ensure_ascii=True, **settings)
    return text + "\n"
