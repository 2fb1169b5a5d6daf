import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kit import KitError
from kit.check import cleaning
from kit.check.cleaning import clean, clean_bytes, clean_file
from kit.check.notebook_text import as_text
from kit.check.notebooks import Notebook
from kit.check.static import check, stored
from kit.cli import commands
from tests.examples import examples

LESSONS = Path(__file__).parents[3] / "lessons"
ROOT = LESSONS.parent
COURSE = {"kind": "page", "title": "A page", "goal": "Be clean."}


def code(source: str = "1", *tags: str, **fields: Any) -> dict[str, Any]:
    """A code cell, as a file holds it."""
    metadata = {"tags": list(tags)} if tags else {}
    cell = {"cell_type": "code", "metadata": metadata, "source": source, "outputs": []}
    return {**cell, "execution_count": None, "id": "a", **fields}


def text(source: str = "# A page", **fields: Any) -> dict[str, Any]:
    """A cell of text, as a file holds it."""
    return {"cell_type": "markdown", "metadata": {}, "source": source, "id": "t", **fields}


def notebook(*cells: dict[str, Any], minor: int = 5, **metadata: Any) -> dict[str, Any]:
    """A notebook, as a file holds it."""
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}


def cleaned(raw: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a notebook."""
    found: dict[str, Any] = json.loads(clean_bytes(json.dumps(raw).encode()))
    return found


def output(kind: str, **fields: Any) -> dict[str, Any]:
    """An output of a kind."""
    return {"output_type": kind, **fields}


RESULT = output(
    "execute_result",
    data={"text/plain": "1", "application/json": 1},
    metadata={"text/plain": {}, "isolated": True},
    execution_count=77,
)
SAID = output("stream", name="stdout", text="said\n")
COMPLAINED = output("stream", name="stderr", text="complained\n")
WIDGET = output(
    "display_data",
    data={"text/plain": "a box", "application/vnd.jupyter.widget-view+json": {"model_id": "x"}},
    metadata={},
)
SCRIPT = output("display_data", data={"text/html": "<SCRIPT>alert(1)</SCRIPT>"}, metadata={})
ERROR = output("error", ename="ValueError", evalue="no", traceback=["/home/me/a.py"])


def test_outputs_and_counts_go():
    """A cell without a tag stores nothing of its run."""
    cell = cleaned(notebook(code(outputs=[RESULT, SAID, WIDGET], execution_count=7)))["cells"][0]
    assert cell["outputs"] == []
    assert cell["execution_count"] is None


@pytest.mark.parametrize("tag", ["keep-output", "nbval-check-output"])
def test_tagged_cells_keep_what_may_be_stored(tag: str):
    """What was printed or returned and a widget's words stay, numbered by place; the rest goes."""
    stored = [RESULT, SAID, COMPLAINED, WIDGET, SCRIPT, ERROR, "nonsense"]
    cell = cleaned(notebook(text(), code(id="b"), code("1", tag, outputs=stored)))["cells"][2]
    assert cell["outputs"] == [
        output(
            "execute_result",
            data={"text/plain": "1"},
            metadata={"text/plain": {}},
            execution_count=2,
        ),
        SAID,
        output("display_data", data={"text/plain": "a box"}, metadata={}),
    ]
    assert cell["execution_count"] == 2


def test_a_tagged_cell_that_was_not_run_has_no_count():
    """Nothing says that a cell was run which stores no output."""
    assert cleaned(notebook(code("1", "keep-output", execution_count=3)))["cells"][0] == code(
        "1", "keep-output"
    )


def test_an_error_on_purpose_stays_without_its_traceback():
    """Of an error only what is the same on every computer is stored."""
    cell = code("1/0", "raises-exception", "keep-output", outputs=[ERROR])
    kept = cleaned(notebook(cell))["cells"][0]["outputs"]
    assert kept == [{**ERROR, "traceback": []}]


def test_ids_are_given_by_place():
    """Missing, broken and doubled ids become ids of their own; good ones stay."""
    cells = [text(id="a"), text(id="a"), text(id="no id"), text(id=None), text(id="a-2")]
    del cells[3]["id"]
    ids = [cell["id"] for cell in cleaned(notebook(*cells))["cells"]]
    assert ids == ["a", "a-3", "cell-3", "cell-4", "a-2"]


def test_long_ids_stay_within_the_format():
    """A doubled id of 64 characters gets a number without becoming longer."""
    ids = [cell["id"] for cell in cleaned(notebook(text(id="x" * 64), text(id="x" * 64)))["cells"]]
    assert ids == ["x" * 64, "x" * 62 + "-2"]


def test_the_kernel_is_python3():
    """Whatever kernel it was opened with, and whatever that knows of its computer."""
    raw = notebook(
        text(),
        kernelspec={"name": "ir", "language": "R", "display_name": "R"},
        language_info={"name": "R", "version": "4.2"},
        widgets={"application/vnd.jupyter.widget-state+json": {}},
        toc={"base_numbering": 1},
        kit=COURSE,
        minor=2,
    )
    new = cleaned(raw)
    assert new["metadata"] == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
        "kit": COURSE,
    }
    assert new["nbformat_minor"] == 5


