"""The site without a network: what was opened once is there, a new build replaces it."""

import gzip
import json
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from kit.authoring.site.build import build
from kit.authoring.site.offline import write_offline
from kit.authoring.site.settings import SiteSettings
from tests.browser.loopback import served
from tests.browser.page_logs import assert_no_errors
from tests.browser.site import LESSONS, WAIT_MS, open_page
from tests.browser.stage import wait_until
from tests.browser.test_site_python import STARTS_MS, editor_of, wait_for_rest

LESSON = "00_start_here"
KEPT = """async () => {
    const names = (await caches.keys()).filter((one) => one.startsWith("os-course-kit site "));
    const found = [];
    for (const name of names) {
        const requests = await (await caches.open(name)).keys();
        found.push([name, requests.map((one) => new URL(one.url).pathname.split("/").at(-1))]);
    }
    return found;
}"""


HAS_TAKEN_OVER = "() => navigator.serviceWorker.controller?.state === 'activated'"
LOADED = """() => [location.href].concat(
    performance.getEntriesByType("resource").map(({ name }) => name))"""
BESIDE = 30_000  # bytes, compressed


@pytest.fixture
def service_workers() -> str:
    """Here they are what is tried."""
    return "allow"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a lesson, with Python."""
    folder = tmp_path_factory.mktemp("offline") / "made"
    build([LESSONS / f"{LESSON}.ipynb"], folder, course="Operating systems", python=True)
    return folder


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed: it is a minute old, since the server tells seconds apart."""
    copy = shutil.copytree(built, tmp_path / "site")
    for file in filter(Path.is_file, copy.rglob("*")):
        made = file.stat().st_mtime - 60
        os.utime(file, (made, made))
    return copy


def kept(page: Page) -> dict[str, list[str]]:
    """The names of the files that are kept, by build."""
    return dict(page.evaluate(KEPT))


def wait_until_kept(page: Page, *names: str) -> None:
    """Wait until files are kept, and those of one build only."""
    wait_until(
        page,
        lambda: [set(names) <= set(one) for one in kept(page).values()] == [True],
        f"{names} are kept",
    )


def look_at_once(page: Page) -> None:
    """Let each page that is loaded from now on look for a new worker.

    Chromium itself asks for none until it counts itself as started, which without a window is
    three minutes after its start.
    """
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.setForceUpdateOnPageLoad", {"forceUpdateOnPageLoad": True})


def run(page: Page) -> None:
    """Run a program in the page's editor, and wait for its picture."""
    editor, area = editor_of(page)
    area.fill("def main():\n    print(7)\n")
    editor.get_by_role("button", name="Run", exact=True).click()
    said = editor.locator(".kit-said")
    expect(said).to_have_text("The picture shows the edited program.", timeout=STARTS_MS)
    wait_for_rest(page)


def test_a_lesson_that_was_opened_runs_without_a_network(page, site):
    """Its page, its libraries and its Python are there when the server is gone, and the start."""
    with served({"site": site}) as base:
        open_page(page, f"{base}/site/{LESSON}.html")
        run(page)
        needed = ("bqplot.js", "texts.js", "site.css", "index.html", f"{LESSON}.json")
        python = ("pyodide.asm.wasm", "pyodide.asm.mjs", "kit.tar.gz", "page_worker.js")
        wait_until_kept(page, f"{LESSON}.html", *needed, *python)
    open_page(page, f"{base}/site/{LESSON}.html#stage-1&t=3")
    run(page)
    page.get_by_role("link", name="Operating systems").first.click()
    expect(page.get_by_role("heading", name="Operating systems")).to_be_visible()
    assert_no_errors(page)
    page.goto(f"{base}/site/run.html")
    expect(page.get_by_role("heading", name="This page is not here yet")).to_be_visible()


