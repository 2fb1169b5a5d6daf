"""The command prints on every stream; what a stream cannot show is written otherwise."""

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit.check.printing import prepare_streams
from kit.cli import commands, main

pytestmark = pytest.mark.notebook

ENCODINGS = ("cp1252", "ascii")
HERE: dict[str, list[list[str]]] = {
    "check": [["lesson.ipynb", "--only", "static", "--junit", "x.xml", "--json", "x.json"]],
    "clean": [["lesson.ipynb"], ["--check", "lesson.ipynb"]],
    "coverage": [["page.ipynb"]],
    "doctor": [["--json", "x.json"]],
    "exam": [["nö.ipynb", "--students", "2", "--seed", "1"]],
    "gallery": [[], ["-o", "x.ipynb"]],
    "grade": [["lesson.answers.json", "--csv", "x.csv", "--json", "x.json"]],
    "init": [["kürs", "--title", "Kürs ✓"]],
    "language": [[], ["-o", "x.md"]],
    "link": [["lost_update"], ["nö ✓"]],
    "new": [["nëu.ipynb", "--title", "Täst ✓", "--scenario", "lost_update"]],
    "open": [["nö ✓", "--no-browser"]],
    "preview": [["nö.ipynb"]],
    "questions": [[], ["next_thread"], ["nö"]],
    "report": [["lesson.answers.json"], ["lesson.answers.json", "-o", "nö.txt"]],
    "rules": [[], ["seed"], ["nö ✓"]],
    "score": [["nö.ipynb"]],
    "scenarios": [[], ["lost_update"], ["nö ✓"]],
    "widgets": [[], ["Stage"], ["nö ✓"]],
    "build": [["nö.ipynb"], ["lesson.ipynb", "-o", "page.ipynb"]],
    "store": [["nö.ipynb"]],
}
"""How each command is called here, so that no kernel is needed."""
WORDS = [[], ["--help"], ["--version"], ["chäck ✓"], ["check", "--nö"]]


def run(
    arguments: Sequence[str], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str]:
    """Run the command with streams in an encoding; return its exit code and what it printed."""
    raw = {name: io.BytesIO() for name in ("stdout", "stderr")}
    for name, stream in raw.items():
        text = io.TextIOWrapper(stream, encoding=encoding, write_through=True)
        monkeypatch.setattr(sys, name, text)
    monkeypatch.setattr(sys, "argv", ["kit", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    code = end.value.code
    assert isinstance(code, int | None), code
    return code or 0, "".join(stream.getvalue().decode(encoding) for stream in raw.values())


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lesson, a page, and a file that is no answers."""
    cells = [new_markdown_cell("# Fünf ✓ → 日本"), new_code_cell("undefined_ü")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "lesson.ipynb")
    page = new_notebook(cells=cells, metadata={"kit": {"kind": "page"}})
    nbformat.write(page, tmp_path / "page.ipynb")
    (tmp_path / "lesson.answers.json").write_text("✓", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_is_tried():
    """A new command has to be named here."""
    assert HERE.keys() == commands.commands.keys()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "arguments",
    [*WORDS, *([name, *rest] for name, calls in HERE.items() for rest in calls)],
    ids=" ".join,
)
@pytest.mark.usefixtures("course")
def test_every_command_prints_on_every_stream(
    arguments: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch
):
    """No command breaks off at a sign that its stream does not have, or prints another encoding."""
    code, printed = run(arguments, encoding, monkeypatch)
    assert code in (0, 1, 2)
    assert printed
    assert "Traceback" not in printed
    assert "UnicodeEncodeError" not in printed


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_files_are_always_utf8(course: Path, encoding: str, monkeypatch: pytest.MonkeyPatch):
    """What is written to files does not depend on the streams."""
    bad = course / "mäßig ✓.ipynb"
    (course / "lesson.ipynb").rename(bad)
    code, printed = run(
        ["check", bad.name, "--only", "static", "--json", "x.json", "--junit", "x.xml"],
        encoding,
        monkeypatch,
    )
    assert code == 1, printed
    told = json.loads((course / "x.json").read_bytes().decode("utf-8"))
    assert told["tiers"][0]["results"][0]["path"] == bad.name
    assert bad.name in (course / "x.xml").read_bytes().decode("utf-8")


def test_signs_have_a_meaning_in_ascii(monkeypatch: pytest.MonkeyPatch):
    """Well and wrong can be told apart where there are no signs for them."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    prepare_streams()
    sys.stdout.write("✓ ✗ → … ⠋ é “日” \udcff\n")
    sys.stdout.flush()
    assert raw.getvalue() == b'ok x -> ... * e "?" ?\n'


def test_a_full_standard_output_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    """A stream that is full ends in a sentence and exit code 2, not in a traceback."""
    told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", told)
        monkeypatch.setattr(sys, "argv", ["kit", "scenarios"])
        with pytest.raises(SystemExit) as end:
            main()
    assert end.value.code == 2
    told.seek(0)
    assert "No space left on device" in told.read()
