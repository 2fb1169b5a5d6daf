"""Python in the page: a lesson is done on the published page alone, with no kernel."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from kit.authoring.grading.grading import grade
from kit.authoring.site.build import build
from kit.scenarios import deadlock
from kit.trace.link import link_of
from tests.browser.loopback import keep_to, served
from tests.browser.page_logs import assert_no_errors
from tests.browser.site import ALL, LESSONS, REPOSITORY, leads_to_its_moment, open_page, questions
from tests.browser.stage import wait_until
from tests.browser.tab_memory import memory_of_tab
from tests.browser.test_accessibility import violations
from tests.browser.test_students import (
    change_something,
    explain,
    play_each,
    solve_each,
    try_what_if,
)

FIRST = "00_start_here"
STARTS_MS = 120_000
MOST_MB = 400
NAMES = [FIRST, *(pytest.param(one, marks=pytest.mark.thorough) for one in ALL if one != FIRST)]


@pytest.fixture(scope="session")
def lessons_with_python(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Sites of one lesson each, by name; each is made when it is first asked for."""
    return {"": tmp_path_factory.mktemp("python")}


@pytest.fixture
def lesson(
    request: pytest.FixtureRequest, lessons_with_python: dict[str, Path], page: Page
) -> Iterator[str]:
    """The address of a lesson's page that brings Python along; nothing else can be reached."""
    name = getattr(request.node, "callspec", None) and request.node.callspec.params.get("name")
    name = name or FIRST
    if name not in lessons_with_python:
        folder = lessons_with_python[""] / name
        build([LESSONS / f"{name}.ipynb"], folder, repository=REPOSITORY, python=True)
        lessons_with_python[name] = folder
    with served({"site": lessons_with_python[name]}) as base:
        outside = keep_to(page, f"{base}/site/")
        yield f"{base}/site/{name}.html"
        assert outside == []
        assert_no_errors(page)


def solutions_of(name: str) -> list[str]:
    """The solutions of a lesson's exercises, in the order in which these are in it."""
    text = (LESSONS / f"{name}.ipynb").read_text(encoding="utf-8")
    code = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    named = re.findall(r'"(solutions/[^"]+)"', code)
    return [(LESSONS / one).read_text(encoding="utf-8") for one in named]


def solution_of(name: str) -> str:
    """The solution of a lesson's only exercise."""
    (solution,) = solutions_of(name)
    return solution


def wait_for_rest(page: Page) -> None:
    """Wait until Python has nothing to do."""
    expect(page.locator(".python")).to_be_hidden(timeout=STARTS_MS)


def see_in_c(page: Page) -> None:
    """Ask for the same in C below the first run, which the page's Python writes."""
    stage = page.locator(".kit-stage:not(.kit-exercise *):has(.kit-branching)").first
    stage.get_by_role("button", name="The same in C").click()
    expect(stage.locator(".kit-in-c")).to_contain_text(" in C", timeout=STARTS_MS)


def start_python(page: Page) -> None:
    """Do what only Python can answer, and wait for the answer."""
    assert page.workers == []
    stage = page.locator(".kit-stage:not(.kit-exercise *):has(.kit-branching)").first
    stage.get_by_role("button", name="What if").click()
    expect(page.locator(".python")).to_contain_text("Python is")
    expect(stage.get_by_role("button", name="Run on from tick")).to_be_visible(timeout=STARTS_MS)
    stage.get_by_role("button", name="What if").click()
    wait_for_rest(page)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_done_on_the_page_alone(lesson, page, tmp_path, lessons_with_python, name):
    """Answers, every player, "What if", sandbox, editor, exercise; the export is graded in full.

    What all this leaves in the memory of the tab is bounded.
    """
    open_page(page, lesson)
    asked = questions(page, lessons_with_python[name] / f"{name}.html")
    for one in asked:
        one.answer(one.wrong)
        one.expect("wrong")
        one.answer(one.right)
        one.expect("right")
    for one in asked:
        leads_to_its_moment(page, one)
    play_each(page)
    start_python(page)
    try_what_if(page)
    see_in_c(page)
    wait_for_rest(page)
    change_something(page)
    wait_for_rest(page)
    solutions = solutions_of(name)
    solve_each(page, solutions)
    wait_for_rest(page)
    explain(page)
    everything = len(asked) + len(solutions) + 1
    said = f"{everything} of {everything} answered, {everything - 1} right, 1 written"
    expect(page.locator(".kit-answers .kit-summary")).to_contain_text(said)
    with page.expect_download() as download:
        page.locator(".kit-answers").get_by_role("button", name="Export").click()
    answers = tmp_path / f"{name}.answers.json"
    download.value.save_as(answers)
    assert len(json.loads(answers.read_text(encoding="utf-8"))["answers"]) == everything
    (graded,) = grade([answers], [LESSONS / f"{name}.ipynb"])
    assert (graded.points, graded.of) == (everything - 1, everything - 1)
    wait_until(page, lambda: memory_of_tab(page) < MOST_MB, f"the tab takes {MOST_MB} MB at most")


