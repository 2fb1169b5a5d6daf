"""What the text of a page leads to: other pages of the site, pictures, anchors."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

NOTEBOOK, MARKDOWN = ".ipynb", ".md"
INDEX = "README.md"


def is_local(address: str) -> bool:
    """Tell whether an address is that of a file beside the page."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and bool(parts.path) and parts.path[0] != "/"


def rewrite(body: str, folder: Path, pages: Collection[str]) -> tuple[str, set[str]]:
    """Let a page lead to the other pages of the site, and find the files that it needs.

    Parameters
    ----------
    body : str
        HTML.
    folder : Path
        Where its source is.
    pages : collection of str
        Names of the sources that become pages.

    Returns
    -------
    str
        The HTML with links to pages; what leads to no file here is left as text.
    set of str
        Files in `folder` that it shows or leads to.
    """
    soup = BeautifulSoup(body, "html.parser")
    files = set()
    for tag in soup.select("a[href], img[src]"):
        name = "href" if tag.name == "a" else "src"
        address = str(tag[name])
        if not is_local(address):
            continue
        path = unquote(urlsplit(address).path)
        target = page_name(path) if path in pages or path == INDEX else path
        if target != path:
            tag[name] = target + address[len(urlsplit(address).path) :]
        elif _inside(folder, path) and not path.endswith(NOTEBOOK):
            files.add(path)
        else:
            tag.unwrap()
    for anchor in soup.select("a.anchor-link"):
        # For the mouse alone: to a screen reader it would be a part of the heading.
        anchor["aria-hidden"], anchor["tabindex"] = "true", "-1"
    for table in soup.select("table"):
        named = {"class": "wide", "tabindex": "0", "role": "group", "aria-label": "Table"}
        table.wrap(soup.new_tag("div", attrs=named))
    for heading in soup.select("th"):
        if not heading.get_text(strip=True):
            heading.name = "td"
    return str(soup), files


def page_name(source: str) -> str:
    """Return the name of the page that is made of a notebook or a text."""
    if source == INDEX:
        return "index.html"
    return source.removesuffix(NOTEBOOK).removesuffix(MARKDOWN) + ".html"


def _inside(folder: Path, path: str) -> bool:
    file = (folder / path).resolve()
    return file.is_file() and file.is_relative_to(folder.resolve())