def test_notes_of_editors_go_and_those_of_people_stay():
    """A cell keeps its tags, its slide, and what grading tools need; not how it looked."""
    metadata = {
        "tags": ["exercise"],
        "slideshow": {"slide_type": "slide"},
        "nbgrader": {"grade": True},
        "collapsed": True,
        "scrolled": True,
        "vscode": {"languageId": "python"},
        "colab": {"base_uri": "x"},
        "execution": {"iopub.execute_input": "2026"},
        "jupyter": {"outputs_hidden": True},
    }
    assert cleaned(notebook(code(metadata=metadata)))["cells"][0]["metadata"] == {
        "tags": ["exercise"],
        "slideshow": {"slide_type": "slide"},
        "nbgrader": {"grade": True},
    }


def test_what_is_clean_passes_the_check(tmp_path: Path):
    """After cleaning nothing stored is against the rules, and the format is kept."""
    path = tmp_path / "page.ipynb"
    dirty = code("1", outputs=[RESULT], execution_count=7, metadata={"scrolled": True})
    raw = notebook(text(), dirty, {**dirty, "metadata": {"tags": ["keep-output"]}}, kit=COURSE)
    path.write_text(json.dumps(raw))
    assert [result.passed for result in check([path])] == [False]
    changes = clean_file(path)
    assert [str(problem) for result in check([path]) for problem in result.problems] == []
    assert changes == (
        "outputs of 2 cells",
        "2 execution counts",
        "1 id",
        "what an editor noted in 1 cell",
        "the kernel",
        "what is known of one computer",
    )
    assert clean_file(path) == ()


def test_the_rules_are_those_of_the_check():
    """What is kept is exactly what the check allows."""
    assert set(cleaning.KEEPING) == set(stored.KEEPING)
    assert cleaning.KINDS == stored.KINDS


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_lessons_are_clean(path: Path):
    """Nothing changes in the project's own notebooks."""
    assert clean_file(path, write=False) == ()
    assert clean_bytes(path.read_bytes()) == path.read_bytes()


def test_it_writes_as_jupyter_does():
    """Saving a clean notebook in Jupyter changes no byte."""
    content = (LESSONS / "02_program_to_process.ipynb").read_text(encoding="utf-8")
    saved = nbformat.writes(nbformat.reads(content, as_version=4)) + "\n"
    assert saved == content == clean_bytes(content.encode()).decode()


def test_half_a_character_is_kept():
    """A text that was cut in a character is stored, and stays as it is."""
    raw = notebook(text("cut \ud83d"))
    assert cleaned(raw)["cells"][0]["source"] == "cut \ud83d"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
SOURCES = st.text(max_size=30) | st.lists(st.text(max_size=10), max_size=3)
METADATA = st.dictionaries(
    st.sampled_from(["tags", "scrolled", "vscode", "jupyter", "own", "slideshow"]),
    st.lists(st.sampled_from(["keep-output", "raises-exception", "x"])) | JSON,
    max_size=3,
)
OUTPUTS = st.lists(
    st.sampled_from([RESULT, SAID, COMPLAINED, WIDGET, SCRIPT, ERROR]) | JSON, max_size=3
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "new"]), "source": SOURCES},
    optional={
        "id": st.sampled_from(["a", "a-2", "cell-1", "cell-2", "x" * 64, ""]) | JSON,
        "metadata": METADATA | JSON,
        "outputs": OUTPUTS | JSON,
        "execution_count": JSON,
        "attachments": st.just({}),
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {"cells": st.lists(CELLS, max_size=4), "nbformat": st.just(4)},
    optional={
        "metadata": st.dictionaries(
            st.sampled_from(["kernelspec", "language_info", "widgets", "kit", "x"]), JSON
        )
        | JSON,
        "nbformat_minor": st.integers(0, 7) | JSON,
        "orig": JSON,
    },
)


