"""Building a site: notebooks are executed, and each becomes a page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from jupyter_core.utils import ensure_event_loop
from markupsafe import Markup, escape

from kit import __version__
from kit.authoring.notebooks import find_notebooks, readable
from kit.authoring.site.assets import SCRIPTS, write_assets
from kit.authoring.site.exporting import TEMPLATES, exported, shown_models, state_of
from kit.authoring.site.kernelless import State, closure, share_texts, without_kernel
from kit.authoring.site.links import MARKDOWN, page_name, rewrite
from kit.authoring.site.places import binder_link, repository_of, top_of
from kit.authoring.writing.storing import run
from kit.errors import KitError

_ALLOWED = {
    "default-src": "'none'",
    # anywidget makes a module of a widget's text, which has an address that begins with blob:.
    "script-src": "'self' blob:",
    # bqplot, ipywidgets and anywidget bring their styles as elements of the page.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
}
POLICY = "; ".join(f"{what} {where}" for what, where in _ALLOWED.items())
"""What a page may do: nothing is fetched but what stands beside it, and no text is executed."""
MARK = ".kit-site"
"""A file that says that a folder was made here, and may be made anew."""


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes
    ----------
    source : Path
    title, goal : str
    minutes : int
    is_lesson : bool
    notebook : NotebookNode or None
        Executed; None for a page that is text alone.
    """

    source: Path
    title: str
    goal: str = ""
    minutes: int = 0
    is_lesson: bool = False
    notebook: Any = field(default=None, compare=False, repr=False)

    @property
    def href(self) -> str:
        """Its name in the site."""
        return page_name(self.source.name)


