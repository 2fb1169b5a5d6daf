"""The file of answers: written, read, joined, and never lost."""

import json
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.quiz.answers import (
    LARGEST,
    AnswersError,
    AnswersFile,
    answers_name,
    checked,
    joined_with_file,
    keep,
    parse,
    read,
)

CHOICE = {
    "kind": "next_thread",
    "prompt": "Who is next?",
    "choice": ["T2"],
    "chosen": [1],
    "tries": 1,
    "seed": 0,
    "time": "2026-03-01T10:00:00Z",
}
PROGRAM = {
    "kind": "exercise",
    "prompt": "Print 1.",
    "text": "def main():\n    print(1)\n",
    "passed": True,
    "tries": 3,
    "time": "2026-03-01T10:00:00Z",
}
ANSWERS_FILE = AnswersFile("01_program.ipynb", {"a": CHOICE, "b": PROGRAM}, "0.1.0")

times = st.datetimes().map(lambda when: when.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
texts = st.text(max_size=30)
counts = st.integers(0, 10**9)
common = {"prompt": texts, "tries": counts, "time": times}
records = st.one_of(
    st.fixed_dictionaries(
        common
        | {
            "kind": texts.filter(lambda kind: kind != "exercise"),
            "choice": st.lists(texts, max_size=4),
            "chosen": st.lists(counts, max_size=4),
            "seed": st.none() | st.integers(-9, 9),
        }
    ),
    st.fixed_dictionaries(
        common | {"kind": st.just("exercise"), "text": texts, "passed": st.booleans()}
    ),
)
tables = st.dictionaries(texts, records, max_size=5)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def files_in(folder: Path) -> list[str]:
    """The names of all files in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_that_of_the_notebook():
    """A file of answers has the name of its notebook."""
    assert answers_name("01_program.ipynb") == "01_program.answers.json"


def test_the_format(tmp_path: Path):
    """Other programs can rely on what a file holds."""
    path = tmp_path / "01_program.answers.json"
    keep(path, ANSWERS_FILE)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "format": "os-course-kit answers",
        "version": 1,
        "kit": "0.1.0",
        "notebook": "01_program.ipynb",
        "answers": {"a": CHOICE, "b": PROGRAM},
    }


@given(tables)
def test_what_is_written_is_read(table):
    """Every answer comes back as it was, whatever characters are in it."""
    answers_file = AnswersFile("n.ipynb", table, "0.1.0")
    assert parse(answers_file.text().encode("ascii")) == answers_file


# Whatever a file can be called on any system, and more: marks and joined emoji, the bytes of
# another coding as Python has them (lone surrogates), names longer than a disk can hold.
names = st.one_of(
    st.text(st.characters(exclude_characters="/\\\0"), max_size=300),
    st.text(st.sampled_from('*"<>|?: \t\n\u200d👩🚀\udcff'), max_size=12),
    st.sampled_from(["What is a process?", "x" * 249, "é" * 124, "a.ipynb", "👩\u200d🚀"]),
).map(lambda stem: stem + ".ipynb")


@given(names, tables)
def test_whatever_is_kept_is_read_as_it_was(tmp_path_factory, name, table):
    """No name of a notebook, and nothing that can be answered, makes a file unreadable."""
    answers_file = AnswersFile(name, table, "0.1.0")
    path = tmp_path_factory.mktemp("kept") / "n.answers.json"
    assert keep(path, answers_file) == (answers_file, None)
    assert read(path) == answers_file
    assert keep(path, answers_file) == (answers_file, None)


@given(names)
def test_whatever_a_notebook_is_called_its_answers_have_a_file(tmp_path_factory, name):
    """Also where the name of the notebook leaves no room for a longer one."""
    folder = tmp_path_factory.mktemp("kept")
    with suppress(OSError, ValueError):  # a name that this disk does not take is no notebook's
        (folder / name).touch()
        path = folder / answers_name(name)
        keep(path, AnswersFile(name, {"a": CHOICE}))
        assert read(path).notebook == name
        path.write_bytes(b"{")
        assert keep(path, AnswersFile(name, {"a": CHOICE}))[1] is not None
        assert len(files_in(folder)) == 3


@given(records)
def test_an_answer_that_is_checked_can_be_kept(tmp_path_factory, record):
    """What a check lets through is in the file afterwards, as it was."""
    path = tmp_path_factory.mktemp("kept") / "n.answers.json"
    keep(path, AnswersFile("n.ipynb", {"a": checked(record)}))
    assert read(path).answers == {"a": record}


@pytest.mark.parametrize(
    "wrong",
    [
        PROGRAM | {"text": "#" * LARGEST},
        CHOICE | {"tries": 10**10},
        CHOICE | {"seed": float("nan")},
        CHOICE | {"seed": (1, 2)},
        CHOICE | {"seed": {1, 2}},
    ],
)
def test_an_answer_that_would_not_be_read_again_is_refused(wrong):
    """One answer that a file cannot hold does not keep the others out of it."""
    with pytest.raises(AnswersError, match="an answer cannot be kept"):
        checked(wrong)


def test_a_file_that_would_not_be_read_again_is_not_written(tmp_path: Path):
    """The file stays as it was, whatever is wrong with what is to be written."""
    path = tmp_path / "n.answers.json"
    keep(path, ANSWERS_FILE)
    for answers_file in (
        AnswersFile("../n.ipynb"),
        AnswersFile("n.txt"),
        AnswersFile("n.ipynb", {"c": {"kind": 1}}),
    ):
        with pytest.raises(AnswersError):
            keep(path, answers_file)
        assert read(path) == ANSWERS_FILE


@pytest.mark.parametrize("name", ["../n.ipynb", "a/n.ipynb", "..\\n.ipynb", "a\0.ipynb", "n.txt"])
def test_a_name_that_leads_elsewhere_is_refused(name):
    """Separators of any system and NUL are in no notebook's name."""
    with pytest.raises(AnswersError, match="no notebook's file name"):
        parse(AnswersFile(name).text().encode())


@pytest.mark.parametrize(
    "coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"]
)
def test_what_an_editor_made_of_a_file_is_read(coding):
    """A mark before the text, or UTF-16, as editors on Windows write it, loses nothing."""
    assert parse(ANSWERS_FILE.text().encode(coding)) == ANSWERS_FILE


