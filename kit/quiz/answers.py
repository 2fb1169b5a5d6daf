"""Answers as a file: what was answered in a notebook, without anything about who did.

One small JSON file beside the notebook. Nothing in it is ever executed, and whether an
answer is right is never read from it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import KitError, plural

FORMAT = "os-course-kit answers"
VERSION = 1
SUFFIX = ".answers.json"
LARGEST = 4_000_000
"""Bytes of the largest file that is read."""
LONGEST_NAME = 255
"""Bytes of the longest name that a file can have."""
EXERCISE = "exercise"
"""The kind of what is answered by a program; all others are answered by choices."""
VARIABLE = "KIT_ANSWERS"
"""The environment variable that names the file, or is "off"."""
OFF = "off"
SESSION = "JPY_SESSION_NAME"
"""Set by Jupyter's server to the path of the notebook for which it starts a kernel."""

MOST_TRIES = 10**9
_MOST_SECONDS = 1.0
_PAUSE = 0.01
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Aside = tuple[Path, str] | None
"""What a damaged file is called now, and what is wrong with it."""
Record = dict[str, Any]
"""One answer: kind, prompt, tries, time, and choice and chosen, or text and passed."""


def without_answers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a kernel in which nothing that is answered is kept or counts.

    A notebook that has started it may have handed its own name down.
    """
    others = {name: value for name, value in environment.items() if name != SESSION}
    return others | {VARIABLE: OFF}


class AnswersError(KitError):
    """A file of answers cannot be read."""


@dataclass(frozen=True)
class Sheet:
    """The answers given in one notebook.

    Attributes
    ----------
    notebook : str
        Name of its file, without a folder.
    answers : mapping of str to dict
        Key of a question or an exercise -> the answer last given.
    kit : str
        Version of the kit that wrote it.
    """

    notebook: str
    answers: Mapping[str, Record] = field(default_factory=dict)
    kit: str = ""

    def joined(self, other: Sheet) -> Sheet:
        """Return this sheet with the answers of another one; of each key the later one.

        Of two answers of the same second, this sheet's stays.
        """
        answers = dict(self.answers)
        for key, record in other.answers.items():
            if key not in answers or record["time"] > answers[key]["time"]:
                answers[key] = record
        return Sheet(self.notebook, answers, self.kit)

    def text(self) -> str:
        """Return it as the text of a file."""
        content = {
            "format": FORMAT,
            "version": VERSION,
            "kit": self.kit,
            "notebook": self.notebook,
            "answers": dict(sorted(self.answers.items())),
        }
        return json.dumps(content, indent=1) + "\n"


def answers_name(notebook: str) -> str:
    """Return the name of the file with the answers of a notebook."""
    return notebook.removesuffix(".ipynb") + SUFFIX


def parse(raw: bytes) -> Sheet:
    """Return the answers that the bytes of a file hold.

    Raises
    ------
    AnswersError
        If they are damaged, of another version, or something else.
    """
    if len(raw) > LARGEST:
        raise AnswersError(f"it has more than {LARGEST:,} bytes; answers are never as long as that")
    try:
        content = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise AnswersError("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise AnswersError(f"it is no valid JSON: {error.msg} at line {error.lineno}") from None
    except (ValueError, RecursionError):
        # Numbers of thousands of digits, and lists in lists without end.
        raise AnswersError("it is no valid JSON") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise AnswersError(f"it is JSON, but not “{FORMAT}”")
    if content.get("version") != VERSION or isinstance(content["version"], bool):
        raise AnswersError(
            f"it has version {_short(content.get('version'))} of the format, and only "
            f"{VERSION} is known here; use the kit that wrote it"
        )
    return _sheet(content)


def read(path: Path) -> Sheet:
    """Return the answers in a file.

    Raises
    ------
    AnswersError
        If it is damaged, of another version, or something else.
    OSError
        If there is none, or it cannot be opened.
    """
    with path.open("rb") as file:
        return parse(file.read(LARGEST + 1))


def checked(record: Record) -> Record:
    """Return an answer that a file can hold.

    Raises
    ------
    AnswersError
        If it is not of that shape.
    """
    wrong = _wrong(record)
    if wrong:
        raise AnswersError(f"an answer cannot be kept: {wrong}")
    return record


def keep(path: Path, sheet: Sheet) -> tuple[Sheet, Aside]:
    """Write answers to a file, joined with those that somebody else has written to it.

    Whoever reads at the same time sees the old file or the new one.

    Returns
    -------
    Sheet
        What the file holds now.
    (Path, str) or None
        What a damaged file that was found there is called now, and what is wrong with it.

    Raises
    ------
    OSError
        If the folder cannot be written.
    AnswersError
        If there is more than a file can hold.
    """
    with _alone(path):
        sheet, aside = joined_with_file(path, sheet)
        raw = sheet.text().encode("ascii")
        if len(raw) > LARGEST:
            raise AnswersError(f"the answers need more than {LARGEST:,} bytes")
        _replace(path, raw)
    return sheet, aside


def joined_with_file(path: Path, sheet: Sheet) -> tuple[Sheet, Aside]:
    """Return answers joined with those of a file; a damaged file is put aside, as by `keep`.

    Raises
    ------
    OSError
        If the file cannot be read, or cannot be renamed.
    """
    try:
        return sheet.joined(read(path)), None
    except FileNotFoundError:
        return sheet, None
    except AnswersError as error:
        return sheet, (_set_aside(path), str(error))


def _set_aside(path: Path) -> Path:
    """Rename a damaged file, so that nothing is lost; no older one is written over."""
    number = 1
    while True:
        aside = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        if not os.path.lexists(aside):
            path.rename(aside)
            return aside
        number += 1


def _replace(path: Path, raw: bytes) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with part.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other kernels from writing meanwhile; one that died holding the lock is not awaited."""
    lock = path.with_name(f".{path.name}.lock")
    for _ in range(round(_MOST_SECONDS / _PAUSE)):
        try:
            lock.open("xb").close()
            break
        except FileExistsError:
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


