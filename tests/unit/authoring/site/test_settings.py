"""What a course says of its site."""

from pathlib import Path

import pytest

from kit.authoring.site.look import STYLE, icon_of, write_look
from kit.authoring.site.places import course_title
from kit.authoring.site.settings import GROUNDS, contrast, site_address, site_settings
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
        ("[tool.kit.site]\nname = ' '", "give what the course is called"),
        ("[tool.kit.site]\nlogo = 'none.svg'", "name a picture (.svg or .png) that is there"),
        ("[tool.kit.site]\nlogo = 'pyproject.toml'", "name a picture"),
        ("[tool.kit.site]\nfront = 'lost_updates'", "did you mean 'lost_update'"),
        ("[tool.kit.site]\nfront = 3", "name a scenario, or '' for no run"),
        ("[tool.kit.site]\ncolours = '#0b57a4'", "give a table such as"),
        ("[tool.kit.site]\ncolours = { night = '#0b57a4' }", "give a table such as"),
        ("[tool.kit.site]\ncolours = { light = 'red' }", "give six digits"),
        ("[tool.kit.site]\ncolours = { light = '#ff8800' }", "is 2.1 to 1, and reading needs 4.5"),
        ("[tool.kit.site]\ncolours = { dark = '#0b57a4' }", "choose a lighter one"),
        ("[tool.kit.site]\nwords = ['a']", "give a table of texts"),
        ("[tool.kit.site.words]\na = 3", "give a table of texts"),
        ("[tool.kit.site.words]\n' … ' = 'all'", "name words that are to be replaced"),
    ],
)
def test_what_cannot_be_gives_a_sentence(tmp_path: Path, text: str, wrong: str) -> None:
    """It says where, what was found, and what to give."""
    with pytest.raises(KitError, match=r"\[tool\.kit\.site\]") as told:
        said(tmp_path, text)
    assert wrong in str(told.value)


def test_name_logo_and_colours_are_those_of_the_course(tmp_path: Path) -> None:
    """The name is the title, the logo a file among the assets, the colours a style sheet."""
    (tmp_path / "ours.PNG").write_bytes(b"picture")
    text = "name = 'Systems'\nlogo = 'ours.PNG'\ncolours = { light = '#7a0019', dark = '#ffb3c1' }"
    said(tmp_path, f"[tool.kit]\ntitle = 'Other'\n[tool.kit.site]\n{text}\n")
    source = tmp_path / "lesson.ipynb"
    assert course_title(None, source) == "Systems"
    assert course_title("Chosen", source) == "Chosen"
    settings = site_settings(source)
    assets = tmp_path / "assets"
    assets.mkdir()
    write_look(assets, settings)
    assert (assets / icon_of(settings)).read_bytes() == b"picture"
    light, dark = (assets / STYLE).read_text("utf-8").splitlines()
    assert light == ":root { --link: #7a0019; }"
    assert "dark" in dark
    assert "#ffb3c1" in dark


def test_a_site_of_which_nothing_is_said_has_a_look_of_its_own(tmp_path: Path) -> None:
    """Its icon is the kit's, and there is no style sheet."""
    settings = site_settings(tmp_path / "lesson.ipynb")
    write_look(tmp_path, settings)
    assert icon_of(settings) == "icon.svg"
    assert list(tmp_path.iterdir()) == []


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white has the most; both ways it is the same; the kit's own colours suffice."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == contrast("#ffffff", "#777777")
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    own = {"light": "#0b57a4", "dark": "#7ab7ff"}
    assert all(contrast(own[theme], one) > 4.5 for theme in own for one in GROUNDS[theme])
