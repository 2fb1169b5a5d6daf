"""The key of an exam, read: what each paper asks, and what is right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kit.authoring.grading.lesson import Asked
from kit.authoring.grading.marking import Judging
from kit.errors import KitError
from kit.files import json_fault, read_text

FORMAT = "os-course-kit exam key"


class KeyLesson:
    """A paper of an exam, as a key describes it.

    Parameters
    ----------
    asked : sequence of Asked
    """

    def __init__(self, asked: Sequence[Asked]) -> None:
        self.asked = list(asked)

    def judge(self, _key: str, _text: str) -> tuple[bool, str]:
        """Refuse a program: an exam asks for none."""
        return False, "an exam asks for no program"


def read_key(path: Path) -> dict[str, Judging]:
    """Return the papers of a key, by the names of their notebooks.

    Raises
    ------
    KitError
        If it is no key, or damaged.
    """
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise KitError(f"{path}: this is no key of an exam: {json_fault(error)}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KitError(f"{path}: this is no key of an exam; name the key.json that kit exam wrote")
    try:
        questions = {key: Asked.of(one) for key, one in content["questions"].items()}
        return {
            name: KeyLesson([questions[key] for key in keys])
            for name, keys in content["papers"].items()
        }
    except (AttributeError, KeyError, TypeError):
        raise KitError(f"{path}: the key is damaged; make it again with the same seed") from None
