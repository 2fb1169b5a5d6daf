"""What the text of a page leads to: other pages of the site, pictures, films, data, headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

from kit.authoring.site.layout import NOTEBOOK, Layout, Refused, linked
from kit.check.addresses import (
    ATTRIBUTES,
    changed_attribute,
    changed_css,
    in_attribute,
    in_css,
    local,
    place_of,
)

FRAMES = ("iframe", "embed", "object")
"""Elements that show another page in this one, for which nothing here has been made ready."""
_HERE = re.compile(r"(?:stage-\d+&)?t=\d+|stage-\d+|content")
"""Places that every page may have, beside its headings."""
_ATTACHED = "attachment:"


def addresses_in(body: str) -> Iterator[str]:
    """Yield the addresses that HTML holds, as they are written."""
    soup = BeautifulSoup(body, "html.parser")
    for tag in soup.find_all(list(ATTRIBUTES)):
        for name in ATTRIBUTES[tag.name]:
            if tag.has_attr(name):
                yield from in_attribute(name, str(tag[name]))
    for tag in soup.select("[style]"):
        yield from in_css(str(tag["style"]))
    for tag in soup.select("style"):
        yield from in_css(tag.get_text())


def ids_in(body: str) -> frozenset[str]:
    """Return the ids to which links into a page may lead."""
    soup = BeautifulSoup(body, "html.parser")
    named = [str(tag["name"]) for tag in soup.select("a[name]")]
    return frozenset([*(str(tag["id"]) for tag in soup.select("[id]")), *named])


class Links:
    """Changes the addresses in the pages of a site.

    Parameters
    ----------
    layout : Layout
        Knows which page or file each source has; files that pages name are added to it.
    ids : mapping of str to collection of str
        The ids in each page, by its name.
    tell : callable
        Takes a sentence about each address that leads nowhere.
    """

    def __init__(
        self,
        layout: Layout,
        ids: Mapping[str, frozenset[str]],
        tell: Callable[[str], object] = lambda _line: None,
    ) -> None:
        self._layout, self._ids, self._tell = layout, ids, tell

    def rewritten(self, body: str, source: Path) -> str:
        """Return the HTML of a page in which all addresses lead to what is in the site.

        What leads to no file is left as text, and told.

        Parameters
        ----------
        body : str
        source : Path
            The notebook or text that the page is made of.

        Raises
        ------
        KitError
            If something lies too far away to be taken along.
        """
        soup = BeautifulSoup(body, "html.parser")
        for tag in soup.find_all(list(ATTRIBUTES)):
            self._change(tag, source)
        for tag in soup.select("[style]"):
            tag["style"] = changed_css(str(tag["style"]), lambda one: self._styled(one, source))
        for tag in soup.select("style"):
            tag.string = changed_css(tag.get_text(), lambda one: self._styled(one, source))
        _make_accessible(soup)
        return str(soup)

    def address(self, written: str, source: Path) -> str:
        """Return the address in the site for one that is written in a source.

        Raises
        ------
        Refused
            If it leads nowhere.
        """
        if written.startswith(_ATTACHED):
            raise Refused(f"'{written}' is not attached to the cell")
        found = local(written)
        if found is None:
            return written
        here = self._layout.pages[source]
        if not found.path:
            return self._fragment(here, found.fragment, found.rest, written, source)
        target = place_of(source.parent, found.path)
        page = self._layout.pages.get(self._layout.same.get(target, target))
        if page is None and self._layout.is_index(target):
            return linked(here, "index.html")
        if page is not None:
            query = found.rest.partition("#")[0]
            if "#" not in found.rest:
                return linked(here, page) + query
            rest = self._fragment(page, found.fragment, found.rest, written, source)
            return linked(here, page) + rest
        if target.suffix == NOTEBOOK and target.is_file():
            raise Refused(f"'{found.path}' is not among the notebooks that are published")
        return linked(here, self._layout.file(source, found.path)) + found.rest

    def _fragment(self, page: str, fragment: str, rest: str, written: str, source: Path) -> str:
        """Return what leads to a heading, as it is called in its page."""
        ids = self._ids.get(page, frozenset())
        for name in _names_of(fragment):
            if name in ids or _HERE.fullmatch(name):
                return rest if name == fragment else f"#{quote(name)}"
        same = sorted(one for one in ids if _slug(one) == _slug(fragment))
        if same:
            return f"#{quote(same[0])}"
        self._tell(f"{source}: the link leads to '{written}', where there is no such heading")
        return rest

    def _change(self, tag: Tag, source: Path) -> None:
        """Change the addresses of an element, or what it is."""
        for name in ATTRIBUTES[tag.name]:
            if not tag.has_attr(name):
                continue
            try:
                tag[name] = changed_attribute(
                    name, str(tag[name]), lambda one: self.address(one, source)
                )
            except Refused as refused:
                self._tell(f"{source}: {refused}")
                _give_up(tag, name)
                return
        if tag.name in FRAMES:
            _lead_there(tag, str(tag.get(ATTRIBUTES[tag.name][0], "")))

    def _styled(self, written: str, source: Path) -> str:
        try:
            return self.address(written, source)
        except Refused as refused:
            self._tell(f"{source}: {refused}")
            return "data:,"


def _names_of(fragment: str) -> tuple[str, ...]:
    """Return the ids that may be meant: JupyterLab also writes ``cell-id=a`` and ``heading=A``."""
    kind, is_there, name = fragment.partition("=")
    if is_there and kind == "cell-id":
        return (f"cell-{name}",)
    if is_there and kind == "heading":
        return (name,)
    return (fragment,)


def _slug(text: str) -> str:
    """Return a heading as GitHub writes it in an address."""
    return re.sub(r"[^\w-]", "", text.lower().replace(" ", "-"))


def _give_up(tag: Tag, name: str) -> None:
    """Leave of an element what it says without its file."""
    if tag.name == "img":
        tag.name = "span"
        said = str(tag.get("alt") or "Picture")
        tag.attrs = {"class": "missing"}
        tag.string = said
    elif tag.name in ("a", *FRAMES):
        tag.unwrap()
    else:
        del tag[name]


def _lead_there(tag: Tag, address: str) -> None:
    """Put a link in the place of a frame."""
    said = str(tag.get("title") or tag.get("aria-label") or address)
    tag.name = "a"
    tag.attrs = {"class": "frame", "href": address}
    tag.string = said


def _make_accessible(soup: BeautifulSoup) -> None:
    for anchor in soup.select("a.anchor-link"):
        # For the mouse alone: to a screen reader it would be a part of the heading.
        anchor["aria-hidden"], anchor["tabindex"] = "true", "-1"
    for table in soup.select("table"):
        named = {"class": "wide", "tabindex": "0", "role": "group", "aria-label": "Table"}
        table.wrap(soup.new_tag("div", attrs=named))
    for program in soup.select(".highlight > pre:not([tabindex])"):
        # On a phone its lines are wider than the page.
        program.attrs |= {"tabindex": "0", "role": "group", "aria-label": "Program"}
    for heading in soup.select("th"):
        if not heading.get_text(strip=True):
            heading.name = "td"
