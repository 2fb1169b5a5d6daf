"""The glossary of a course: its words, and where the pages of its lessons explain them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

NAME = "glossary.md"
"""The text beside the lessons that is their glossary."""
MARK = 'class="term"'
"""What a page has that explains a word."""
SILENT = ("a", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "details", "math")
"""Elements in which a word is not explained: it leads elsewhere, is no prose, or is folded."""
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_LISTED = re.compile(r"(Also|Not): ([^.]*)\.")


@dataclass(frozen=True)
class Entry:
    """A word of a glossary.

    Attributes
    ----------
    word : str
    meaning : str
        One or two sentences, in Markdown.
    lesson : str
        The file of the lesson in which it is met; empty if none is named.
    forms : tuple of str
        How it is also written, beside its plain plural.
    avoided : tuple of str
        What it is not called in this course.
    elsewhere : tuple of str
        Lessons in which the same word means another thing.
    """

    word: str
    meaning: str
    lesson: str = ""
    forms: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """All the ways in which it is written."""
        return (self.word, f"{self.word}s", *self.forms)

    @property
    def is_plain(self) -> bool:
        """Whether it is a word of everyday language, which has its meaning only once it is met."""
        return " " not in self.word and not self.word.isupper()

    @property
    def anchor(self) -> str:
        """Its heading, as it is written in an address."""
        return self.word.replace(" ", "-")


def read_glossary(text: str) -> list[Entry]:
    """Return the entries of a glossary, in their order.

    Each has a heading of the second level, its meaning below it, and a paragraph "Met in", with a
    link to a lesson, and with lists after "Also: ", "Not: " and "Another thing in ".

    Parameters
    ----------
    text : str
        In Markdown.
    """
    return [_entry(part) for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]


def _entry(part: str) -> Entry:
    word, _, rest = part.partition("\n")
    meaning, _, where = rest.strip().partition("\n\nMet in ")
    where, _, elsewhere = where.partition("Another thing in ")
    listed = {kind: tuple(names.split(", ")) for kind, names in _LISTED.findall(where)}
    met = _LINK.search(where)
    return Entry(
        word.strip(),
        " ".join(meaning.split()),
        met[1] if met else "",
        listed.get("Also", ()),
        listed.get("Not", ()),
        tuple(_LINK.findall(elsewhere)),
    )


def explained_in(entries: Iterable[Entry], lesson: str, order: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries that a lesson explains.

    Parameters
    ----------
    entries : iterable of Entry
    lesson : str
        Its file.
    order : sequence of str
        The files of all lessons.
    """
    for entry in entries:
        met = order.index(entry.lesson) if entry.lesson in order else 0
        too_early = entry.is_plain and lesson in order and order.index(lesson) < met
        if lesson not in entry.elsewhere and not too_early:
            yield entry


def explain_words(body: str, entries: Iterable[Entry]) -> str:
    """Return the HTML of a lesson in which the first use of each word is explained.

    A link leads to its entry; what it means is shown when one points at the link or comes to it
    with the keyboard (`terms.js`), and is said by a screen reader.

    Parameters
    ----------
    body : str
    entries : iterable of Entry
    """
    known = {form.casefold(): entry for entry in entries for form in entry.spellings}
    if not known:
        return body
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
    soup = BeautifulSoup(body, "html.parser")
    seen: set[str] = set()
    for text in list(chain.from_iterable(cell.find_all(string=True) for cell in _prose(soup))):
        if type(text) is NavigableString and not _is_silent(text):
            _explain(soup, text, pattern, known, seen)
    return str(soup) if seen else body


def _is_silent(text: NavigableString) -> bool:
    code = text.find_parent("code")
    # Of code only the name of a call is a word that is explained.
    if text.find_parent(SILENT) or (code is not None and not text.endswith("()")):
        return True
    paragraph = text.find_parent("p")
    # A list of sources has words of its own, such as the pages of a manual.
    return paragraph is not None and paragraph.get_text().startswith("Sources: ")


def _prose(soup: BeautifulSoup) -> list[Tag]:
    return list(soup.select(".cell.text"))


def _explain(
    soup: BeautifulSoup,
    text: NavigableString,
    pattern: re.Pattern[str],
    known: dict[str, Entry],
    seen: set[str],
) -> None:
    """Put links in the place of the words in a text that are met there first."""
    parts: list[NavigableString | Tag] = []
    done = 0
    for found in pattern.finditer(text):
        entry = known[found[0].casefold()]
        if entry.word not in seen:
            seen.add(entry.word)
            parts += [NavigableString(text[done : found.start()]), _term(soup, entry, found[0])]
            done = found.end()
    if parts:
        text.replace_with(*parts, NavigableString(text[done:]))


def _term(soup: BeautifulSoup, entry: Entry, written: str) -> Tag:
    """Return a word with its explanation, which is hidden until it is asked for."""
    name = f"term-{entry.anchor}"
    term = soup.new_tag("span", attrs={"class": "term"})
    address = f"{NAME}#{entry.anchor}"
    link = soup.new_tag("a", attrs={"href": address, "aria-describedby": name})
    link.string = written
    meaning = soup.new_tag("span", attrs={"class": "tip", "role": "tooltip", "id": name})
    meaning["hidden"] = ""
    meaning.string = entry.meaning.replace("`", "").replace("*", "")
    term.extend([link, meaning])
    return term