def test_a_link_stays_a_link(tmp_path: Path):
    """Answers that are kept elsewhere by a link are written there."""
    there = tmp_path / "elsewhere.json"
    keep(there, ANSWERS_FILE)
    link = tmp_path / "n.answers.json"
    link.symlink_to(there)
    keep(link, AnswersFile("01_program.ipynb", {"c": CHOICE}))
    assert link.is_symlink()
    assert set(read(there).answers) == {"a", "b", "c"}


@given(tables, tables)
def test_the_later_answer_of_a_key_wins(ours, theirs):
    """No key is lost when files are joined, and of each the later answer stays."""
    joined = AnswersFile("n.ipynb", ours).joined(AnswersFile("n.ipynb", theirs)).answers
    assert set(joined) == set(ours) | set(theirs)
    for key, record in joined.items():
        both = [table[key] for table in (ours, theirs) if key in table]
        assert record in both
        assert record["time"] == max(one["time"] for one in both)


def test_an_older_answer_of_another_kernel_is_kept_beside(tmp_path: Path):
    """Two kernels of one notebook write to one file, and neither loses what the other wrote."""
    path = tmp_path / "n.answers.json"
    keep(path, AnswersFile("n.ipynb", {"a": CHOICE}))
    later = CHOICE | {"chosen": [0], "time": "2026-03-01T10:00:01Z"}
    keep(path, AnswersFile("n.ipynb", {"a": later, "b": PROGRAM}))
    merged, damaged = keep(path, AnswersFile("n.ipynb", {"a": CHOICE}))
    assert damaged is None
    assert merged.answers == {"a": later, "b": PROGRAM} == read(path).answers
    assert files_in(tmp_path) == ["n.answers.json"]


def test_kernels_that_write_at_once_lose_nothing(tmp_path: Path):
    """However writes of several kernels come together, every answer is in the file."""
    path = tmp_path / "n.answers.json"
    begin = threading.Barrier(4)

    def answer(kernel: int) -> None:
        begin.wait()
        for number in range(12):
            keep(path, AnswersFile("n.ipynb", {f"{kernel}-{number}": CHOICE}))

    threads = [threading.Thread(target=answer, args=(kernel,)) for kernel in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(path).answers) == 48
    assert files_in(tmp_path) == ["n.answers.json"]


def test_more_than_a_file_can_hold_is_not_written(tmp_path: Path):
    """What could not be read again is not written."""
    path = tmp_path / "n.answers.json"
    keep(path, ANSWERS_FILE)
    with pytest.raises(AnswersError, match="more than 4,000,000 bytes"):
        keep(path, AnswersFile("n.ipynb", {"c": PROGRAM | {"text": "#" * LARGEST}}))
    assert read(path) == ANSWERS_FILE


