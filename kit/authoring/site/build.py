"""Building a site: notebooks are executed, and each becomes a page."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from jupyter_core.utils import ensure_event_loop
from markupsafe import Markup

from kit import __version__
from kit.authoring.running import Running
from kit.authoring.site.assets import EXTRAS, SCRIPTS, write_assets
from kit.authoring.site.bench_page import SOURCE as BENCH
from kit.authoring.site.bench_page import bench_page
from kit.authoring.site.bundle import Bundle, write_bundle
from kit.authoring.site.exporting import (
    TEMPLATES,
    draw_formulas,
    exported,
    shown_models,
    state_of,
)
from kit.authoring.site.folders import absolute
from kit.authoring.site.formulas import Formulas
from kit.authoring.site.front import write_front
from kit.authoring.site.glossary import NAME, explain_words, explained_in, read_glossary
from kit.authoring.site.identities import name_models
from kit.authoring.site.in_page import lesson_of, settings_of
from kit.authoring.site.kernelless import (
    State,
    closure,
    share_texts,
    where_a_kernel_is,
    without_kernel,
)
from kit.authoring.site.layout import Layout, Refused, laid_out, linked
from kit.authoring.site.links import Links, addresses_in, ids_in
from kit.authoring.site.look import STYLE, icon_of, write_look
from kit.authoring.site.markdown import DIAGRAM, as_html
from kit.authoring.site.offline import write_offline
from kit.authoring.site.pages import Page, add_texts, in_order, page_of, text_page_of
from kit.authoring.site.places import binder_link, course_title, repository_of, top_of
from kit.authoring.site.scripts import as_script
from kit.authoring.site.sections import Section, contents_of, sections_of, write_index
from kit.authoring.site.settings import SiteSettings, site_settings
from kit.authoring.site.showing import asked_of, kind_of, shows_stage
from kit.authoring.site.wording import for_page, text_for_page
from kit.check.notebooks import readable
from kit.check.runnable import executable
from kit.check.settings import Settings
from kit.errors import KitError
from kit.files import read_text

_ALLOWED = {
    "default-src": "'none'",
    # anywidget makes a module of a widget's text, which has an address that begins with blob:.
    "script-src": "'self' blob:",
    # bqplot, ipywidgets and anywidget bring their styles as elements of the page.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    # Python runs in a worker, whose script brings its own policy; the page itself fetches nothing.
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
POLICY = "; ".join(f"{what} {where}" for what, where in _ALLOWED.items())
"""What a page may do: nothing is fetched but what stands beside it, and no text is executed."""
MARKER_FILE = ".kit-site"
"""A file that says that a folder was made here, and may be made anew."""


def build(
    paths: Sequence[str | Path],
    output: Path,
    *,
    course: str | None = None,
    repository: str | None = None,
    jobs: int = 2,
    lite: bool = False,
    python: bool = False,
    tell: Callable[[str], object] = lambda _line: None,
) -> list[Page]:
    """Make a site of notebooks: a page each, and an index.

    Parameters
    ----------
    paths : sequence of str or Path
        Notebooks and folders.
    output : Path
        Folder of the site; one that was made here is made anew.
    course : str, optional
        What the course is called; found out if not given.
    repository : str, optional
        ``"owner/name"`` on GitHub, for links to Binder; found out if not given.
    jobs : int
        Notebooks that are executed at once.
    lite : bool
        Whether the index leads to a Jupyter that somebody puts into the folder ``lite``.
    python : bool
        Whether pages bring a Python along that runs in the browser.
    tell : callable
        Takes a line for each page that is ready.

    Returns
    -------
    list of Page

    Raises
    ------
    KitError
        If there is no notebook, one fails, two would have the same page, a library cannot be
        had, or `output` holds something else or cannot be written.
    """
    check_output(output)
    layout = laid_out(paths, output, lite=lite)
    texts = add_texts(layout)
    notebooks = [source for source in layout.pages if source not in texts]
    pages = [page_of(source, layout.pages[source]) for source in notebooks]
    pages += [text_page_of(source, layout.pages[source]) for source in texts]
    for text, notebook in layout.same.items():
        tell(f"{text}: left out, since it is {notebook.name} as a text")
    # Only Python can show a run that is not stored.
    own = [bench_page(layout)] if python else []
    _check_links(pages, layout)
    title, settings = course_title(course, notebooks[0]), site_settings(notebooks[0])
    pages = [
        replace(page, goal=text_for_page(page.goal, settings.words, python=python))
        for page in pages
    ]
    with _made(output) as part:
        with ThreadPoolExecutor(jobs) as executor:
            made = list(executor.map(_executed, [*pages, *own]))
        pages, bench = made[: len(pages)], next(iter(made[len(pages) :]), None)
        bundle = None
        if python:
            (part / "assets").mkdir()
            bundle = write_bundle(part / "assets")
        site = _Site(part, pages, layout, title, repository, bundle, bench, settings)
        site.write(tell, lite=lite)
    return pages


def _check_links(pages: Sequence[Page], layout: Layout) -> None:
    """Refuse what cannot be taken along before anything is run."""
    links = Links(layout, {})
    for page in pages:
        for cell in page.notebook.cells if page.notebook else _cells_of(page.source):
            body = as_html(cell.source, Formulas()) if cell.cell_type == "markdown" else ""
            for written in addresses_in(body):
                with suppress(Refused):
                    links.address(written, page.source)


def _cells_of(source: Path) -> list[Any]:
    cells: list[Any] = executable(readable(source)).cells
    return cells


def check_output(output: Path) -> None:
    """Check that a folder may become a site.

    Raises
    ------
    KitError
        If it is a file, or holds something else.
    """
    try:
        if output.is_dir() and any(output.iterdir()) and not (output / MARKER_FILE).is_file():
            raise KitError(
                f"{output}: this folder holds something that is no site; name another, or empty it"
            )
        if output.exists() and not output.is_dir():
            raise KitError(f"{output}: this is a file; name a folder")
    except OSError as error:
        raise KitError(f"{output}: it cannot be looked at: {error.strerror}; mend that") from None


@contextmanager
def _made(output: Path) -> Iterator[Path]:
    """Give a folder that takes the place of `output` in the end; nothing is left if that fails.

    Raises
    ------
    KitError
        If nothing can be written there.
    """
    part = absolute(output).with_name(f".{absolute(output).name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        yield part
        if output.exists():
            shutil.rmtree(output)
        part.rename(output)
    except OSError as error:
        what = f"{error.strerror} ({error.filename})" if error.filename else error
        raise KitError(f"{output}: the site cannot be made: {what}; mend that") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _executed(page: Page) -> Page:
    """Return a page with its notebook executed; called in a thread of its own."""
    if page.notebook is not None:
        return page
    notebook = executable(readable(page.source))
    if not any(cell.cell_type == "code" and cell.source.strip() for cell in notebook.cells):
        return replace(page, notebook=notebook)
    try:
        with Running(notebook, page.source) as running:
            opened = running.opened
    finally:
        # nbclient made it for this thread, and leaves it open.
        ensure_event_loop().close()
    return replace(page, notebook=notebook, models=name_models(notebook, opened))


@dataclass(frozen=True)
class _Shown:
    """What a page shows, before its links are known."""

    page: Page
    body: str
    state: State
    without: State
    binder: str
    sections: list[Section]


class _Site:
    """A site that is being written."""

    def __init__(
        self,
        folder: Path,
        pages: list[Page],
        layout: Layout,
        course: str,
        repository: str | None,
        bundle: Bundle | None,
        bench: Page | None,
        settings: SiteSettings,
    ) -> None:
        self._settings = settings
        self._bench = bench
        self._bundle = bundle
        self.folder, self.pages, self.layout, self.course = folder, pages, layout, course
        self.texts: dict[str, str] = {}
        self._top = top_of(pages[0].source)
        self._language = Settings.near(pages[0].source).language.replace("_", "-")
        self._repository = repository_of(self._top) if repository is None else repository
        loader = jinja2.FileSystemLoader(TEMPLATES)
        self._environment = jinja2.Environment(loader=loader, autoescape=True)

    def write(self, tell: Callable[[str], object], *, lite: bool) -> None:
        own = [] if self._bench is None else [self._bench]
        written = [self._shown(page, tell) for page in (*self.pages, *own)]
        ids = {one.page.href: ids_in(one.body) for one in written}
        links = Links(self.layout, ids, tell)
        for one in written:
            size = self._write_page(one, links)
            tell(f"{one.page.href}: {one.page.title} ({size / 1000:.0f} kB)")
        for source, name in self.layout.files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, self.folder / name)
            tell(f"{name}: copied")
        whole = "".join(one.body for one in written)
        needs = {"formulas": "<math" in whole, "diagrams": DIAGRAM in whole}
        write_assets(self.folder / "assets", self.texts, **needs)
        found = {one.page.href: (one.page.title, one.sections) for one in written}
        write_index(self.folder / "assets", found)
        write_look(self.folder / "assets", self._settings)
        self._write_index(lite, {one.page.href: asked_of(one.state) for one in written})
        write_offline(self.folder, self.course, self._language, self._settings)
        (self.folder / MARKER_FILE).write_text(f"{__version__}\n", encoding="utf-8")
        # Pages on GitHub would leave out what begins with an underscore.
        (self.folder / ".nojekyll").touch()

    def _shown(self, page: Page, tell: Callable[[str], object]) -> _Shown:
        """Return what a page shows; where its links lead is not known yet."""
        formulas = Formulas(lambda line: tell(f"{page.source}: {line}"))
        shown = shown_models(page.notebook)
        place = self._in_repository(page)
        binder = "" if page.source == BENCH else binder_link(self._repository, place)
        whole = state_of(page.notebook)
        without = without_kernel(whole, shown, where_a_kernel_is(binder))
        state = without if self._bundle is None else copy.deepcopy(closure(whole, shown))
        # Most models are the same with Python and without it.
        other = {name: model for name, model in without.items() if state.get(name) != model}
        for models in (state, other):
            draw_formulas(models, formulas)
            share_texts(models, self.texts)
        stages = [one for one in shown if shows_stage(state, one)]
        anchors = {one: f"stage-{number}" for number, one in enumerate(stages, 1)}
        told = for_page(page.notebook, self._settings.words, python=self._bundle is not None)
        said = exported(told, anchors, formulas)
        body = self._with_words(page, said)
        return _Shown(page, body, state, other, binder, sections_of(said))

    def _with_words(self, page: Page, body: str) -> str:
        """Return what a page shows with its words explained, if its course has a glossary."""
        glossary = page.source.parent / NAME
        if not page.is_lesson or glossary not in self.layout.pages:
            return body
        order = [one.source.name for one in self.pages if one.is_lesson]
        entries = read_glossary(read_text(glossary))
        return explain_words(body, explained_in(entries, page.source.name, order))

    def _write_page(self, one: _Shown, links: Links) -> int:
        page = one.page
        before, after = in_order(self.pages, page)
        python = self._python(one) if one.state and self._bundle is not None else None
        return self._render(
            "page.html.jinja",
            page.href,
            title=page.title,
            notebook=page.source.name if one.state else "",
            binder=one.binder,
            contents=contents_of(one.sections, lambda model: kind_of(one.state, model)),
            before=before,
            after=after,
            body=Markup(links.rewritten(one.body, page.source)),  # nbconvert has escaped text
            state=Markup(as_script(one.state)) if one.state else "",
            without=Markup(as_script(one.without)) if python else "",
            python=Markup(as_script(python)) if python else "",
            megabytes=python["megabytes"] if python else 0,
            is_bench=page.source == BENCH,
            extras=[name for mark, names in EXTRAS.items() if mark in one.body for name in names],
        )

    def _python(self, one: _Shown) -> dict[str, Any]:
        """Write what Python runs of a lesson, and return what its page has to know of Python."""
        page, bundle = one.page, self._bundle
        assert bundle is not None, "a page without Python does not ask"
        cells = f"lessons/{page.href.removesuffix('.html')}.json"
        place = self.folder / "assets" / cells
        place.parent.mkdir(parents=True, exist_ok=True)
        base = self.layout.base_of(page.source)
        text = lesson_of(page.notebook, page.source, base, page.models)
        place.write_text(text, encoding="utf-8", newline="\n")
        return settings_of(bundle.folder, bundle.total, bundle.transferred, cells)

    def _write_index(self, lite: bool, asked: dict[str, int]) -> None:
        others = [page for page in self.pages if not page.is_lesson]
        named = {"pages": others, "lite": lite, "bench": self._bench, "asked": asked}
        named["lessons"] = [page for page in self.pages if page.is_lesson]
        named["front"] = write_front(self.folder / "assets", self._settings.front)
        self._render("index.html.jinja", "index.html", title=self.course, **named)

    def _render(self, template: str, name: str, **values: Any) -> int:
        known = {
            "course": self.course,
            "language": self._language,
            "policy": POLICY,
            "version": __version__,
            "scripts": SCRIPTS,
            "icon": icon_of(self._settings),
            "has_logo": self._settings.logo is not None,
            "style": STYLE if self._settings.colours else "",
            "canonical": self._address(name),
            "root": "../" * name.count("/"),
            "run": "" if self._bench is None else linked(name, self._bench.href),
            "to": lambda page: linked(name, page.href),
        }
        text = self._environment.get_template(template).render(known | values)
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        return (self.folder / name).write_text(text, encoding="utf-8", newline="\n")

    def _address(self, name: str) -> str:
        top = self._settings.address.rstrip("/")
        return f"{top}/{quote(name)}" if top else ""

    def _in_repository(self, page: Page) -> str:
        source = page.source.resolve()
        inside = source.is_relative_to(self._top)
        return source.relative_to(self._top).as_posix() if inside else source.name