def test_a_link_shows_its_run_on_the_page_for_runs(lesson, page):
    """Program, moment and machine; it can be explored, and what is no link is said as a text."""
    run = lesson.replace(FIRST, "run")
    trace = deadlock(quantum=4)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link_of(trace, 20, run))
    expect(page.locator(".kit-clock").first).to_have_text(
        f"t = 20 / {trace.end}", timeout=STARTS_MS
    )
    expect(page.locator("textarea").first).to_have_value(trace.programs[0].text)
    wait_for_rest(page)
    page.get_by_role("button", name="Explore every schedule").click()
    expect(page.locator(".kit-outcomes")).to_be_visible(timeout=STARTS_MS)
    assert violations(page, "main") == []
    page.evaluate("() => { location.hash = '#run=1.<em>bold</em>'; }")
    expect(page.locator(".kit-said").first).to_contain_text("link: a part of it is missing")
    expect(page.locator(".kit-bench em")).to_have_count(0)


def editor_of(page: Page) -> tuple[Locator, Locator]:
    """The first editor of a page that is no exercise, and its text area."""
    editor = page.locator(".kit-editor:not(.kit-exercise)").first
    return editor, editor.locator("textarea")


def test_nothing_of_python_is_fetched_before_it_is_needed(lesson, page, lessons_with_python):
    """Playing, answering, typing and reading hints fetch nothing; the first press does."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, lesson)
    page.get_by_role("button", name="Play", exact=True).first.click()
    questions(page, lessons_with_python[FIRST] / f"{FIRST}.html")[0].answer([0])
    editor, area = editor_of(page)
    area.press_sequentially("# mine")
    exercise = page.locator(".kit-exercise")
    exercise.get_by_role("button", name="Hint 1").click()
    expect(exercise.locator(".kit-hints li")).to_have_count(1)
    assert not [one for one in asked if "/python-" in one or one.endswith(".json")]
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".python")).to_contain_text("Python is")
    wait_for_rest(page)
    assert [one for one in asked if one.endswith("pyodide.asm.wasm")]
    expect(editor.locator(".kit-said")).to_have_text("The picture shows the edited program.")


def test_stop_ends_python_at_once_and_what_was_done_stays(lesson, page):
    """A program without an end is stopped; text and answers stay, and the next press works."""
    open_page(page, lesson)
    exercise = page.locator(".kit-exercise")
    area, verdict = exercise.locator("textarea"), exercise.locator(".kit-verdict")
    check = exercise.get_by_role("button", name="Check", exact=True)
    area.fill(solution_of(FIRST))
    check.click()
    expect(verdict).to_have_attribute("data-state", "passed", timeout=STARTS_MS)
    wait_for_rest(page)
    (first,) = page.workers
    editor, text = editor_of(page)
    endless = "def main():\n    n = 0\n    while True:\n        n += 1\n"
    text.fill(endless)
    editor.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Stop Python").click()
    expect(page.locator(".python")).to_contain_text("Python was stopped.")
    wait_until(page, lambda: page.workers == [], "the worker has ended")
    assert text.input_value() == endless
    expect(verdict).to_have_attribute("data-state", "passed")
    text.fill("def main():\n    print(7)\n")
    editor.get_by_role("button", name="Run", exact=True).click()
    said = editor.locator(".kit-said")
    expect(said).to_have_text("The picture shows the edited program.", timeout=STARTS_MS)
    assert page.workers != [first]
    # An exercise that has passed stays so, in what is exported, too.
    expect(page.locator(".kit-answers .kit-summary")).to_contain_text("1 right")


MEMORY = """async ([root, content]) => {
    const { folder } = JSON.parse(document.getElementById("python").textContent);
    const cache = await caches.open(`os-course-kit ${new URL(root).pathname}assets/`);
    const address = `${root}assets/${folder}/memory`;
    if (content) await cache.put(address, new Response(content));
    const kept = await cache.match(address);
    return (await cache.keys()).length === 1 && kept ? (await kept.blob()).size : 0;
}"""
LISTEN = """() => {
    window.linesOfPython = [];
    const line = document.querySelector(".python");
    const note = () => window.linesOfPython.push(line.textContent);
    new MutationObserver(note).observe(line, { subtree: true, childList: true });
}"""


def lines_of_python(page: Page) -> list[str]:
    """What the page has said of Python since `LISTEN`."""
    return list(page.evaluate("window.linesOfPython"))


def test_an_exercise_is_there_again_when_the_page_is(lesson, page):
    """Another visit shows the text that passed and that it has, before Python is there.

    Python is then taken up where the first visit had made it ready; what is of no use is made anew.
    """
    root = lesson.removesuffix(f"{FIRST}.html")
    open_page(page, lesson)
    assert page.evaluate(MEMORY, [root, "no memory"]) == len("no memory")
    page.evaluate(LISTEN)
    exercise = page.locator(".kit-exercise")
    exercise.locator("textarea").fill(solution_of(FIRST))
    exercise.get_by_role("button", name="Check", exact=True).click()
    verdict = exercise.locator(".kit-verdict")
    expect(verdict).to_have_attribute("data-state", "passed", timeout=STARTS_MS)
    wait_for_rest(page)
    assert [one for one in lines_of_python(page) if "MB, once" in one]
    wait_until(page, lambda: page.evaluate(MEMORY, [root, ""]) > 10_000_000, "the memory is kept")
    open_page(page, lesson)
    assert page.workers == []
    page.evaluate(LISTEN)
    expect(verdict).to_have_attribute("data-state", "passed")
    assert exercise.locator("textarea").input_value() == solution_of(FIRST)
    exercise.get_by_role("button", name="Run", exact=True).click()
    said = exercise.locator(".kit-said")
    expect(said).to_contain_text("The picture shows the edited program", timeout=STARTS_MS)
    expect(verdict).to_have_attribute("data-state", "passed")
    assert not [one for one in lines_of_python(page) if "MB" in one]


def test_the_line_of_python_can_be_read_by_all(lesson, page):
    """While Python starts, on a laptop and a phone, nothing is in the way of axe-core."""
    open_page(page, lesson)
    editor, _ = editor_of(page)
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        editor.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator(".python")).to_be_visible()
        assert violations(page, ".python") == []
        page.get_by_role("button", name="Stop Python").click()
        expect(page.get_by_role("button", name="Stop Python")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_from_a_file_is_the_one_without_python(lesson, page, lessons_with_python):
    """Where no worker can be had, what needs one is told in words, and nothing is dead."""
    file = lessons_with_python[FIRST] / f"{FIRST}.html"
    assert lesson
    page.context.unroute_all()
    open_page(page, file.as_uri())
    expect(page.locator(".kit-needs-kernel").first).to_be_visible()
    expect(page.locator(".kit-editor textarea")).to_have_count(0)
    expect(page.locator(".about.with-python")).to_be_hidden()


STRANGE = (
    """
