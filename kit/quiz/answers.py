"""Answers as a file: what was answered in a notebook, without anything about who did.

One small JSON file beside the notebook. Nothing in it is ever executed, and whether an
answer is right is never read from it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.errors import KitError, plural
from kit.files import json_fault
from kit.quiz import history
from kit.quiz.answer_records import EXERCISE, EXPLANATION, fault_of, fault_of_new, short
from kit.quiz.file_lock import locked

__all__ = [
    "EXERCISE",
    "EXPLANATION",
    "LARGEST",
    "SUFFIX",
    "AnswerRecord",
    "AnswersError",
    "AnswersFile",
    "DamagedFile",
    "answers_name",
    "checked",
    "joined_with_file",
    "keep",
    "parse",
    "read",
    "without_answers",
]

FORMAT = "os-course-kit answers"
VERSION = 1
SUFFIX = ".answers.json"
LARGEST = 4_000_000
"""Characters of the largest file that is read."""
MOST_BYTES = 4 * LARGEST + 4
"""Bytes of the largest file that is read: up to four a character, and a mark before them."""
LONGEST_NAME = 255
"""Bytes of the longest name that a file can have."""
VARIABLE = "KIT_ANSWERS"
"""The environment variable that names the file, or is "off"."""
OFF = "off"
SESSION = "JPY_SESSION_NAME"
"""Set by Jupyter's server to the path of the notebook for which it starts a kernel."""
PATIENCE = 10.0
"""Seconds for which `keep` waits for another program that writes to the same file."""

DamagedFile = tuple[Path, str]
"""What a damaged file is called now, and what is wrong with it."""
AnswerRecord = dict[str, Any]
"""One answer: kind, prompt, tries, time, and choice, chosen and history, or text and more."""


def without_answers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a kernel in which nothing that is answered is kept or counts.

    A notebook that has started it may have handed its own name down.
    """
    others = {name: value for name, value in environment.items() if name != SESSION}
    return others | {VARIABLE: OFF}


class AnswersError(KitError):
    """A file of answers cannot be read."""


@dataclass(frozen=True)
class AnswersFile:
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
    answers: Mapping[str, AnswerRecord] = field(default_factory=dict)
    kit: str = ""

    def joined(self, other: AnswersFile) -> AnswersFile:
        """Return these answers joined with those of another file; of each key the later one.

        Of two answers of the same second, this file's stays; the tries of both are kept.
        """
        answers = dict(self.answers)
        for key, record in other.answers.items():
            ours = answers.get(key)
            later = ours if ours and record["time"] <= ours["time"] else record
            tries = history.joined(ours or {}, record)
            answers[key] = {**later, "history": tries} if tries else later
        return AnswersFile(self.notebook, answers, self.kit)

    def text(self) -> str:
        """Return it as the text of a file, a line for each answer.

        Raises
        ------
        AnswersError
            If it could not be read again.
        """
        head = {"format": FORMAT, "version": VERSION, "kit": self.kit, "notebook": self.notebook}
        _answers_file(head | {"answers": self.answers})
        try:
            before = json.dumps(head, indent=1).removesuffix("\n}")
            lines = [
                f"  {json.dumps(key)}: {json.dumps(record, allow_nan=False)}"
                for key, record in sorted(self.answers.items())
            ]
        except (TypeError, ValueError, RecursionError):
            raise AnswersError("it holds what JSON cannot hold") from None
        table = ",\n".join(lines)
        return f'{before},\n "answers": {{\n{table}\n }}\n}}\n'


def answers_name(notebook: str) -> str:
    """Return the name of the file with the answers of a notebook.

    That of a notebook with a name so long that there is no room for more is cut, and ends in
    a digest of the whole.
    """
    stem = notebook.removesuffix(".ipynb")
    # A damaged file is called something longer still.
    room = LONGEST_NAME - len(SUFFIX + ".bak999")
    if _length(stem) > room:
        while _length(stem) > room - 9:
            stem = stem[:-1]
        stem = f"{stem}-{_digest(notebook)[:8]}"
    return stem + SUFFIX


def notebook_name(name: str) -> str:
    """Return what a file of answers calls a notebook.

    A backslash, which may be part of a name on some systems and not on others, is written as
    a line.
    """
    return name.replace("\\", "_")


def parse(raw: bytes) -> AnswersFile:
    """Return the answers that the bytes of a file hold.

    Raises
    ------
    AnswersError
        If they are damaged, of another version, or something else.
    """
    try:
        text = raw.decode(_coding(raw)) if len(raw) <= MOST_BYTES else None
    except UnicodeDecodeError:
        raise AnswersError("it is not UTF-8 text") from None
    if text is None or len(text) > LARGEST:
        raise AnswersError(f"it has more than {LARGEST:,} bytes; answers are never as long as that")
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise AnswersError(f"it is {json_fault(error)}") from None
    except (ValueError, RecursionError):
        # Numbers of thousands of digits, and lists in lists without end.
        raise AnswersError("it is no valid JSON") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise AnswersError(f"it is JSON, but not “{FORMAT}”")
    if content.get("version") != VERSION or isinstance(content["version"], bool):
        raise AnswersError(
            f"it has version {short(content.get('version'))} of the format, and only "
            f"{VERSION} is known here; use the kit that wrote it"
        )
    return _answers_file(content)


def read(path: Path) -> AnswersFile:
    """Return the answers in a file.

    Raises
    ------
    AnswersError
        If it is damaged, of another version, or something else.
    OSError
        If there is none, or it cannot be opened.
    """
    with path.open("rb") as file:
        return parse(file.read(MOST_BYTES + 1))


def checked(record: AnswerRecord) -> AnswerRecord:
    """Return an answer that a file can hold, and give back as it is.

    Raises
    ------
    AnswersError
        If it is not of that shape, or too long.
    """
    wrong = fault_of_new(record)
    if wrong:
        raise AnswersError(f"an answer cannot be kept: {wrong}")
    return record


def keep(
    path: Path, answers_file: AnswersFile, *, patience: float = PATIENCE
) -> tuple[AnswersFile, DamagedFile | None]:
    """Write answers to a file, joined with those that somebody else has written to it.

    Whoever reads at the same time sees the old file or the new one. Whoever writes at the
    same time waits, in this process or another; what a file held before is in it afterwards.

    Parameters
    ----------
    path : Path
    answers_file : AnswersFile
    patience : float
        Seconds for which another writer is waited for; default 10.

    Returns
    -------
    AnswersFile
        What the file holds now.
    (Path, str) or None
        What a damaged file that was found there is called now, and what is wrong with it.

    Raises
    ------
    BlockingIOError
        If somebody else was writing to it all the time.
    OSError
        If the folder cannot be written, or the disk is full.
    AnswersError
        If there is more than a file can hold, or what could not be read again.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    with locked(_beside(path, ".lock"), patience):
        answers_file, damaged = joined_with_file(path, answers_file)
        raw = answers_file.text().encode("ascii")
        if len(raw) > LARGEST:
            raise AnswersError(f"the answers need more than {LARGEST:,} bytes")
        _replace(path, raw)
    return answers_file, damaged


