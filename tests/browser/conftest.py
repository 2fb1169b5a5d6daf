"""The servers and the pages of the browser tests."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kit.authoring.browser.chromium import launch
from kit.authoring.browser.servers import Server, running_server
from tests.browser.page_logs import log_of, watch
from tests.browser.slow_link import delayed
from tests.browser.stage import STAGE, Shown, open_stage

VIEWPORT = {"width": 1280, "height": 900}
HERE = Path(__file__).parent


# A lesson and the harness open in each of these every time; what else is tried there is
# tried by night, as are second themes and sizes: one of each is tried by day.
ELSEWHERE = ("notebook7-02_", "voila-07_", "test_harness.py")
VARIATIONS = ("notebook7", "voila", "JupyterLab Light", "4096")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as one that needs a browser, and variations as nightly."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            varied = any(variation in item.name for variation in VARIATIONS)
            if varied and not any(name in item.nodeid for name in ELSEWHERE):
                item.add_marker(pytest.mark.nightly)
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    """Return which tests must be run by one worker: those of a file, which share what is slow.

    The longest file is what two workers share, a lesson each in turn.
    """
    name = item.path.name
    lesson = re.search(r"\[(\d\d)_", item.name)
    return f"{name} {int(lesson[1]) % 2}" if name == "test_students.py" and lesson else name


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
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page that has seen nothing yet and that reports what goes wrong in it."""
    context = browser.new_context(viewport=VIEWPORT)
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
