"""The servers and the pages of the browser tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kit.check.browser.chromium import launch
from kit.check.browser.servers import Server, running_server
from tests.browser.loopback import keep_to, served
from tests.browser.page_logs import assert_no_errors, log_of, watch
from tests.browser.site import LESSONS, MADE_OF, build_site, build_some_pages
from tests.browser.slow_link import delayed
from tests.browser.stage import STAGE, Shown, open_stage
from tests.kept import kept

VIEWPORT = {"width": 1280, "height": 900}
HERE = Path(__file__).parent


# `make test` tries one of each; what is tried elsewhere, in a second theme or size is left to
# `make thorough`, of which CI runs a quarter in turn.
VARIATIONS = ("notebook7", "voila-", "[voila]", "JupyterLab Light", "4096", "[dark-", "[phone]")
# In `make test` students go through these lessons, in `make thorough` through all others.
LESSONS_FIRST = ("16_failure",)
# Of what these files try closely, this is in `make test`.
FIRST = {
    # axe-core judges the same widgets on the site's pages, and in all lessons in `make thorough`.
    "test_accessibility.py": (),
    # The other changes are marked by the same code.
    "test_changes.py": ("test_what_changed_is_marked_in_every_picture",),
    "test_check_in_browser.py": (
        "test_bad_notebook_is_told[render_throws]",
        "test_every_notebook_and_every_rule_has_a_case",
        "test_good_notebook_passes_between_bad_ones",
        "test_nothing_is_left_behind",
    ),
    "test_editor.py": ("test_what_runs_is_what_is_seen",),
    "test_exercise.py": ("test_an_exercise_is_solved",),
    "test_frames.py": ("test_cells_say_what_the_trace_says",),
    "test_harness.py": (
        "test_widgets_render_and_reach_the_kernel[jupyterlab]",
        "test_widgets_render_and_reach_the_kernel[voila]",
        "test_errors_on_the_page_are_seen",
        "test_every_framing_is_decoded",
    ),
    "test_lessons.py": ("[00_", "test_every_lesson_has_a_number_of_pictures"),
    "test_lost_kernel.py": ("[killed]",),
    "test_moments.py": ("test_moments_are_visited_marked_and_answered",),
    "test_outcomes.py": ("test_outcome_is_chosen_played_and_compared",),
    "test_predict.py": (
        "test_nobody_sees_what_comes_after_a_question",
        "test_every_form_is_answered_by_keyboard",
    ),
    # Which cell a callback prints to is a unit test, too.
    "test_printed.py": (),
    # Node.js runs the same facts in Pyodide, and `make test` rehearses the start on Binder.
    "test_pyodide.py": (),
    "test_rehearsal.py": (),
    "test_sandbox.py": ("test_a_slider_shows_another_run_at_the_same_tick[jupyterlab]",),
    # The lesson with the most widgets.
    "test_site_in_sight.py": ("[12_",),
    "test_site_python.py": (
        "test_a_lesson_is_done_on_the_page_alone[00_",
        "test_nothing_of_python_is_fetched_before_it_is_needed",
        "test_stop_ends_python_at_once_and_what_was_done_stays",
    ),
    "test_stage.py": (
        "test_a_slow_kernel_undoes_nothing",
        "test_controls_by_keyboard",
        "test_every_way_to_a_tick_shows_the_same",
        "test_python_moves_the_page",
        "test_tab_reaches_every_control",
    ),
    "test_stage_at_work.py": (
        "test_markup_in_names_stays_text",
        "test_plays_at_the_rate_of_the_screen",
        "test_words_agree_with_the_trace",
    ),
    # Unit tests count what a cell leaves behind when it is run again.
    "test_stage_living.py": ("test_reload_restores_the_picture",),
    # What is in sight in every size is tried on a page of the site.
    "test_stage_in_sight.py": (
        "test_a_folded_view_stays_folded",
        "test_full_screen_is_read_from_the_last_row",
    ),
    "test_students.py": tuple(f"[{lesson}" for lesson in LESSONS_FIRST),
    "test_timeline.py": ("test_buttons_and_keys_zoom_and_pan",),
    # A slider and a figure are shown by Voila in `test_harness.py`.
    "test_voila.py": (),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as one that needs a browser, and what `make test` leaves."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            kept = FIRST.get(item.path.name)
            first = (
                any(name in item.nodeid for name in kept)
                if kept is not None
                else not any(variation in item.nodeid for variation in VARIATIONS)
            )
            if not first:
                item.add_marker(pytest.mark.thorough)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Show with a failed test what its page and its servers said."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.failed and call.when == "call" and page is not None:
        log = log_of(page)
        report.sections.append(("Browser console", "\n".join(log.console)))
        for server in log.servers:
            report.sections.append((f"The {server.kind} server", server.log_tail()))
        picture = item.funcargs["tmp_path"] / "page.png"
        with suppress(Exception):  # the page may be what broke
            page.screenshot(path=picture)
            report.sections.append(("Picture of the page", str(picture)))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the session; each test gets a profile of its own in it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def service_workers() -> Literal["allow", "block"]:
    """Whether pages may have a service worker: what one asks for, no test of a page would see."""
    return "block"


@pytest.fixture
def page(
    browser: Browser, tmp_path: Path, service_workers: Literal["allow", "block"]
) -> Iterator[Page]:
    """A page that has seen nothing yet and that reports what goes wrong in it."""
    context = browser.new_context(viewport=VIEWPORT, service_workers=service_workers)
    page = context.new_page()
    log = watch(page)
    yield page
    context.close()
    for server in log.servers:
        for kernel in set(log.traffic.kernel_ids):
            server.stop_kernel(kernel)


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running JupyterLab."""
    with running_server("lab", tmp_path_factory.mktemp("jupyterlab")) as server:
        yield server


@pytest.fixture(scope="session")
def notebook7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Jupyter Notebook 7."""
    with running_server("notebook", tmp_path_factory.mktemp("notebook")) as server:
        yield server


@pytest.fixture(scope="session")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Voila."""
    with running_server("voila", tmp_path_factory.mktemp("voila")) as server:
        yield server


@pytest.fixture
def slow_link() -> Iterator[Callable[[Server, float], Server]]:
    """Reach a server over a slow link: `slow_link(server, one_way_ms)`."""
    with ExitStack() as links:
        yield lambda server, one_way_ms: links.enter_context(delayed(server, one_way_ms))


@pytest.fixture
def stage(page: Page, jupyterlab: Server) -> Shown:
    """The lesson's stage in JupyterLab."""
    return open_stage(page, jupyterlab, STAGE)


@pytest.fixture(scope="session")
def some_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a few lessons and of a notebook whose names look like HTML."""
    return build_some_pages(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def every_page(pytestconfig: pytest.Config) -> Path:
    """The site of all that is in the folder of the lessons.

    It is kept: `make thorough` needs it again for what has to be measured alone.
    """
    folder = pytestconfig.cache.mkdir("site")
    return kept(folder, MADE_OF, lambda made: build_site(made, LESSONS))


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Path:
    """The site that has the page under test."""
    # `make thorough` makes every page in any case.
    whole = request.node.get_closest_marker("thorough") is not None
    folder: Path = request.getfixturevalue("every_page" if whole else "some_pages")
    return folder


@pytest.fixture
def address(site: Path, page: Page) -> Iterator[str]:
    """Where the site is served; nothing else can be reached, and nothing else is asked for."""
    with served({"site": site}) as base:
        outside = keep_to(page, f"{base}/site/")
        yield f"{base}/site"
        assert outside == []
        assert_no_errors(page)