def joined_with_file(
    path: Path, answers_file: AnswersFile
) -> tuple[AnswersFile, DamagedFile | None]:
    """Return answers joined with those of a file; a damaged file is put aside, as by `keep`.

    Raises
    ------
    OSError
        If the file cannot be read, or cannot be renamed.
    """
    try:
        return answers_file.joined(read(path)), None
    except FileNotFoundError:
        return answers_file, None
    except AnswersError as error:
        return answers_file, (_set_aside(path), str(error))


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
    """Put bytes in the place of a file, all at once; only one process does so at a time."""
    part = _beside(path, ".tmp")
    part.unlink(missing_ok=True)  # of a process that was ended while it wrote
    try:
        with part.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    """Return a hidden file that belongs to another one; its name is never too long."""
    name = f".{path.name}{ending}"
    if _length(name) > LONGEST_NAME:
        name = f".{_digest(path.name)[:16]}{ending}"
    return path.with_name(name)


def _length(name: str) -> int:
    """Return how many bytes a name needs at most; what is no character, as it comes from disk."""
    return len(name.encode("utf-8", "surrogatepass"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# -- what a file may hold ---------------------------------------------------------------


def _coding(raw: bytes) -> str:
    """Return how a text is coded: a mark before it, or UTF-16, comes from editors on Windows."""
    coding = json.detect_encoding(raw)
    has_mark = coding in ("utf-8-sig", "utf-16", "utf-32")
    return coding if has_mark or b"{" in raw[:4] else "utf-8"


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _answers_file(content: dict[str, Any]) -> AnswersFile:
    notebook, kit, answers = (content.get(name) for name in ("notebook", "kit", "answers"))
    if not isinstance(notebook, str) or not isinstance(kit, str):
        raise AnswersError("it does not say which notebook it is of")
    if not _is_file_name(notebook):
        raise AnswersError(f"it names {short(notebook)}, which is no notebook's file name")
    if not isinstance(answers, dict):
        raise AnswersError("it has no table of answers")
    for index, record in enumerate(answers.values(), 1):
        wrong = fault_of(record)
        if wrong:
            raise AnswersError(f"{wrong} in answer {index} of {plural(len(answers), 'answer')}")
    return AnswersFile(notebook, answers, kit)


def _is_file_name(name: str) -> bool:
    """Tell whether it names a notebook without saying in which folder."""
    return name.endswith(".ipynb") and not set(name) & set("/\\\0")
