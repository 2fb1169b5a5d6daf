"""The sections of a page: for its table of contents, and for the search over all pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from kit.errors import plural

INDEX = "search-index.js"
"""What is searched; it is loaded when somebody is about to search."""
HEADINGS = ("h1", "h2", "h3")
EMPTY = frozenset({"br", "hr", "img", "input", "wbr", "source"})
"""Elements that have no end."""
INLINE = frozenset({"a", "abbr", "b", "button", "code", "em", "i", "kbd", "span", "strong", "sub"})
"""Elements that end within a word or a sentence."""


@dataclass
class Section:
    """What stands below a heading of a page, up to the next one.

    Attributes
    ----------
    anchor, title : str
        The place of the heading in the page, and what it says.
    level : int
        1 for the title of the page.
    text : str
    models : list of str
        The ids of the widgets that are shown there.
    """

    anchor: str = ""
    title: str = ""
    level: int = 1
    text: str = ""
    models: list[str] = field(default_factory=list)


def sections_of(body: str) -> list[Section]:
    """Return the sections of a page, in their order.

    Parameters
    ----------
    body : str
        What its cells show, as HTML; only texts count, no code and no results.
    """
    reader = _Reader()
    reader.feed(body)
    reader.close()
    for one in reader.found:
        one.title, one.text = " ".join(one.title.split()), " ".join(one.text.split())
    return [one for one in reader.found if one.title or one.text or one.models]


class _Reader(HTMLParser):
    """Goes through a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found = [Section()]
        self._open: list[str] = []
        self._text = 0  # how deep the element is that a text begins with; 0 outside of texts
        self._heading = self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        classes = (known.get("class") or "").split()
        if "data-model" in known:
            self.found[-1].models.append(known["data-model"] or "")
        if tag in EMPTY:
            self.handle_data(" ")
            return
        self._open.append(tag)
        depth = len(self._open)
        if tag == "section" and "text" in classes:
            self._text = self._text or depth
        elif self._text and tag in HEADINGS:
            self.found.append(Section(known.get("id") or "", level=int(tag[1])))
            self._heading = depth
        elif not self._skipped and ("anchor-link" in classes or tag in ("style", "annotation")):
            self._skipped = depth

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        depth = len(self._open)
        self._text = self._text if self._text <= depth else 0
        self._heading = self._heading if self._heading <= depth else 0
        self._skipped = self._skipped if self._skipped <= depth else 0
        if self._text and not self._heading and tag not in INLINE:
            self.found[-1].text += " "

    def handle_data(self, data: str) -> None:
        if self._text and not self._skipped:
            if self._heading:
                self.found[-1].title += data
            else:
                self.found[-1].text += data


def contents_of(
    sections: Sequence[Section], kind_of: Callable[[str], str]
) -> list[tuple[str, str, str]]:
    """Return the table of contents of a page: of each section its anchor, title, and widgets.

    Parameters
    ----------
    sections : sequence of Section
    kind_of : callable
        Returns what a model is to a reader, such as ``"question"``; empty for what is not told.
    """
    table: list[tuple[str, str, list[str]]] = []
    for one in sections:
        kinds = [kind for kind in map(kind_of, one.models) if kind]
        if one.level == 2 and one.anchor:
            table.append((one.anchor, one.title, kinds))
        elif table:
            table[-1][2].extend(kinds)
    return [(anchor, title, _counted(kinds)) for anchor, title, kinds in table]


def _counted(kinds: Sequence[str]) -> str:
    return ", ".join(plural(kinds.count(kind), kind) for kind in dict.fromkeys(kinds))


def write_index(assets: Path, pages: Mapping[str, tuple[str, Sequence[Section]]]) -> None:
    """Write what is searched: a script, since a page that was opened as a file can load no other.

    Parameters
    ----------
    assets : Path
    pages : mapping of str to (str, sequence of Section)
        For each page by its name its title and its sections.
    """
    found: list[dict[str, Any]] = [
        {"page": name, "title": title, "anchor": one.anchor, "heading": one.title, "text": one.text}
        for name, (title, sections) in pages.items()
        for one in sections
    ]
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    script = f"window.kitSearchIndex = {text};\n"
    (assets / INDEX).write_text(script, encoding="utf-8", newline="\n")