def test_what_a_first_visit_fetches_is_little(page, site):
    """Each file comes once; afterwards the site is asked once whether it is still so.

    Beside that come what keeps it and the front page, which is where somebody without a network
    begins: a few kilobytes, after all that the page shows.
    """
    asked: list[tuple[str, int]] = []
    with served({"site": site}, asked) as base:
        open_page(page, f"{base}/site/{LESSON}.html")
        loaded = {urlsplit(one).path for one in page.evaluate(LOADED)}
        wait_until_kept(page, *(one.rpartition("/")[2] for one in loaded), "index.html")
    assert sorted(asked) == sorted(set(asked))
    fresh = {path for path, status in asked if status == 200}
    assert loaded <= fresh
    assert {path for path, status in asked if status == 304} <= loaded
    beside = [site / one.removeprefix("/site/") for one in fresh - loaded]
    assert sum(len(gzip.compress(file.read_bytes())) for file in beside) < BESIDE
    assert {file.name for file in beside} >= {"service.js", "index.html", "front_playing.svg"}


def test_a_new_build_takes_the_place_of_what_was_kept(page, site):
    """Pages come from the site while there is a network; the cache of the old build is gone."""
    with served({"site": site}) as base:
        page.goto(f"{base}/site/index.html")
        wait_until_kept(page, "index.html", "site.css")
        wait_until(page, lambda: page.evaluate(HAS_TAKEN_OVER), "the worker has taken over")
        (old,) = kept(page)
        index = site / "index.html"
        index.write_text(index.read_text(encoding="utf-8").replace("Operating", "Newer"))
        write_offline(site, "Newer systems", "en", SiteSettings())
        look_at_once(page)
        page.reload()
        expect(page.get_by_role("heading", name="Newer systems")).to_be_visible()
        wait_until(page, lambda: old not in kept(page), "the old build is gone")
        wait_until_kept(page, "index.html", "site.css")
    page.reload()
    expect(page.get_by_role("heading", name="Newer systems")).to_be_visible(timeout=WAIT_MS)


def test_a_new_build_keeps_nothing_of_the_one_before(page, site):
    """What the browser still has of the old build while a page of it is open is asked for again."""
    with served({"site": site}) as base:
        page.goto(f"{base}/site/index.html")
        wait_until_kept(page, "index.html", "site.css")
        wait_until(page, lambda: page.evaluate(HAS_TAKEN_OVER), "the worker has taken over")
        (old,) = kept(page)
        index = site / "index.html"
        index.write_text(index.read_text(encoding="utf-8").replace("Operating", "Newer"))
        write_offline(site, "Newer systems", "en", SiteSettings())
        look_at_once(page)
        page.context.new_page().goto(f"{base}/site/index.html")
        wait_until(page, lambda: old not in kept(page), "the old build is gone")
        wait_until_kept(page, "index.html", "site.css")
    page.reload()
    expect(page.get_by_role("heading", name="Newer systems")).to_be_visible(timeout=WAIT_MS)


def test_pages_are_there_where_nothing_can_be_kept(page, site):
    """A browser that no longer lets the service worker look at what is kept shows the site."""
    worker = site / "service.js"
    refused = "if (registration.active) caches.open = () => Promise.reject(new Error('refused'));"
    worker.write_text(f"{refused}\n{worker.read_text(encoding='utf-8')}", encoding="utf-8")
    with served({"site": site}) as base:
        page.goto(f"{base}/site/index.html")
        wait_until_kept(page, "index.html", "site.css")
        # One that is stopped while it is still being installed serves no page.
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        session = page.context.new_cdp_session(page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        page.reload()
        expect(page.get_by_role("heading", name="Operating systems")).to_be_visible()
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        assert_no_errors(page)


def test_the_site_can_be_installed(page, site):
    """Chromium finds nothing missing in the manifest, and the service worker."""
    with served({"site": site}) as base:
        page.goto(f"{base}/site/index.html")
        session = page.context.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["name"] == "Operating systems"
        said = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A profile of a test is a private window, into which nothing is installed.
        assert [one["errorId"] for one in said] in ([], ["in-incognito"])
