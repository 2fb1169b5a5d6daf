import pytest

from kit.authoring.site.links import is_local, page_name, rewrite


@pytest.fixture
def folder(tmp_path):
    """A folder with a picture and a notebook that becomes no page."""
    inside = tmp_path / "lessons"
    inside.mkdir()
    (inside / "a b.png").touch()
    (inside / "other.ipynb").touch()
    (tmp_path / "secret.txt").touch()
    return inside


def test_leads_to_pages(folder):
    """Links to notebooks, texts and the README lead to their pages, at the same place."""
    body = '<a href="02.ipynb#Predict">a</a><a href="language.md">b</a><a href="README.md">c</a>'
    told, files = rewrite(body, folder, {"02.ipynb", "language.md"})
    assert 'href="02.html#Predict"' in told
    assert 'href="language.html"' in told
    assert 'href="index.html"' in told
    assert files == set()


def test_takes_pictures_along(folder):
    """A file beside the page goes with it; what lies elsewhere or is not there is only named."""
    body = (
        '<img alt="" src="a%20b.png"><a href="../secret.txt">s</a><a href="no.txt">n</a>'
        '<a href="other.ipynb">o</a><a href="https://example.org/x">w</a><a href="#y">y</a>'
    )
    told, files = rewrite(body, folder, set())
    assert files == {"a b.png"}
    assert "secret.txt" not in told
    assert 'href="no.txt"' not in told
    assert "other.ipynb" not in told
    assert 'href="https://example.org/x"' in told
    assert 'href="#y"' in told


def test_tables_can_be_scrolled(folder):
    """A wide table is reached by keyboard, and an empty heading is none."""
    told, _ = rewrite("<table><tr><th>a</th><th></th></tr></table>", folder, set())
    assert told.count("<th>") == 1
    assert 'tabindex="0"' in told


def test_names():
    """Pages are called as their sources; the README is the index."""
    assert page_name("01_a.ipynb") == "01_a.html"
    assert page_name("README.md") == "index.html"


@pytest.mark.parametrize("address", ["https://a.b/c", "#x", "/root", "mailto:a@b.c", "//a.b/c"])
def test_not_local(address):
    """What lies elsewhere is left alone."""
    assert not is_local(address)
