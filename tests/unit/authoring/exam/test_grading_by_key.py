"""What is handed in to an exam is judged by its key; nothing is run."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit.authoring.exam.key import key_text
from kit.cli import commands
from kit.quiz.answers import AnswersFile
from tests.unit.authoring.exam.exams import an_exam


def hand_in(folder: Path, student: str, paper: int, *, right: int) -> None:
    """Hand in the answers of a student, of which the first ones are right."""
    made = an_exam().papers[paper]
    answers = {}
    for number, one in enumerate(made.asked):
        asked = one.question
        chosen = list(asked.right)
        if number >= right:
            wrong = [place for place in range(len(asked.choices)) if place not in asked.right]
            chosen = list(reversed(chosen)) if asked.form == "order" else wrong[:1]
        answers[asked.key] = {
            "kind": asked.kind,
            "prompt": asked.prompt,
            "choice": [asked.choices[place].text for place in chosen],
            "chosen": chosen,
            "tries": 1,
            "time": "2027-01-01T10:00:00Z",
        }
    file = folder / student / f"{made.name}.answers.json"
    file.parent.mkdir(parents=True)
    text = AnswersFile(f"{made.name}.ipynb", answers).text()
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key and what two students have handed in; there are no lessons."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.json").write_text(key_text(an_exam()), encoding="utf-8")
    hand_in(tmp_path / "in", "ada", 0, right=4)
    hand_in(tmp_path / "in", "bob", 1, right=1)
    return tmp_path


def grade(*arguments: str):
    """Grade by the key."""
    return CliRunner().invoke(commands, ["grade", "in", "--key", "key.json", *arguments])


def test_points_are_those_of_the_key(folder: Path):
    """Each paper is judged by its own questions, with the ideas of wrong answers."""
    told = grade("--json", "marks.json")
    assert told.exit_code == 0, told.output
    files = json.loads((folder / "marks.json").read_text(encoding="utf-8"))["files"]
    assert [(one["lesson"], one["points"], one["of"]) for one in files] == [
        ("exam-001.ipynb", 4.0, 4.0),
        ("exam-002.ipynb", 1.0, 4.0),
    ]
    assert any(answer["idea"] for answer in files[1]["answers"])


def test_a_paper_of_another_exam_is_told(folder: Path):
    """By its name, or because it answers nothing of it."""
    file = folder / "in" / "bob" / "exam-002.answers.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(content | {"notebook": "exam-999.ipynb"}), encoding="utf-8")
    other = folder / "in" / "ada" / "exam-001.answers.json"
    answers = json.loads(other.read_text(encoding="utf-8"))
    answers["answers"] = {f"x{key}": one for key, one in answers["answers"].items()}
    other.write_text(json.dumps(answers), encoding="utf-8")
    told = grade()
    assert told.exit_code == 1
    assert "the key has no paper exam-999.ipynb" in told.output
    assert "it answers nothing that exam-001.ipynb asks" in told.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "this is no key of an exam"),
        ("[]", "name the key.json"),
        ('{"format": "os-course-kit exam key", "questions": {"a": 1}}', "the key is damaged"),
    ],
)
def test_a_damaged_key_is_told(folder: Path, text: str, said: str):
    """Before any file is graded."""
    (folder / "key.json").write_text(text, encoding="utf-8")
    told = grade()
    assert said in str(told.exception)
