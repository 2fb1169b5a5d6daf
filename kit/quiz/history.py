"""The tries of an answer: what was thought first, and what came of it.

Each try is a small entry of the answer record: which try it was, when, and the places that were
chosen, or whether the program passed; which instance was asked, if it was not the question
itself; and the idea that the answer shows, if it shows one. As everything in a file of answers it
is what the file says, and what it is worth is judged by those who read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MOST = 20
"""Tries that are kept: the first one, and the last ones."""

OPTIONAL = ("instance", "idea")
"""What a try may say besides."""

Try = dict[str, Any]


def with_try(before: Mapping[str, Any], record: Mapping[str, Any]) -> list[Try]:
    """Return the tries of an answer, the new one among them.

    Parameters
    ----------
    before : mapping
        The answer record until now; empty if there was none.
    record : mapping
        The new one.
    """
    known = list(before.get("history", ()))
    if not known and before.get("tries") == 1:
        known = [_try_of(before)]
    return cut([*known, _try_of(record)])


def _try_of(record: Mapping[str, Any]) -> Try:
    what = "passed" if "passed" in record else "chosen"
    more = {name: record[name] for name in OPTIONAL if name in record}
    return {"try": record["tries"], "time": record["time"], what: record[what], **more}


def cut(tries: Iterable[Try]) -> list[Try]:
    """Return as many tries as are kept."""
    first, *others = [*tries] or [{}]
    return [one for one in (first, *others[-(MOST - 1) :]) if one]


def joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Try]:
    """Return the tries of two answer records to the same question, in the order of their times."""
    found: list[Try] = []
    for entry in (*one.get("history", ()), *other.get("history", ())):
        if entry not in found:
            found.append(entry)
    return cut(sorted(found, key=lambda entry: (entry["time"], entry["try"])))


def first_of(record: Mapping[str, Any]) -> Try | None:
    """Return the first try of an answer; None if it is not known any more."""
    history = record.get("history") or ()
    if history and history[0]["try"] == 1:
        first: Try = history[0]
        return first
    return _try_of(record) if not history and record.get("tries") == 1 else None
