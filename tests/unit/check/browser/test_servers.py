"""A server that does not start is told with what it wrote, and with what to do."""

from pathlib import Path

import pytest

from kit import KitError
from kit.check.browser import servers
from kit.check.browser.servers import running_server

pytestmark = pytest.mark.notebook


def started(kind: str, home: Path) -> str:
    """Start a server that does not come up, and return what is said of it."""
    with pytest.raises(KitError) as error, running_server(kind, home):
        raise AssertionError("it came up")
    return str(error.value)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of modules that are started instead of servers."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def serve(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> str:
    """Let this code be the server, start it, and return what is said of it."""
    (folder / "no_server.py").write_text(code, encoding="utf-8")
    monkeypatch.setitem(servers.APPLICATIONS, "lab", ("no_server",))
    return started("lab", folder / "home")


def test_one_that_ends_is_told_with_its_last_lines(programs: Path, monkeypatch: pytest.MonkeyPatch):
    """What ended it is the end of its output, and it can be started without the kit."""
    code = "import sys\nfor n in range(100): print('line', n)\nsys.exit('no port is free')"
    said = serve(monkeypatch, programs, code)
    first, *lines = said.splitlines()
    assert first.startswith("the lab server did not start: it ended with exit code 1 before it")
    assert first.endswith(
        "; run `kit doctor`, and start it yourself: python -m no_server; the last it wrote:"
    )
    assert lines == [*(f"line {n}" for n in range(86, 100)), "no port is free"]


def test_one_that_takes_too_long_is_told_with_the_time(
    programs: Path, monkeypatch: pytest.MonkeyPatch
):
    """One that is silent still runs; the computer may have too much to do."""
    monkeypatch.setattr(servers, "START_SECONDS", 0)
    said = serve(monkeypatch, programs, "import threading; threading.Event().wait()")
    assert "it did not answer at http://127.0.0.1:" in said
    assert "within 0 s, and still runs; it wrote nothing; wait until" in said
    assert said.endswith("check fewer notebooks at once: -j 1")
