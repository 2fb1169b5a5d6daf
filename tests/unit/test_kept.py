"""What takes long to make is made anew when, and only when, what it is made of has changed."""

from pathlib import Path

from tests.kept import kept


def test_it_is_made_anew_when_something_has_changed(tmp_path: Path):
    """Whatever changes, is added or is taken away; what Python leaves behind does not count."""
    source, folder = tmp_path / "source", tmp_path / "kept"
    (source / "inside").mkdir(parents=True)
    folder.mkdir()
    text = source / "inside" / "a.txt"
    text.write_text("one", encoding="utf-8")
    made: list[Path] = []

    def make(place: Path) -> None:
        place.mkdir()
        made.append(place)

    def again() -> int:
        place = kept(folder, [source], make)
        assert list(folder.iterdir()) == [place]
        return len(made)

    assert [again(), again()] == [1, 1]
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "a.pyc").write_text("x", encoding="utf-8")
    assert again() == 1
    text.write_text("two", encoding="utf-8")
    assert [again(), again()] == [2, 2]
    (source / "b.txt").write_text("new", encoding="utf-8")
    assert again() == 3
    text.rename(source / "inside" / "c.txt")
    assert again() == 4
    (source / "b.txt").unlink()
    assert [again(), again()] == [5, 5]
