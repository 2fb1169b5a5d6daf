"""Words of a course's glossary are explained where a lesson uses them first."""

from bs4 import BeautifulSoup

from kit.authoring.site.glossary import Entry, explain_words, explained_in, read_glossary

TEXT = """# Glossary

Words.

## page table

It says *where* a page is, and `free` is none of it.

Met in [Paging](2.ipynb). Also: tables of pages. Not: map, frame table.

## fork

It creates a child.

Met in [Fork](1.ipynb). Another thing in [Dinner](3.ipynb), [Lunch](4.ipynb).

## page

A part of it.

Met in [Paging](2.ipynb).
"""
PAGE_TABLE, FORK, PAGE = ENTRIES = read_glossary(TEXT)


def explained(body: str) -> BeautifulSoup:
    """Return a cell of text with its words explained."""
    made = explain_words(f'<section class="cell text">{body}</section>', ENTRIES)
    return BeautifulSoup(made, "html.parser")


def links(body: str) -> list[tuple[str, str]]:
    """Return text and address of each word that is explained."""
    return [(a.get_text(), str(a["href"])) for a in explained(body).select(".term > a")]


def test_an_entry_is_read_with_all_that_it_lists():
    """Meaning, lesson, forms, other names and lessons with another meaning."""
    assert (
        Entry(
            "page table",
            "It says *where* a page is, and `free` is none of it.",
            "2.ipynb",
            ("tables of pages",),
            ("map", "frame table"),
        )
        == PAGE_TABLE
    )
    assert Entry("fork", "It creates a child.", "1.ipynb", (), (), ("3.ipynb", "4.ipynb")) == FORK


def test_the_first_use_alone_is_explained():
    """The longest word wins, and a plural is the same word."""
    body = "<p>Page tables have pages. A page table has a page.</p>"
    assert links(body) == [
        ("Page tables", "glossary.md#page-table"),
        ("pages", "glossary.md#page"),
    ]


def test_the_explanation_is_tied_to_its_word():
    """A screen reader says it, and it is hidden until it is asked for."""
    soup = explained("<p>the page table</p>")
    (link,), (tip,) = soup.select(".term > a"), soup.select(".term > .tip")
    assert link["aria-describedby"] == tip["id"] == "term-page-table"
    assert tip["role"] == "tooltip"
    assert tip.has_attr("hidden")
    assert tip.get_text() == "It says where a page is, and free is none of it."


def test_some_places_explain_nothing():
    """Headings, links, programs, what is folded and lists of sources; of code only a call."""
    silent = (
        "<h2>A page</h2><pre>page</pre><p><a href='x'>page</a> <code>page</code></p>"
        "<details><summary>page</summary>page</details><p>Sources: manual page fork(2).</p>"
    )
    assert links(silent) == []
    assert links("<p><code>fork()</code></p>") == [("fork", "glossary.md#fork")]


def test_only_whole_words_are_found():
    """A word within another one is none, and the text stays as it was."""
    assert links("<p>pager, forked, homepage</p>") == []
    body = '<section class="cell text"><p>a &lt; b &amp; c</p></section>'
    assert explain_words(body, ENTRIES) == body
    assert explained("<p>a page &lt; b</p>").get_text().startswith("a page")


def test_a_plain_word_is_explained_from_its_lesson_on():
    """Before that it may be an everyday word; one of two words is the field's anywhere."""
    order = ["0.ipynb", "1.ipynb", "2.ipynb", "3.ipynb"]

    def found(lesson: str) -> list[str]:
        return [entry.word for entry in explained_in(ENTRIES, lesson, order)]

    assert found("0.ipynb") == ["page table"]
    assert found("1.ipynb") == ["page table", "fork"]
    assert found("3.ipynb") == ["page table", "page"]
    assert found("elsewhere.ipynb") == ["page table", "fork", "page"]
