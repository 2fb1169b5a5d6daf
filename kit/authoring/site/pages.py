"""The pages of a site: which notebooks and texts become one, and what each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from kit.authoring.site.folders import reach_of
from kit.authoring.site.formulas import Formulas
from kit.authoring.site.layout import MARKDOWN, NOTEBOOK, Layout
from kit.authoring.site.links import addresses_in
from kit.authoring.site.markdown import as_html, without_front_matter
from kit.check.addresses import is_file, is_private, local, place_of
from kit.check.notebooks import Notebook, readable
from kit.files import read_text

_PAIRED = re.compile(r"^\s*jupytext\s*:", re.MULTILINE)
_TITLE = re.compile(r"^title\s*:\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes
    ----------
    source : Path
    href : str
        Its name in the site.
    title, goal : str
    minutes : int
    is_lesson : bool
    notebook : NotebookNode or None
        Executed; of a page that is text alone, the text in one cell.
    models : dict of int to list of str
        The names of the models that each cell has made, by the cell's place.
    """

    source: Path
    href: str
    title: str
    goal: str = ""
    minutes: int = 0
    is_lesson: bool = False
    notebook: Any = field(default=None, compare=False, repr=False)
    models: dict[int, list[str]] = field(default_factory=dict, compare=False, repr=False)


def page_of(source: Path, href: str) -> Page:
    """Return the page of a notebook, which is not executed yet.

    Raises
    ------
    KitError
        If it cannot be read.
    """
    notebook = readable(source)
    course = notebook.course
    minutes = course.get("minutes")
    return Page(
        source,
        href,
        str(course.get("title") or source.stem.replace("_", " ")),
        str(course.get("goal") or ""),
        minutes if isinstance(minutes, int) else 0,
        notebook.is_lesson,
    )


def text_page_of(source: Path, href: str) -> Page:
    """Return the page of a text in Markdown.

    Raises
    ------
    KitError
        If it cannot be read.
    """
    text, front = without_front_matter(read_text(source))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    named = _TITLE.search(front)
    title = named[1].strip("\"'") if named else text.lstrip("# \n").partition("\n")[0]
    return Page(source, href, title.strip() or source.stem, notebook=notebook)


def add_texts(layout: Layout) -> list[Path]:
    """Give the texts a page that stand beside the notebooks, or that these lead to.

    READMEs are none, nor is a text that is one of the notebooks written in Markdown.

    Returns
    -------
    list of Path
        The texts.

    Raises
    ------
    KitError
        If one would have the page of something else, or cannot be read.
    """
    notebooks = {source: readable(source) for source in layout.pages}
    folders = dict.fromkeys(source.parent for source in notebooks)
    found = [file for folder in folders for file in _beside(folder, notebooks, layout)]
    layout.add_pages(found)
    waiting = [*notebooks, *found]
    while waiting:
        source = waiting.pop(0)
        for target in _linked_texts(source, notebooks.get(source), layout):
            layout.add_pages([target])
            found.append(target)
            waiting.append(target)
    return found


def _beside(folder: Path, notebooks: dict[Path, Notebook], layout: Layout) -> Iterator[Path]:
    for file in sorted(folder.iterdir()):
        named = file.suffix == MARKDOWN and file.stem.upper() != "README"
        if not named or file.name.startswith(".") or not is_file(file):
            continue
        notebook = notebooks.get(file.with_suffix(NOTEBOOK))
        if notebook is None or not _is_paired(read_text(file), notebook):
            yield file
        else:
            layout.same[file] = notebook.path


def _is_paired(text: str, notebook: Notebook) -> bool:
    """Tell whether a text is a notebook once more, as jupytext writes it."""
    jupytext = notebook.metadata.get("jupytext")
    formats = str(jupytext.get("formats", "")) if isinstance(jupytext, dict) else ""
    if "md" in formats or "myst" in formats or _PAIRED.search(without_front_matter(text)[1]):
        return True
    # Where the header was left out, it is known by all that the notebook says.
    said = [cell.source.strip() for cell in notebook.cells if cell.source.strip()]
    return bool(said) and all(one in text for one in said)


def _linked_texts(source: Path, notebook: Notebook | None, layout: Layout) -> Iterable[Path]:
    """Return the texts that a source leads to, and that have no page yet."""
    texts = [read_text(source)] if notebook is None else [one.source for one in notebook.markdown]
    reach = reach_of(layout.base_of(source))
    found: dict[Path, None] = {}
    for text in texts:
        if MARKDOWN not in text:
            continue
        for written in addresses_in(as_html(text, Formulas())):
            address = local(written)
            if address is None or not address.path.endswith(MARKDOWN):
                continue
            target = place_of(source.parent, address.path)
            new = target not in layout.pages and not layout.is_index(target)
            near = target.is_relative_to(reach) and not is_private(target, reach)
            if new and near and is_file(target) and target not in layout.same:
                found[target] = None
    return found


def in_order(pages: Sequence[Page], page: Page) -> tuple[Page | None, Page | None]:
    """Return the lessons before and after a lesson."""
    lessons = [one for one in pages if one.is_lesson]
    if page not in lessons:
        return None, None
    at = lessons.index(page)
    return lessons[at - 1] if at else None, lessons[at + 1] if lessons[at + 1 :] else None