NESTED = b'{"format":' + b"[" * 100_000
DAMAGES = {
    "empty": (b"", "no valid JSON"),
    "cut": (ANSWERS_FILE.text().encode()[:-40], "no valid JSON"),
    "not UTF-8": (b'{"format": "\xff"}', "not UTF-8"),
    "cut in a text": (b'{"a":\n"b', "no valid JSON: Unterminated string starting at line 2"),
    "nested": (NESTED, "no valid JSON"),
    "a number without end": (b'{"format": ' + b"1" * 10_000 + b"}", "no valid JSON"),
    "no number": (
        ANSWERS_FILE.text().replace('"tries": 1', '"tries": NaN').encode(),
        "no valid JSON",
    ),
    "huge": (b" " * (LARGEST + 1), "more than 4,000,000 bytes"),
    "other JSON": (b"[1, 2]", "not “os-course-kit answers”"),
    "a later version": (
        ANSWERS_FILE.text().replace('"version": 1', '"version": 2').encode(),
        "version 2 of the format, and only 1",
    ),
    "no table": (
        json.dumps(json.loads(ANSWERS_FILE.text()) | {"answers": [1]}).encode(),
        "no table of answers",
    ),
    "a path": (
        ANSWERS_FILE.text().replace("01_program", "../01_program").encode(),
        "no notebook's file name",
    ),
    "a wrong answer": (
        ANSWERS_FILE.text().replace('"tries": 3', '"tries": -3').encode(),
        "tries is -3 in answer 2 of 2 answers",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_and_put_aside(name: str, tmp_path: Path):
    """A damaged file is called otherwise, nothing of it is lost, and answers are kept again."""
    raw, told = DAMAGES[name]
    path = tmp_path / "n.answers.json"
    for number, ending in enumerate((".bak", ".bak2", ".bak3"), 1):
        path.write_bytes(raw)
        answers_file, damaged = keep(path, ANSWERS_FILE)
        assert damaged is not None
        assert damaged[0].name == f"n.answers.json{ending}"
        assert told in damaged[1]
        assert damaged[0].read_bytes() == raw
        assert answers_file == ANSWERS_FILE == read(path)
        assert len(files_in(tmp_path)) == number + 1


def mutated(raw: bytes, place: int, cut: int, new: bytes) -> bytes:
    """Some bytes with a piece of it exchanged."""
    place %= len(raw) + 1
    return raw[:place] + new + raw[place + cut :]


@given(st.integers(0), st.integers(0, 60), st.binary(max_size=20))
def test_whatever_happens_to_a_file_nothing_is_lost(tmp_path_factory, place, cut, new):
    """A file with a piece exchanged is read, or put aside as it is; never a traceback."""
    folder = tmp_path_factory.mktemp("answers")
    path = folder / "n.answers.json"
    raw = mutated(ANSWERS_FILE.text().encode(), place, cut, new)
    path.write_bytes(raw)
    answers_file, damaged = joined_with_file(path, AnswersFile("n.ipynb", {"c": CHOICE}))
    assert answers_file.answers["c"] == CHOICE
    if damaged is None:
        assert (
            parse(path.read_bytes()).answers
            == {key: record for key, record in answers_file.answers.items() if key != "c"}
            or "c" in parse(raw).answers
        )
    else:
        assert damaged[0].read_bytes() == raw
        assert str(damaged[1])
    keep(path, answers_file)
    assert read(path).answers == answers_file.answers


@given(json_values, st.sampled_from(["format", "version", "kit", "notebook", "answers", "a"]))
def test_whatever_a_field_holds_it_is_read_or_refused_in_words(value, name):
    """No value of any field leads to anything but answers or a sentence."""
    content = json.loads(ANSWERS_FILE.text())
    (content["answers"] if name == "a" else content)[name] = value
    with suppress(AnswersError):
        for record in parse(json.dumps(content).encode()).answers.values():
            checked(record)


@given(json_values, st.sampled_from([*CHOICE, *PROGRAM]))
def test_whatever_an_answer_holds_it_is_read_or_refused_in_words(value, name):
    """No value in an answer leads to anything but answers or a sentence."""
    content = json.loads(ANSWERS_FILE.text())
    for record in content["answers"].values():
        record[name] = value
    with suppress(AnswersError):
        assert list(parse(json.dumps(content).encode()).answers) == ["a", "b"]
