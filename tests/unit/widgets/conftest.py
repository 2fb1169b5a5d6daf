"""What tests of widgets share."""

from pathlib import Path

import pytest

from kit.answering import notebook as answering


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin as a new kernel does, in which nothing was asked or answered."""
    monkeypatch.setattr(answering, "_stores", [])
    monkeypatch.delenv("KIT_ANSWERS", raising=False)


@pytest.fixture
def answers_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the answers of this test's kernel are kept; there are none yet."""
    # The folders beside `tmp_path` have answers of other tests.
    path = tmp_path / "course" / "lesson.answers.json"
    path.parent.mkdir()
    monkeypatch.setenv("KIT_ANSWERS", str(path))
    return path
