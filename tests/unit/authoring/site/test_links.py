from pathlib import Path

import pytest

from kit.authoring.site.layout import Layout, page_name
from kit.authoring.site.links import Links, addresses_in
from kit.check.addresses import changed_attribute, changed_css, in_attribute, is_private, local
from kit.errors import KitError


@pytest.fixture
def course(tmp_path):
    """A course of two weeks, each with a picture of the same name, and a logo above both."""
    folder = tmp_path / "course"
    for name in (
        *("week1/one.ipynb", "week1/plan.png", "week1/a b.png", "week1/demo.mp4", "week1/de.vtt"),
        *("week2/two.ipynb", "week2/plan.png", "week2/notes.md", "week2/other.ipynb"),
        *("shared/logo.png", "week1/solutions/one.txt", "week1/marks.csv", "week1/.env"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    (tmp_path / "far").mkdir()
    (tmp_path.parent / "far.png").touch()
    return folder


class Site:
    """A site of the course whose first page has a body."""

    def __init__(self, course: Path, base: Path) -> None:
        sources = [course / name for name in ("week1/one.ipynb", "week2/two.ipynb")]
        self.one, self.two = sources
        self.layout = Layout(dict.fromkeys(sources, base))
        self.layout.add_pages([*sources, course / "week2/notes.md"])
        self.told: list[str] = []
        ids = {"week2/notes.html": frozenset({"What-is-a-page?"}), "week2/two.html": frozenset()}
        self.links = Links(self.layout, ids, self.told.append)

    def shown(self, body: str) -> str:
        """What is made of the body in the first page."""
        return self.links.rewritten(body, self.one)


@pytest.fixture
def site(course):
    """The site of the course."""
    return Site(course, course)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../week2/two.ipynb", "../week2/two.html"),
        ("../week2/two.ipynb?a=1#stage-2&t=4", "../week2/two.html?a=1#stage-2&amp;t=4"),
        ("../week2/notes.md", "../week2/notes.html"),
        ("../week2/notes.md#what-is-a-page", "../week2/notes.html#What-is-a-page%3F"),
        ("./one.ipynb", "../week1/one.html"),
        ("../README.md", "../index.html"),
        ("a%20b.png", "../week1/a%20b.png"),
        ("../shared/logo.png?raw=true", "../shared/logo.png?raw=true"),
        ("https://example.org/x.png", "https://example.org/x.png"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("#here", "#here"),
    ],
)
def test_links_are_resolved_by_path(site, written, address):
    """A link leads to the page or file at its path, as seen from the page it is in."""
    assert f'href="{address}"' in site.shown(f'<a href="{written}">x</a>')


def test_pictures_of_one_name_stay_apart(site):
    """Each week shows its own picture, from its own folder."""
    assert 'src="../week1/plan.png"' in site.shown('<img alt="" src="plan.png">')
    second = site.links.rewritten('<img alt="" src="plan.png">', site.two)
    assert 'src="../week2/plan.png"' in second
    assert sorted(site.layout.files.values()) == ["week1/plan.png", "week2/plan.png"]


def test_a_file_above_the_lessons_is_taken_along(course):
    """Where only one week is published, a picture above it has a place of its own."""
    site = Site(course, course / "week1")
    site.layout.pages[site.one] = "one.html"
    assert 'src="files/shared/logo.png"' in site.shown('<img alt="" src="../shared/logo.png">')
    assert site.layout.files == {course / "shared/logo.png": "files/shared/logo.png"}


def test_what_lies_too_far_away_is_refused(site):
    """A file outside the course is not published by an oversight; it is said what to do."""
    with pytest.raises(KitError, match=r"one\.ipynb: '../../../far\.png' lies outside .*copy it"):
        site.shown('<img alt="" src="../../../far.png">')


@pytest.mark.parametrize(
    "body",
    [
        '<video src="demo.mp4" poster="plan.png"></video>',
        '<video><source src="demo.mp4"><track src="de.vtt"></video>',
        '<audio src="demo.mp4"></audio>',
        '<img alt="" srcset="plan.png 1x, a%20b.png 2x">',
        '<picture><source srcset="plan.png"><img alt="" src="a%20b.png"></picture>',
        '<div style="background: url(plan.png)"></div>',
        "<style>p { background: url('plan.png') }</style>",
        '<svg><image href="plan.png"></image></svg>',
        '<input alt="x" src="plan.png" type="image">',
    ],
)
def test_whatever_names_a_file_takes_it_along(site, body):
    """Films, sounds, backgrounds and pictures of all sizes go with the page that names them."""
    shown = site.shown(body)
    assert site.layout.files
    assert all(name in shown.replace("%20", " ") for name in site.layout.files.values())
    assert site.told == []


def test_what_is_not_there_is_told(site):
    """A picture without its file leaves its words, a link its text, and both are told."""
    shown = site.shown('<img alt="A plan" src="no.png"><a href="no.txt">n</a>')
    assert shown == '<span class="missing">A plan</span>n'
    assert [line.partition(": ")[2] for line in site.told] == [
        "'no.png' is not there",
        "'no.txt' is not there",
    ]


@pytest.mark.parametrize("path", ["solutions/one.txt", "marks.csv", ".env"])
def test_what_is_for_teachers_is_not_published(site, path):
    """Solutions, marks and hidden files stay behind, also where a lesson names them."""
    assert site.shown(f'<a href="{path}">x</a>') == "x"
    assert "not for students" in site.told[0]
    assert not site.layout.files


def test_a_notebook_that_is_not_published_is_told(site):
    """A link to a notebook without a page becomes text."""
    assert site.shown('<a href="../week2/other.ipynb">x</a>') == "x"
    assert "is not among the notebooks that are published" in site.told[0]


def test_a_missing_heading_is_told(site):
    """A link to a heading that is not in its page still leads to the page."""
    assert "../week2/two.html#nowhere" in site.shown('<a href="../week2/two.ipynb#nowhere">x</a>')
    assert "no such heading" in site.told[0]


def test_a_file_never_takes_the_place_of_what_is_the_kits(course):
    """A folder of the course that is called as one of the site's goes elsewhere."""
    (course / "assets").mkdir()
    (course / "assets" / "site.css").touch()
    (course / "index.html").touch()
    site = Site(course, course)
    site.shown('<a href="../assets/site.css">x</a><a href="../index.html">x</a>')
    assert sorted(site.layout.files.values()) == ["files/2/assets/site.css", "files/2/index.html"]


def test_frames_become_links(site):
    """Another page in this one would be blocked; a link to it is not."""
    shown = site.shown('<iframe src="https://example.org/v" title="A film"></iframe>')
    assert shown == '<a class="frame" href="https://example.org/v">A film</a>'


@pytest.mark.parametrize("two", ["a.ipynb", "A.ipynb", "a.md", "index.ipynb", "Index.md"])
def test_two_pages_of_one_name_are_refused(tmp_path, two):
    """Also where a file system takes upper and lower case for the same."""
    layout = Layout({tmp_path / "a.ipynb": tmp_path})
    layout.add_pages([tmp_path / "a.ipynb"])
    if two == "a.ipynb":
        layout.add_pages([tmp_path / two])
        return
    with pytest.raises(KitError, match=r"its page would replace that of .*; rename one of them"):
        layout.add_pages([tmp_path / two])


def test_tables_can_be_scrolled(site):
    """A wide table is reached by keyboard, and an empty heading is none."""
    told = site.shown("<table><tr><th>a</th><th></th></tr></table>")
    assert told.count("<th>") == 1
    assert 'tabindex="0"' in told


def test_programs_can_be_scrolled(site):
    """A program whose lines are wider than a phone is reached by keyboard; a name stays."""
    told = site.shown('<div class="highlight"><pre>count = 0</pre></div>')
    assert '<pre aria-label="Program" role="group" tabindex="0">' in told
    named = '<div class="highlight"><pre aria-label="mine" tabindex="0">count = 0</pre></div>'
    assert 'aria-label="mine"' in site.shown(named)


def test_names():
    """Pages are called as their sources."""
    assert page_name("01_a.ipynb") == "01_a.html"
    assert page_name("b/words.md") == "b/words.html"


@pytest.mark.parametrize("address", ["https://a.b/c", "", "/root", "mailto:a@b.c", "//a.b/c"])
def test_not_local(address):
    """What lies elsewhere is left alone."""
    assert local(address) is None


def test_addresses():
    """Every address of HTML is found, and each can be replaced."""
    body = '<img srcset="a.png 1x, b.png 2x" src="c.png"><p style="background:url( \'d e.png\' )">'
    assert sorted(addresses_in(body)) == ["a.png", "b.png", "c.png", "d e.png"]
    assert changed_attribute("srcset", "a.png 1x, b.png", str.upper) == "A.PNG 1x, B.PNG"
    assert list(in_attribute("srcset", "data:image/png;base64,AA== 2x")) == [
        "data:image/png;base64,AA=="
    ]
    assert changed_css("url(a.png)", lambda one: f"x/{one}") == 'url("x/a.png")'


@pytest.mark.parametrize("name", ["a.answers.json", "a.answers (1).json", "marks_2026.csv"])
def test_private_names(tmp_path, name):
    """Answers and marks are known by their names; a table called otherwise is none."""
    assert is_private(tmp_path / name, tmp_path)
    assert not is_private(tmp_path / "landmarks.csv", tmp_path)
