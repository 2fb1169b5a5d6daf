"""Pages in Firefox and WebKit: every view shows, plays, steps and answers.

All else is tried in Chromium.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.loopback import served
from tests.browser.other_browsers import BROWSERS, OtherBrowser
from tests.browser.site import LESSONS, build_site

SMOKE = (Path(__file__).parent / "smoke.js").read_text(encoding="utf-8")
pytestmark = [
    # Both draw without a graphics card: beside another browser a page takes minutes.
    pytest.mark.alone,
    # Selenium warns of what its own driver for WebKit does.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="WebKitGTK and Xvfb are there on Linux"),
]


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the gallery, which has every view, and of the first lesson."""
    names = ("gallery", "00_start_here")
    folder = tmp_path_factory.mktemp("gallery") / "made"
    return build_site(folder, *(LESSONS / f"{name}.ipynb" for name in names))


@pytest.fixture(params=BROWSERS)
def other(request: pytest.FixtureRequest) -> Iterator[OtherBrowser]:
    """A page of another browser."""
    with BROWSERS[request.param]() as browser:
        yield browser


def test_every_view_shows_plays_steps_and_answers(gallery: Path, other: OtherBrowser):
    """All widgets are there, questions answer, runs step and play, pictures are drawn."""
    with served({"site": gallery}) as base:
        for name in ("00_start_here", "gallery"):
            other.open(f"{base}/site/{name}.html")
            seen = other.run(SMOKE)
            assert seen["broken"] == 0
            assert seen["players"] > 0
            assert seen["figures"] > 0
            assert seen["questions"] > 0
    assert other.errors() == []
