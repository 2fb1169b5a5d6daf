"""What an answer in a file of answers may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from kit.quiz.history import MOST, OPTIONAL

EXERCISE = "exercise"
"""The kind of what is answered by a program."""
EXPLANATION = "explanation"
"""The kind of what is answered in words; all others are answered by choices."""
MOST_TRIES = 10**9
LONGEST = 500_000
"""Characters of the longest answer in a file; one alone must not keep the others out."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def fault_of(record: object) -> str:
    """Return what is wrong with an answer, or nothing."""
    if not isinstance(record, dict):
        return f"there is {short(record)} instead of an answer"
    fields = _FIELDS | _ANSWERS.get(str(record.get("kind")), _CHOICES)
    fields = fields | {name: fits for name, fits in _OPTIONAL.items() if name in record}
    unfit = (name for name, fits in fields.items() if not fits(record.get(name)))
    return next((f"{name} is {short(record.get(name))}" for name in unfit), "")


def fault_of_new(record: dict[str, Any]) -> str:
    """Return why a new answer cannot be written so that it is read again, or nothing."""
    fault = fault_of(record)
    if fault:
        return fault
    try:
        text = json.dumps(record, allow_nan=False)
        same = json.loads(text) == record
    except (TypeError, ValueError, RecursionError):
        return "it holds what JSON cannot hold"
    if len(text) > LONGEST:
        return f"it has more than {LONGEST:,} characters"
    return "" if same else "it holds what JSON cannot hold"


def short(value: object) -> str:
    """Return a value as a sentence may show it."""
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TRIES


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_places(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_count, value))


def _is_time(value: object) -> bool:
    return isinstance(value, str) and bool(_TIME.fullmatch(value)) and value.isascii()


def _are_tries(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST and all(map(_is_try, value))


def _is_try(value: object) -> bool:
    if not isinstance(value, dict) or not _is_count(value.get("try")):
        return False
    answered = _are_places(value.get("chosen")) or _is_flag(value.get("passed"))
    told = all(_is_text(value.get(name, "")) for name in OPTIONAL)
    known = len(value.keys() - set(OPTIONAL)) == 3
    return answered and told and known and _is_time(value.get("time"))


def _are_misses(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST and all(map(_are_places, value))


_Fields = dict[str, Callable[[object], bool]]
_FIELDS: _Fields = {"kind": _is_text, "prompt": _is_text, "tries": _is_count, "time": _is_time}
_CHOICES: _Fields = {"choice": _are_texts, "chosen": _are_places}
_ANSWERS: dict[str, _Fields] = {
    EXERCISE: {"text": _is_text, "passed": _is_flag},
    EXPLANATION: {"text": _is_text, "ticked": _are_places},
}
"""Kind of what is not answered by choices -> what its answer holds."""
_OPTIONAL: _Fields = {
    "history": _are_tries,
    "misses": _are_misses,
    **dict.fromkeys(OPTIONAL, _is_text),
}
"""What an answer may hold besides."""
