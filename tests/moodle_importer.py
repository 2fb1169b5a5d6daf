"""Holds an exam in Moodle XML to Moodle's own importer, which no package index has.

``python -m tests.moodle_importer FOLDER`` takes it from a folder, a checkout of
https://github.com/moodle/moodle (tried with the code of 5.0; that of 3.7 does not run on PHP 8),
and needs ``php`` with its XML and mbstring extensions. Where no file is named, a small exam with a
question of each form is made.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from kit.authoring.exam.moodle import moodle_of
from kit.authoring.exam.sheets import Sheets
from tests.unit.authoring.exam.exams import an_exam

IMPORTER = Path(__file__).parent / "data" / "moodle_importer.php"
LONGEST = 200
"""Signs of a name that Moodle keeps in any case."""


def faults(file: Path, folder: Path) -> Iterator[str]:
    """Yield what Moodle says of a file, and where it reads another text than the file has.

    Parameters
    ----------
    file : Path
        Moodle XML.
    folder : Path
        A checkout of Moodle.
    """
    command = ["php", "-d", "display_errors=stderr", str(IMPORTER), str(folder), str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        yield f"Moodle cannot read it: {ran.stderr.strip()}"
        return
    read = json.loads(ran.stdout)
    yield from read["faults"]
    written = list(ET.parse(file).getroot())
    if len(written) != len(read["questions"]):
        yield f"it reads {len(read['questions'])} of {len(written)} questions"
        return
    for question, found in zip(written, read["questions"], strict=True):
        for name, is_written, is_read in _pairs(question, found):
            if is_written != is_read:
                yield f"{name}: written is {is_written!r}, read is {is_read!r}"


def _pairs(question: ET.Element, found: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield of each part of a question its name, what is written, and what Moodle reads."""
    if question.get("type") == "category":
        path = question.findtext("category/text", "").replace("//", "\0").split("/")
        yield "category", [part.replace("\0", "/") for part in path], found["path"]
        return
    for name in ("questiontext", "generalfeedback"):
        yield name, question.findtext(f"{name}/text"), found[name]
    yield "name", question.findtext("name/text", "")[:LONGEST], found["name"][:LONGEST]
    for name in ("idnumber", "penalty"):
        yield name, question.findtext(name), found[name]
    pictures = {
        f"{one.get('path')}{one.get('name')}": base64.b64decode(one.text or "").decode()
        for one in question.iterfind("questiontext/file")
    }
    read = {name: base64.b64decode(one).decode() for name, one in found["files"].items()}
    yield "pictures", pictures, read
    order = question.get("type") == "matching"
    parts = "subquestion" if order else "answer"
    texts = [one.findtext("text") for one in question.iterfind(parts)]
    yield parts, texts, [one["text"] for one in found["subquestions" if order else "answer"]]
    if order:
        numbers = [one.findtext("answer/text") for one in question.iterfind(parts)]
        yield "order", numbers, found["subanswers"]
    else:
        why = [one.findtext("feedback/text") for one in question.iterfind(parts)]
        yield "feedback", why, [one["text"] for one in found["feedback"]]


def main() -> None:
    """Say what is wrong, and end with 1 if something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a checkout of Moodle")
    parser.add_argument("file", type=Path, nargs="?", help="a moodle.xml; else one is made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = given.file or Path(folder, "moodle.xml")
        if not given.file:
            file.write_text(moodle_of(an_exam(), Sheets()), "utf-8")
        found = list(faults(file, given.folder))
    sys.stdout.write("\n".join(found or ["Moodle reads everything as it is written."]) + "\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
