"""What a text in Markdown holds, as JupyterLab shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kit.check.addresses import ATTRIBUTES, in_attribute, in_css


class _Markdown(MarkdownIt):
    """A parser that takes every link for one, also those it would not make clickable."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002
        return True


_MARKDOWN = _Markdown("commonmark").enable(["table", "strikethrough"])


class Heading(NamedTuple):
    """A heading; its level is 1 for a title."""

    level: int
    text: str

    @property
    def anchor(self) -> str:
        """What links to it say behind the ``#`` in JupyterLab."""
        return self.text.replace(" ", "-")

    @property
    def github_anchor(self) -> str:
        """The same in a Markdown file on GitHub."""
        return re.sub(r"[^\w\- ]", "", self.text.lower()).replace(" ", "-")

    def __str__(self) -> str:
        return f"{'#' * self.level} {self.text}"


class Link(NamedTuple):
    """A link and its text, or the alternative text of the picture that is to be clicked."""

    target: str
    text: str


class Picture(NamedTuple):
    """A picture and its alternative text."""

    source: str
    alternative: str


class Fence(NamedTuple):
    """A block of code and the language it names."""

    language: str
    text: str


@dataclass
class Prose:
    """What one text holds.

    Attributes
    ----------
    headings : list of Heading
    links : list of Link
    pictures : list of Picture
    fences : list of Fence
    bold : list of str
        What is printed bold.
    lines : list of str
        What is to be read: no code, no HTML, no targets of links.
    blocks : list of str
        What can be seen of it, with code inside sentences: a paragraph each, or a row of a table.
        Blocks of code are left out, and what is folded away.
    elements, ids : set of str
        Names and ids of the HTML elements in it.
    addresses : list of str
        All that it shows or leads to, also by films, sounds and styles.
    """

    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)


def read_prose(text: str) -> Prose:
    """Return what a text in Markdown holds."""
    reader = _Reader()
    reader.read(_MARKDOWN.parse(text))
    reader.end_line()
    reader.end_block()
    return reader.prose


class _Reader:
    """Goes through the text once; HTML in it counts like Markdown."""

    def __init__(self) -> None:
        self.prose = Prose()
        self.line = ""
        self.block = ""
        self.folds = 0
        # What is open, inmost last, with the text it has so far.
        self.open: list[tuple[str, str, list[str]]] = []

    def read(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            action = _ACTIONS.get(token.type)
            if action is not None:
                action(self, token)

    def read_inline(self, token: Token) -> None:
        self.read(token.children or ())
        self.end_line()
        self.block += " "

    def read_fence(self, token: Token) -> None:
        language = (token.info.split() or [""])[0]
        self.prose.fences.append(Fence(language, token.content))

    def read_html(self, token: Token) -> None:
        # Python before 3.13 gives up on a broken declaration such as `<![x` with this.
        with suppress(AssertionError):
            tags = _Tags(self)
            tags.feed(token.content)
            tags.close()
        if token.type == "html_block":
            self.end_line()
            self.end_block()

    def say(self, text: str, *, code: bool = False) -> None:
        for _, _, said in self.open:
            said.append(text)
        self.line += " " if code else text
        if not self.folds:
            self.block += text

    def end_line(self) -> None:
        self.prose.lines.extend(line for line in self.line.splitlines() if line.strip())
        self.line = ""

    def end_block(self) -> None:
        if self.block.strip():
            self.prose.blocks.append(" ".join(self.block.split()))
        self.block = ""

    def read_break(self, _: Token) -> None:
        self.say("\n")
        self.end_line()

    def read_picture(self, token: Token) -> None:
        self.start("picture", str(token.attrGet("src") or ""))
        self.read(token.children or ())
        self.end("picture")

    def end_heading(self, token: Token) -> None:
        self.end("heading", int(token.tag[1:]))
        self.end_block()

    def start(self, kind: str, target: str = "") -> None:
        if kind in ("link", "picture"):
            self.prose.addresses.append(target)
        self.open.append((kind, target, []))

    def end(self, kind: str, level: int = 0) -> None:
        places = [place for place, (other, _, _) in enumerate(self.open) if other == kind]
        if not places:
            return
        _, target, said = self.open.pop(places[-1])
        text = "".join(said)
        if kind == "heading":
            self.prose.headings.append(Heading(level, text.strip()))
        elif kind == "link":
            self.prose.links.append(Link(target, text))
        elif kind == "picture":
            self.prose.pictures.append(Picture(target, text))
        else:
            self.prose.bold.append(text)


class _Tags(HTMLParser):
    """Tells a reader which HTML there is."""

    def __init__(self, reader: _Reader) -> None:
        super().__init__()
        self.reader = reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.reader.prose.elements.add(tag)
        if "id" in found:
            self.reader.prose.ids.add(found["id"])
        known = self.reader.prose.addresses
        for name in ATTRIBUTES.get(tag, ()):
            known.extend(in_attribute(name, found.get(name, "")))
        known.extend(in_css(found.get("style", "")))
        if tag == "details":
            self.reader.folds += 1
        elif tag == "a" and "href" in found:
            self.reader.start("link", found["href"])
        elif tag == "img":
            self.reader.start("picture", found.get("src", ""))
            self.reader.say(found.get("alt", ""))
            self.reader.end("picture")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.reader.end("link")
        elif tag == "details" and self.reader.folds:
            self.reader.folds -= 1

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self.reader.prose.addresses.extend(in_css(data))
        self.reader.say(data)


_ACTIONS: dict[str, Callable[[_Reader, Token], None]] = {
    "text": lambda reader, token: reader.say(token.content),
    "text_special": lambda reader, token: reader.say(token.content),
    "code_inline": lambda reader, token: reader.say(token.content, code=True),
    "inline": _Reader.read_inline,
    "softbreak": _Reader.read_break,
    "hardbreak": _Reader.read_break,
    "fence": _Reader.read_fence,
    "code_block": _Reader.read_fence,
    "html_block": _Reader.read_html,
    "html_inline": _Reader.read_html,
    "image": _Reader.read_picture,
    "heading_open": lambda reader, _: reader.start("heading"),
    "heading_close": _Reader.end_heading,
    "paragraph_close": lambda reader, _: reader.end_block(),
    "tr_close": lambda reader, _: reader.end_block(),
    "link_open": lambda reader, token: reader.start("link", str(token.attrGet("href") or "")),
    "link_close": lambda reader, _: reader.end("link"),
    "strong_open": lambda reader, _: reader.start("strong"),
    "strong_close": lambda reader, _: reader.end("strong"),
}
"""What is done with each kind of token; the others only hold these."""