def build(
    paths: Sequence[str | Path],
    output: Path,
    *,
    course: str = "Lessons",
    repository: str | None = None,
    jobs: int = 2,
    lite: bool = False,
    tell: Callable[[str], object] = lambda _line: None,
) -> list[Page]:
    """Make a site of notebooks: a page each, and an index.

    Parameters
    ----------
    paths : sequence of str or Path
        Notebooks and folders.
    output : Path
        Folder of the site; one that was made here is made anew.
    course : str
        What the course is called.
    repository : str, optional
        ``"owner/name"`` on GitHub, for links to Binder; found out if not given.
    jobs : int
        Notebooks that are executed at once.
    lite : bool
        Whether the index leads to a Jupyter that somebody puts into the folder ``lite``.
    tell : callable
        Takes a line for each page that is ready.

    Returns
    -------
    list of Page

    Raises
    ------
    KitError
        If there is no notebook, one fails, two have the same name, a library cannot be had,
        or `output` holds something else.
    """
    sources = find_notebooks(paths)
    _check_names(sources)
    _check_output(output)
    pages = [_page_of(source) for source in sources]
    with ThreadPoolExecutor(jobs) as executor:
        pages = list(executor.map(_executed, pages))
    pages += _texts(pages)
    part = output.with_name(f".{output.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _Site(part, pages, course, repository).write(tell, lite=lite)
        shutil.rmtree(output, ignore_errors=True)
        part.rename(output)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return pages


def _check_names(sources: Sequence[Path]) -> None:
    seen: dict[str, Path] = {}
    for source in sources:
        other = seen.setdefault(page_name(source.name), source)
        if other != source or source.name == "index.ipynb":
            taken = other if other != source else "the index"
            raise KitError(f"{source}: its page would replace that of {taken}; rename one of them")


def _check_output(output: Path) -> None:
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise KitError(
            f"{output}: this folder holds something that is no site; name another, or empty it"
        )
    if output.exists() and not output.is_dir():
        raise KitError(f"{output}: this is a file; name a folder")


def _page_of(source: Path) -> Page:
    notebook = readable(source)
    course = notebook.course
    minutes = course.get("minutes")
    return Page(
        source,
        str(course.get("title") or source.stem.replace("_", " ")),
        str(course.get("goal") or ""),
        minutes if isinstance(minutes, int) else 0,
        notebook.is_lesson,
    )


def _executed(page: Page) -> Page:
    """Return a page with its notebook executed; called in a thread of its own."""
    notebook = nbformat.read(page.source, as_version=4)
    try:
        run(notebook, page.source)
    finally:
        # nbclient made it for this thread, and leaves it open.
        ensure_event_loop().close()
    return replace(page, notebook=notebook)


def _texts(pages: Sequence[Page]) -> list[Page]:
    """Return pages of the Markdown texts that stand beside the notebooks; READMEs are none."""
    folders = dict.fromkeys(page.source.parent for page in pages)
    found = []
    for folder in folders:
        for file in sorted(folder.glob(f"*{MARKDOWN}")):
            if file.stem.upper() != "README":
                text = file.read_text(encoding="utf-8")
                notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
                title = text.lstrip("# \n").partition("\n")[0]
                found.append(Page(file, title or file.stem, notebook=notebook))
    return found


class _Site:
    """A site that is being written."""

    def __init__(
        self, folder: Path, pages: list[Page], course: str, repository: str | None
    ) -> None:
        self.folder, self.pages, self.course = folder, pages, course
        self.texts: dict[str, str] = {}
        self._top = top_of(pages[0].source)
        self._repository = repository_of(self._top) if repository is None else repository
        loader = jinja2.FileSystemLoader(TEMPLATES)
        self._environment = jinja2.Environment(loader=loader, autoescape=True)

    def write(self, tell: Callable[[str], object], *, lite: bool) -> None:
        for page in self.pages:
            written = self._write_page(page)
            tell(f"{page.href}: {page.title} ({written / 1000:.0f} kB)")
        self._write_index(lite)
        write_assets(self.folder / "assets", self.texts)
        (self.folder / MARK).write_text(f"{__version__}\n", encoding="utf-8")
        # Pages on GitHub would leave out what begins with an underscore.
        (self.folder / ".nojekyll").touch()

    def _write_page(self, page: Page) -> int:
        shown = shown_models(page.notebook)
        binder = binder_link(self._repository, self._in_repository(page))
        state = without_kernel(state_of(page.notebook), shown, _where(binder))
        share_texts(state, self.texts)
        stages = [one for one in shown if _shows_stage(state, one)]
        anchors = {one: f"stage-{number}" for number, one in enumerate(stages, 1)}
        names = {other.source.name for other in self.pages}
        body, files = rewrite(exported(page.notebook, anchors), page.source.parent, names)
        for name in files:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page.source.parent / name, self.folder / name)
        before, after = self._neighbours(page)
        return self._render(
            "page.html.jinja",
            page.href,
            title=page.title,
            notebook=page.source.name if shown else "",
            binder=binder,
            before=before,
            after=after,
            body=Markup(body),  # nbconvert has escaped what is text
            state=Markup(as_script(state)) if state else "",
        )

    def _neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        """Return the lessons before and after a lesson."""
        lessons = [one for one in self.pages if one.is_lesson]
        if page not in lessons:
            return None, None
        at = lessons.index(page)
        return lessons[at - 1] if at else None, lessons[at + 1] if lessons[at + 1 :] else None

    def _write_index(self, lite: bool) -> None:
        lessons = [page for page in self.pages if page.is_lesson]
        others = [page for page in self.pages if not page.is_lesson]
        named = {"lessons": lessons, "pages": others, "lite": lite}
        self._render("index.html.jinja", "index.html", title=self.course, **named)

    def _render(self, template: str, name: str, **values: Any) -> int:
        known = {
            "course": self.course,
            "policy": POLICY,
            "version": __version__,
            "scripts": SCRIPTS,
        }
        text = self._environment.get_template(template).render(known | values)
        return (self.folder / name).write_text(text, encoding="utf-8", newline="\n")

    def _in_repository(self, page: Page) -> str:
        source = page.source.resolve()
        inside = source.is_relative_to(self._top)
        return source.relative_to(self._top).as_posix() if inside else source.name


def _where(binder: str) -> str:
    """Return where there is a kernel, as HTML."""
    if not binder:
        return "open this notebook in JupyterLab"
    return f'<a class="to-binder" href="{escape(binder)}">open this lesson on Binder</a>'


def _shows_stage(state: State, one: str) -> bool:
    """Tell whether a widget is a stage or has one in it, so that a link can lead to its ticks."""
    inner = closure(state, [one]).values() if state[one]["state"].get("children") else ()
    return any("kit-stage" in (model["state"].get("_dom_classes") or ()) for model in inner)


def as_script(value: object) -> str:
    """Return JSON that can stand in an element ``<script>``, whatever its texts are."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