@given(raw=NOTEBOOKS)
@examples(150)
def test_cleaning_twice_is_cleaning_once(raw: dict[str, Any]):
    """Whatever a file holds: what is clean stays as it is, ids are good, texts untouched."""
    once = clean_bytes(json.dumps(raw).encode())
    assert clean_bytes(once) == once
    new = json.loads(once)
    assert clean(Notebook(Path("x.ipynb"), new)).changes == ()
    assert [cell["source"] for cell in new["cells"]] == [cell["source"] for cell in raw["cells"]]
    kinds = [cell["cell_type"] for cell in raw["cells"]]
    assert [cell["cell_type"] for cell in new["cells"]] == kinds
    ids = [cell["id"] for cell in new["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(1 <= len(name) <= 64 for name in ids)


def test_the_command_cleans_folders(tmp_path: Path):
    """`kit clean` says what it changes, `--check` only says it; both name the file."""
    path = tmp_path / "page.ipynb"
    path.write_text(json.dumps(notebook(text(), code(execution_count=2))))
    before = path.read_bytes()
    looked = CliRunner().invoke(commands, ["clean", "--check", str(tmp_path)])
    assert looked.exit_code == 1
    assert looked.output.startswith(f"{path}: to be cleaned: 1 execution count, the kernel")
    assert path.read_bytes() == before
    did = CliRunner().invoke(commands, ["clean", str(tmp_path)])
    assert did.exit_code == 0
    assert did.output.startswith(f"{path}: cleaned: 1 execution count")
    again = CliRunner().invoke(commands, ["clean", "--check", str(tmp_path)])
    assert (again.exit_code, again.output) == (0, "")


def test_one_broken_notebook_does_not_stop_the_others(tmp_path: Path):
    """A file that is no notebook is named; the others are cleaned all the same."""
    (tmp_path / "a.ipynb").write_text("{")
    good = tmp_path / "b.ipynb"
    good.write_text(json.dumps(notebook(code(execution_count=2))))
    result = CliRunner().invoke(commands, ["clean", str(tmp_path)])
    assert result.exit_code == 2
    assert f"kit: {tmp_path / 'a.ipynb'}: the file is no valid JSON" in result.output
    assert json.loads(good.read_text())["cells"][0]["execution_count"] is None


def test_standard_input_goes_to_standard_output():
    """With - a notebook is read and written as bytes, as git wants it."""
    raw = json.dumps(notebook(text("# Über 😀"), code(execution_count=2))).encode()
    result = CliRunner().invoke(commands, ["clean", "-"], input=raw)
    assert result.stdout_bytes == clean_bytes(raw)
    assert "Über 😀".encode() in result.stdout_bytes


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"nbformat": 3, "cells": []}'])
def test_what_is_no_notebook_is_refused(content: bytes):
    """A filter that fails says why, and git then keeps the file as it was."""
    with pytest.raises(KitError, match=r"^the input: "):
        clean_bytes(content)


def test_paths_or_standard_input():
    """Nothing, or - together with paths, is a wrong call."""
    for arguments in ([], ["-", "a.ipynb"]):
        result = CliRunner().invoke(commands, ["clean", *arguments])
        assert result.exit_code == 2
        assert "name notebooks or folders, or a single -" in result.output


def test_the_hook_for_commits_is_the_command(tmp_path: Path):
    """What pre-commit is told to run cleans a notebook that it is given."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entry = next(line for line in hooks.splitlines() if "entry:" in line).split(": ")[1].split()
    assert entry[0] == "kit"
    path = tmp_path / "page.ipynb"
    path.write_text(json.dumps(notebook(code(execution_count=2))))
    assert CliRunner().invoke(commands, [*entry[1:], str(path)]).exit_code == 0
    assert path.read_text() == as_text(json.loads(path.read_text()))
    assert json.loads(path.read_text())["cells"][0]["execution_count"] is None
