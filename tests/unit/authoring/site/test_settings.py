"""What a course says of its site."""

from pathlib import Path

import pytest

from kit.authoring.site.settings import site_address
from kit.errors import KitError


def said(folder: Path, text: str) -> str:
    """Return the address that a course with this text in its settings has."""
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return site_address(folder / "lesson.ipynb")


def test_the_address_is_that_of_the_nearest_course(tmp_path: Path) -> None:
    """One that says nothing of it leaves it to the folder above."""
    address = "https://example.org/os"
    assert said(tmp_path, f'[tool.kit.site]\naddress = "{address}"\n') == address
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "pyproject.toml").write_text("[tool.kit]\n", encoding="utf-8")
    assert site_address(tmp_path / "week" / "lesson.ipynb") == address


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[tool.kit]\nsite = 3", "make it a table"),
        ("[tool.kit.site]\nadress = 'https://a.b'", "has no setting 'adress'"),
        ("[tool.kit.site]\naddress = 3", "give the address of the site"),
        ("[tool.kit.site]\naddress = 'javascript:alert(1)'", "give the address of the site"),
        ("[tool.kit.site]\naddress = 'https://a.b/#x'", "give the address of the site"),
        ("[tool.kit.site]\naddress = 'https://a b/'", "give the address of the site"),
        ("[tool.kit.site]\naddress = 'https://[a/'", "give the address of the site"),
    ],
)
def test_what_is_no_address_gives_a_sentence(tmp_path: Path, text: str, wrong: str) -> None:
    """It says where, what was found, and what to give."""
    with pytest.raises(KitError, match=r"\[tool\.kit\.site\]") as told:
        said(tmp_path, text)
    assert wrong in str(told.value)
