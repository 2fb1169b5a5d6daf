"""Copies of courses for a browser hold what notebooks may read, each once."""

from pathlib import Path

from kit.check.browser.copies import Copies


def test_copies_inside_of_a_course_are_not_copied(tmp_path: Path):
    """A notebook in the folder for temporary files is copied once, and not for ever."""
    (tmp_path / "lesson.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "data.csv").write_text("1", encoding="utf-8")
    root = tmp_path / "home" / "notebooks"
    root.mkdir(parents=True)
    name = Copies(root).name_of(tmp_path / "lesson.ipynb")
    copied = {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
    assert copied == {Path(name), Path(name).parent / "more" / "data.csv"}
