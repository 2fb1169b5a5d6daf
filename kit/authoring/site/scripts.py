"""JSON in the text of a page."""

from __future__ import annotations

import json


def as_script(value: object) -> str:
    """Return JSON that can stand in an element ``<script>``, whatever its texts are."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
