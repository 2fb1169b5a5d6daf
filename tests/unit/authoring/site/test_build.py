import json
import re
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from kit.authoring.site.build import MARKER_FILE, POLICY, build
from kit.authoring.site.commands import build as command
from kit.authoring.site.links import addresses_in
from kit.authoring.site.scripts import as_script
from kit.check.addresses import local
from kit.errors import KitError

pytestmark = pytest.mark.notebook

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
    """A page without widgets loads only what keeps it offline; each page has the policy."""
    first, second = ((folder / name).read_text("utf-8") for name in ("a.html", "b.html"))
    assert re.findall('<script src="([^"]*)"', first) == ["assets/offline.js"]
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
    assert (folder / MARKER_FILE).is_file()
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
    with pytest.raises(KitError, match=r"that of index\.html, which the kit writes"):
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


def written(path: Path, *texts: str) -> Path:
    """Write a notebook of texts alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.v4.new_markdown_cell(text) for text in texts]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def weeks(tmp_path):
    """A course of two weeks with pictures of one name, a link between them, and a logo above."""
    course = tmp_path / "course"
    logo = "![logo](../shared/logo.png)"
    written(course / "week1/one.ipynb", f"# One\n\n{logo} [two](../week2/two.ipynb#Two) $T_w$")
    written(course / "week2/two.ipynb", "# Two\n\n![plan](plan.png) [one](../week1/one.ipynb)")
    (course / "week1" / "plan.png").write_bytes(b"first")
    (course / "week2" / "plan.png").write_bytes(b"second")
    (course / "shared").mkdir()
    (course / "shared" / "logo.png").write_bytes(b"logo")
    return course


def test_folders_are_kept(weeks, tmp_path):
    """Each week keeps its pictures, and links between weeks and to files above lead there."""
    written(weeks / "week1/one.ipynb", "# One", "![plan](plan.png) ![logo](../shared/logo.png)")
    site = tmp_path / "site"
    pages = build([weeks], site)
    assert [page.href for page in pages] == ["week1/one.html", "week2/two.html"]
    assert (site / "week1/plan.png").read_bytes() == b"first"
    assert (site / "week2/plan.png").read_bytes() == b"second"
    assert (site / "shared/logo.png").read_bytes() == b"logo"
    first = (site / "week1/one.html").read_text("utf-8")
    assert 'src="../week1/plan.png"' in first
    assert 'src="../shared/logo.png"' in first
    assert 'href="../assets/site.css"' in first
    assert 'rel="next" href="../week2/two.html"' in first
    assert 'href="../week1/one.html">one' in (site / "week2/two.html").read_text("utf-8")
    assert 'href="week1/one.html"' in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize("named", [["week1", "week2"], ["week1/one.ipynb", "week2/two.ipynb"]])
def test_however_the_weeks_are_named(weeks, tmp_path, named):
    """Folders or notebooks one by one: every address in every page leads to a file."""
    build([weeks / name for name in named], tmp_path / "site")
    pages = [page for page in (tmp_path / "site").rglob("*.html") if page.name != "index.html"]
    assert len(pages) == 2
    for page in pages:
        addresses = [local(one) for one in addresses_in(page.read_text("utf-8"))]
        paths = [one.path for one in addresses if one and one.path]
        assert len(paths) > 5
        assert all((page.parent / path).is_file() for path in paths)


@pytest.mark.parametrize(
    "text",
    [
        "---\njupyter:\n  jupytext:\n    formats: ipynb,md\n---\n\n# Pouring\n",
        "---\njupytext:\n  text_representation:\n    format_name: myst\n---\n\n# Other\n",
        "# Pouring\n\nAll that the lesson says.\n\n```python\n```\n",
    ],
)
def test_a_paired_text_is_left_out(tmp_path, text):
    """Of a notebook that jupytext keeps as a text, too, the notebook is the page."""
    course = tmp_path / "course"
    written(course / "pouring.ipynb", "# Pouring", "All that the lesson says.")
    (course / "pouring.md").write_text(text, "utf-8")
    told: list[str] = []
    pages = build([course], tmp_path / "site", tell=told.append)
    assert [page.href for page in pages] == ["pouring.html"]
    assert "All that the lesson says" in (tmp_path / "site/pouring.html").read_text("utf-8")
    assert any("pouring.md: left out" in line for line in told)


def test_pairing_is_also_known_by_the_notebook(tmp_path):
    """The notebook may say itself that it is paired."""
    source = written(tmp_path / "course" / "pouring.ipynb", "# Pouring")
    notebook = nbformat.read(source, as_version=4)
    notebook.metadata["jupytext"] = {"formats": "ipynb,md:myst"}
    nbformat.write(notebook, source)
    source.with_suffix(".md").write_text("Something else", "utf-8")
    pages = build([source], tmp_path / "site")
    assert [page.href for page in pages] == ["pouring.html"]


@pytest.mark.parametrize(
    ("names", "refused"),
    [
        (["pouring.ipynb", "pouring.md"], "pouring.md"),
        (["pouring.ipynb", "Pouring.md"], "Pouring.md"),
        (["pouring.ipynb", "Pouring.ipynb"], "pouring.ipynb"),
        (["index.md", "a.ipynb"], "index.md"),
        (["INDEX.ipynb"], "INDEX.ipynb"),
        (["caf\u00e9.ipynb", "cafe\u0301.ipynb"], "caf"),
    ],
)
def test_two_sources_of_one_page_are_refused(tmp_path, names, refused):
    """Whatever they are, and before anything is run or written."""
    course = tmp_path / "course"
    course.mkdir()
    for name in names:
        if name.endswith(".md"):
            (course / name).write_text("Something else", "utf-8")
        else:
            written(course / name, f"# {name}")
    ran = course / "ran"
    notebook(course / "last.ipynb", f"open({str(ran)!r}, 'w')")
    with pytest.raises(KitError, match=f"{refused}.*its page would replace that of"):
        build([course], tmp_path / "site")
    assert not ran.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course"]


def test_texts_that_lessons_lead_to_become_pages(weeks, tmp_path):
    """Also where they are in another folder; a link to a heading finds it."""
    (weeks / "notes").mkdir()
    (weeks / "notes" / "more.md").write_text("# More\n\n## What is it?\n\n[x](deep.md)", "utf-8")
    (weeks / "notes" / "deep.md").write_text("# Deep\n\n[back](../week1/one.ipynb)", "utf-8")
    written(weeks / "week1/one.ipynb", "[more](../notes/more.md#what-is-it) [i](../README.md)")
    pages = build([weeks], tmp_path / "site")
    assert [page.href for page in pages][2:] == ["notes/more.html", "notes/deep.html"]
    first = (tmp_path / "site/week1/one.html").read_text("utf-8")
    assert 'href="../notes/more.html#What-is-it%3F"' in first
    assert 'href="../index.html"' in first


def test_what_is_missing_is_told(weeks, tmp_path):
    """A picture that is not there is not passed over in silence."""
    written(weeks / "week1/one.ipynb", "![A logo](no.png)")
    told: list[str] = []
    build([weeks], tmp_path / "site", tell=told.append)
    assert any("one.ipynb: 'no.png' is not there" in line for line in told)
    assert ">A logo<" in (tmp_path / "site/week1/one.html").read_text("utf-8")


def test_what_lies_too_far_away_is_refused_before_anything_is_run(weeks, tmp_path):
    """Nothing is left behind."""
    (tmp_path.parent / "far.png").touch()
    written(weeks / "week1/one.ipynb", "![x](../../../far.png)")
    with pytest.raises(KitError, match="lies outside"):
        build([weeks], tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("output", ["file/site", "file/a/site"])
def test_a_folder_that_cannot_be_made_is_told_before_anything_is_run(tmp_path, output):
    """One sentence, and no cell has run."""
    (tmp_path / "file").touch()
    ran = tmp_path / "ran"
    source = notebook(tmp_path / "a.ipynb", f"open({str(ran)!r}, 'w')")
    with pytest.raises(KitError, match="the site cannot be made: Not a directory"):
        build([source], tmp_path / output)
    assert not ran.exists()


def test_a_site_among_the_lessons_is_no_source(weeks):
    """What was published before is not published again."""
    build([weeks], weeks / "site")
    written(weeks / "site/lite/files/one.ipynb", "# One")
    assert len(build([weeks], weeks / "site")) == 2


def test_the_title_of_the_repository_is_the_title_of_the_site(weeks, tmp_path):
    """It is written in pyproject.toml, as `kit init --title` does."""
    (weeks / "week1/pyproject.toml").write_text('[tool.kit]\ntitle = "Köche & Öfen"\n', "utf-8")
    build([weeks / "week1"], tmp_path / "site")
    assert "<h1>Köche &amp; Öfen</h1>" in (tmp_path / "site/index.html").read_text("utf-8")


def test_pages_say_in_which_language_they_are(weeks, tmp_path):
    """A screen reader takes its pronunciation from there."""
    (weeks / "week1/pyproject.toml").write_text('[tool.kit.check]\nlanguage = "de_AT"\n', "utf-8")
    pages = build([weeks / "week1"], tmp_path / "site")
    assert pages
    for page in (tmp_path / "site").rglob("*.html"):
        assert '<html lang="de-AT">' in page.read_text("utf-8")
