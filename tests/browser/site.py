"""What tests of the static site share: building it, opening a page, answering its questions."""

import json
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from kit.authoring.site.build import build
from tests.browser.predictions import give, wrong_answer
from tests.browser.stage import Played

LESSONS = Path(__file__).parents[2] / "lessons"
MADE_OF = [LESSONS, *(LESSONS.parent / name for name in ("kit", "pyproject.toml"))]
"""What a site of the lessons is made of, but for what is installed."""
REPOSITORY = "somebody/course"
WAIT_MS = 60_000
ONE_MORE = """(shown) => document.body.dataset.shown === "all"
    || document.querySelectorAll(".widget.is-shown").length > shown"""
# The first one, one with outcomes and an exercise, and the one with the most widgets.
FIRST = ("00_start_here", "12_the_price_of_sharing", "16_failure")
ALL = tuple(sorted(path.stem for path in LESSONS.glob("[0-9]*.ipynb")))
PAGES = ("for_teachers", "gallery")
MARKUP = "<img src=x onerror=alert(1)>"
MARKUP_CELLS = (
    f"# {MARKUP.replace('<', '&lt;')} in a lesson",
    f"""
from kit import Machine, Program
from kit.widgets import Editor, Predict, Stage
text = "x = 0\\ndef main():\\n    global x\\n    x = 1\\n    print(x)  # {MARKUP}"
machine = Machine()
machine.launch(Program({MARKUP!r}, text))
trace = machine.run()
""",
    f"stage = Stage(trace, title={MARKUP!r})\nstage",
    "Predict.from_trace(trace, kind='final_value', name='x', player=stage.player)",
    f"Editor(Program({MARKUP!r}, text))",
    f"print({MARKUP!r})",
)
STATE = re.compile(r'<script type="application/json" id="widget-state">(.*?)</script>', re.DOTALL)


def names(of: tuple[str, ...] = ALL, first: tuple[str, ...] = FIRST) -> list[object]:
    """Names of pages: some for `make test`, the others for `make thorough`."""
    others = [name for name in of if name not in first]
    return [*first, *(pytest.param(name, marks=pytest.mark.thorough) for name in others)]


def build_site(folder: Path, *sources: Path) -> Path:
    """Build a site and return its folder."""
    build(sources, folder, course="Operating systems", repository=REPOSITORY)
    return folder


def build_some_pages(folder: Path) -> Path:
    """Build a site of a few lessons and of a notebook whose names look like HTML."""
    first, *code = map(textwrap.dedent, MARKUP_CELLS)
    cells = [nbformat.v4.new_markdown_cell(first)]
    cells += [nbformat.v4.new_code_cell(text.strip()) for text in code]
    markup = folder / "markup.ipynb"
    metadata = {"kit": {"title": MARKUP, "goal": MARKUP}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), markup)
    return build_site(folder / "made", *(LESSONS / f"{name}.ipynb" for name in FIRST), markup)


def open_page(page: Page, address: str) -> None:
    """Open a page of the site and wait until all its widgets are there, one after the other."""
    page.goto(address)
    while page.locator("body").get_attribute("data-shown") != "all":
        # A slow machine may take long for all of them; what counts is that it goes on.
        shown = page.locator(".widget.is-shown").count()
        page.wait_for_function(ONE_MORE, arg=shown, timeout=WAIT_MS)
    expect(page.locator(".is-broken")).to_have_count(0)


def widget_state(file: Path) -> dict[str, dict[str, Any]]:
    """The traits of the widgets in a page, by the ids of their models."""
    match = STATE.search(file.read_text(encoding="utf-8"))
    assert match, f"{file.name} has no widgets"
    return {one: model["state"] for one, model in json.loads(match[1]).items()}


@dataclass(frozen=True)
class Asked:
    """A question on a page, and what is right and wrong."""

    place: Locator
    traits: dict[str, Any]

    @property
    def right(self) -> list[int]:
        """The places of the right answer."""
        if self.traits["form"] == "order":
            return list(self.traits["order"])
        return [at for at, choice in enumerate(self.traits["choices"]) if choice["correct"]]

    @property
    def texts(self) -> list[str]:
        """What the choices read."""
        return [choice["text"] for choice in self.traits["choices"]]

    @property
    def wrong(self) -> list[int]:
        """An answer that is wrong."""
        return wrong_answer(self.traits["form"], self.right, len(self.texts))

    def answer(self, places: list[int]) -> None:
        """Choose and check, as a person does."""
        give(self.place, self.traits["form"], places, self.texts)

    def expect(self, verdict: str) -> None:
        """Wait until it is told that the answer is "right" or "wrong"."""
        expect(self.place.locator(f".kit-feedback.kit-{verdict}")).to_be_visible()


def questions(page: Page, file: Path) -> list[Asked]:
    """The questions of a page, in their order."""
    state = widget_state(file)
    places = page.locator(".widget:has(> .shown .kit-predict)")
    found = []
    for at in range(places.count()):
        place = places.nth(at)
        traits = state[place.get_attribute("data-model") or ""]
        # A review is a box of several.
        inside = [traits] if "form" in traits else _inside(traits, state)
        shown = place.locator(".kit-predict")
        found += [Asked(shown.nth(number), one) for number, one in enumerate(inside)]
    return found


def _inside(box: dict[str, Any], state: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions in a box."""
    parts = [state[one.removeprefix("IPY_MODEL_")] for one in box["children"]]
    return [one for one in parts if "form" in one]


def players(page: Page) -> list[Played]:
    """The players of a page, in their order."""
    found = page.locator(".kit-player")
    return [Played(found.nth(at)) for at in range(found.count())]


def leads_to_its_moment(page: Page, asked: Asked) -> None:
    """Press the button of a question, which moves its stage to the tick that it names."""
    show = asked.place.get_by_role("button", name="Show me")
    if asked.traits["player"] is None:
        expect(show).to_be_hidden()
        return
    tick = asked.traits["tick"]
    expect(show).to_have_text(f"Show me at tick {tick}")
    show.click()
    moved = [played for played in players(page) if played.tick == tick]
    assert moved, asked.traits["prompt"]