# -- what a file may hold ---------------------------------------------------------------


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _sheet(content: dict[str, Any]) -> Sheet:
    notebook, kit, answers = (content.get(name) for name in ("notebook", "kit", "answers"))
    if not isinstance(notebook, str) or not isinstance(kit, str):
        raise AnswersError("it does not say which notebook it is of")
    if not _is_file_name(notebook):
        raise AnswersError(f"it names {_short(notebook)}, which is no notebook's file name")
    if not isinstance(answers, dict):
        raise AnswersError("it has no table of answers")
    for place, record in enumerate(answers.values(), 1):
        wrong = _wrong(record)
        if wrong:
            raise AnswersError(f"{wrong} in answer {place} of {plural(len(answers), 'answer')}")
    return Sheet(notebook, answers, kit)


def _is_file_name(name: str) -> bool:
    """Tell whether a file can be called so, in one folder."""
    if not name.endswith(".ipynb") or set(name) & set('/\\:\0"<>|?*') or not name.isprintable():
        return False
    return len(name.encode()) <= LONGEST_NAME


def _wrong(record: object) -> str:
    """Return what is wrong with an answer, or nothing."""
    if not isinstance(record, dict):
        return f"there is {_short(record)} instead of an answer"
    fields = _FIELDS | (_PROGRAM if record.get("kind") == EXERCISE else _CHOICES)
    unfit = (name for name, fits in fields.items() if not fits(record.get(name)))
    return next((f"{name} is {_short(record.get(name))}" for name in unfit), "")


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


_Fields = dict[str, Callable[[object], bool]]
_FIELDS: _Fields = {"kind": _is_text, "prompt": _is_text, "tries": _is_count, "time": _is_time}
_CHOICES: _Fields = {"choice": _are_texts, "chosen": _are_places}
_PROGRAM: _Fields = {"text": _is_text, "passed": _is_flag}
