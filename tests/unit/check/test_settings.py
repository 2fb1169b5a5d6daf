from pathlib import Path

import pytest

from kit import KitError
from kit.check.settings import Settings


def written(folder: Path, text: str) -> Path:
    """A folder below one with a `pyproject.toml` of this text."""
    (folder / "pyproject.toml").write_text(text)
    below = folder / "lessons"
    below.mkdir()
    return below


def test_nearest_table_counts(tmp_path: Path):
    """Settings are those of the nearest file that has any; the rest are the defaults."""
    below = written(tmp_path, '[tool.kit.check]\nwords = ["pid"]\ncell_seconds = 5\n')
    (below / "pyproject.toml").write_text("[tool.other]\n")
    settings = Settings.near(below / "one.ipynb")
    assert settings == Settings(cell_seconds=5, words=("pid",))
    assert Settings.near(below) == settings


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cell_second = 5", "did you mean 'cell_seconds'?"),
        ("cell_seconds = 0", "give a whole number of at least 1"),
        ("cell_seconds = true", "give a whole number of at least 1"),
        ('words = "pid"', "give a list of words"),
        ("words = [", "this is no TOML"),
        ("exclude = 1", "give a list of paths"),
        ("skip = 1", "give a list of paths"),
        ("profile = 1", 'give "course" or "widgets"'),
        ('language = "deutsch!"', "give the code of a language"),
        ('steps = ["Ziel"]', "give 6 names, that of the goal first"),
        ('off = "links"', "give a list of rules"),
    ],
)
def test_wrong_setting_is_explained(tmp_path: Path, text: str, says: str):
    """A setting that does not exist or cannot be that is one sentence that names the file."""
    below = written(tmp_path, f"[tool.kit.check]\n{text}\n")
    with pytest.raises(KitError) as caught:
        Settings.near(below)
    assert says in str(caught.value)
    assert str(tmp_path / "pyproject.toml") in str(caught.value)
