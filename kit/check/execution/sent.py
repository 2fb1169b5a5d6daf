"""What a widget's JavaScript sends, read from its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import json5

_KEY = re.compile(r"""\s*(?:(\w+)|"([^"]*)"|'([^']*)')\s*(?::(.*))?$""", re.DOTALL)
_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "\"'`"


def message_of(written: str, traits: Mapping[str, Any]) -> Any:
    """Return the message that ``model.send(…)`` sends; None if that cannot be seen.

    A value that is computed in the page is taken from the trait of the same name, if there
    is one: ``{ do: "run", text: area.value }`` sends the widget's ``text``.

    Parameters
    ----------
    written : str
        What stands between the brackets.
    traits : mapping
        Values of the widget's traits.
    """
    parts = list(_parts(written))
    first = parts[0].strip() if parts else ""
    known, value = _literal(first)
    if known:
        return value
    if not (first.startswith("{") and first.endswith("}")):
        return None
    message = {}
    for entry in _parts(first[1:-1]):
        found = _KEY.match(entry)
        if found is None:
            return None
        name = next(filter(None, found.groups()[:3]), "")
        known, value = _literal(found[4] or "")
        if not known and name not in traits:
            return None
        message[name] = value if known else traits[name]
    return message


def _literal(text: str) -> tuple[bool, Any]:
    try:
        return True, json5.loads(text)
    except ValueError:
        return False, None


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between the commas that are in no bracket and no text."""
    depth, quote, start = 0, "", 0
    skip = False
    for place, character in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = character == "\\"
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    if text[start:].strip():
        yield text[start:]