import sys
import numpy as np
from kit.scenarios import lost_update
from kit.widgets import Stage, sandbox
""",
    """
def run(n):
    return lost_update(loops=n)
sandbox(run, n=(1, 1 + int(np.int64(2))), view=lambda made: Stage(made, title="numpy"))
""",
    """
there = sys.platform == "emscripten"
title = "in a page" if there else "here"
Stage(lost_update(), title=title, views=("cpu", "console")[there:])
""",
    "sandbox(run, n=(1, 3), view=lambda made: Stage(made, title='plain'))",
)


def test_what_a_page_cannot_run_says_so_and_the_rest_works(page, tmp_path):
    """A cell that needs numpy is told of in words; one that makes other widgets is shown anew."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in STRANGE]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "strange.ipynb")
    build([tmp_path / "strange.ipynb"], tmp_path / "made", python=True)
    with served({"site": tmp_path / "made"}) as base:
        outside = keep_to(page, f"{base}/site/")
        open_page(page, f"{base}/site/strange.html")
        line = page.locator(".python")
        first, last = page.locator(".kit-sandbox").first, page.locator(".kit-sandbox").last
        first.get_by_role("slider", name="n", exact=True).press("ArrowUp")
        expect(line).to_contain_text("ImportError: numpy is not there", timeout=STARTS_MS)
        last.get_by_role("slider", name="n", exact=True).press("ArrowUp")
        expect(last.locator(".kit-said")).to_have_text(
            "The picture shows n = 3.", timeout=STARTS_MS
        )
        expect(page.get_by_text("in a page", exact=True)).to_be_visible()
        expect(page.get_by_text("here", exact=True)).to_have_count(0)
        assert outside == []
    assert_no_errors(page)
