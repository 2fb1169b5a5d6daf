import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from kit.authoring.site.build import MARK, POLICY, as_script, build
from kit.authoring.site.commands import build as command
from kit.errors import KitError

SECRET = "</script><script>alert(1)</script>"


def notebook(path: Path, *code: str, **course: object) -> Path:
    """Write a notebook with a heading and cells of code."""
    cells = [nbformat.v4.new_markdown_cell(f"# {path.stem}\n\n[next](b.ipynb)")]
    cells += [nbformat.v4.new_code_cell(text) for text in code]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kit": course}), path)
    return path


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A folder with two lessons, a page and a text."""
    folder = tmp_path_factory.mktemp("course")
    notebook(folder / "a.ipynb", "print('<i>')", title="First & <last>", goal="See.", minutes=5)
    notebook(folder / "b.ipynb", "import ipywidgets", f"ipywidgets.Label({SECRET!r})")
    notebook(folder / "c.ipynb", kind="page")
    (folder / "words.md").write_text("# Words\n\n**bold**")
    (folder / "README.md").write_text("# Not a page")
    return folder


@pytest.fixture(scope="module")
def site(course):
    """The site of the course."""
    return build([course], course.parent / "site", repository="a/b")


@pytest.fixture
def folder(site, course):
    """Where it is."""
    return course.parent / "site"


def test_a_page_for_each(site, folder):
    """Notebooks and texts become pages; the index leads to them in two lists."""
    assert [page.href for page in site] == ["a.html", "b.html", "c.html", "words.html"]
    index = (folder / "index.html").read_text("utf-8")
    lessons, more = index.split('id="more"')
    assert '<a href="a.html">First &amp; &lt;last&gt;</a>' in lessons
    assert "5 minutes" in lessons
    assert "c.html" in more
    assert "README" not in index


def test_pages_follow_each_other(site, folder):
    """A lesson leads to the one before and after; links between notebooks lead to pages."""
    first = (folder / "a.html").read_text("utf-8")
    assert 'rel="next" href="b.html"' in first
    assert 'rel="prev"' not in first
    assert '<a href="b.html">next</a>' in first
    assert 'rel="prev" href="a.html"' in (folder / "b.html").read_text("utf-8")


def test_scripts_only_where_widgets_are(site, folder):
    """A page without widgets loads no script; each page has the policy."""
    first, second = ((folder / name).read_text("utf-8") for name in ("a.html", "b.html"))
    assert "<script" not in first
    assert "&lt;i&gt;" in first
    assert "assets/page.js" in second
    assert all(POLICY.replace("'", "&#39;") in text for text in (first, second))
    assert "unsafe-eval" not in POLICY


def test_no_text_ends_the_state(site, folder):
    """A text that would end the element of the state does not."""
    text = (folder / "b.html").read_text("utf-8")
    assert "alert(1)" in text
    assert SECRET not in text
    assert json.loads(as_script({"a": SECRET})) == {"a": SECRET}


def test_made_anew(site, folder, course):
    """A site is replaced; a folder with something else is not touched."""
    (folder / "old.html").touch()
    build([course / "c.ipynb"], folder)
    assert not (folder / "old.html").exists()
    assert (folder / MARK).is_file()
    assert (course / "a.ipynb").is_file()
    with pytest.raises(KitError, match="this folder holds something that is no site"):
        build([course / "c.ipynb"], course)


def test_a_file_is_no_folder(course, tmp_path):
    """An output that is a file is refused before anything is run."""
    (tmp_path / "x").touch()
    with pytest.raises(KitError, match="this is a file; name a folder"):
        build([course], tmp_path / "x")


def test_same_names(course, tmp_path):
    """Two notebooks whose pages would have one name are refused."""
    other = notebook(tmp_path / "a.ipynb")
    with pytest.raises(KitError, match="its page would replace that of"):
        build([course, other], tmp_path / "site")
    index = notebook(tmp_path / "index.ipynb")
    with pytest.raises(KitError, match="its page would replace that of the index"):
        build([index], tmp_path / "site")


def test_a_cell_that_fails(tmp_path):
    """A failing cell is told in a sentence, and leaves no half of a site behind."""
    broken = notebook(tmp_path / "x.ipynb", "1 / 0")
    with pytest.raises(KitError, match="a cell fails: ZeroDivisionError"):
        build([broken], tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.ipynb"]


def test_command(course, tmp_path):
    """The command says which pages it has made, and checks what it is given."""
    output = tmp_path / "site"
    arguments = [str(course / "c.ipynb"), "-o", str(output), "--title", "Mine"]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0
    assert "c.html: c (" in result.output
    assert "<h1>Mine</h1>" in (output / "index.html").read_text("utf-8")
    wrong = CliRunner().invoke(command, [*arguments, "--repository", "x"])
    assert isinstance(wrong.exception, KitError)
    assert "give owner/name" in str(wrong.exception)
