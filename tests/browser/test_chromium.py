"""Getting a browser where there is none, by a package manager that says much."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

INSTALL = """
import os
from kit.check.browser.chromium import main
os.geteuid = lambda: 0
main(["--install"])
"""
MANY_LINES = "for line in $(seq 600); do echo unpacking $line; done\n"


def install(folder: Path, apt_get: str) -> subprocess.CompletedProcess[str]:
    """Install a browser where only these commands can be found."""
    commands = folder / "commands"
    commands.mkdir()
    (commands / "apt-get").write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{MANY_LINES}{apt_get}\n")
    (commands / "apt-get").chmod(0o755)
    changed = {"PATH": str(commands), "PLAYWRIGHT_BROWSERS_PATH": str(folder / "browsers")}
    return subprocess.run(
        [sys.executable, "-c", INSTALL],
        env={**os.environ, **changed, "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.thorough
def test_installing_a_browser_says_one_line(browser: Browser, tmp_path: Path):
    """The system's package manager brings it, and of all that it prints nothing is shown."""
    there = Path(browser.browser_type.executable_path)
    found = os.environ.get("KIT_BROWSER") or "chromium"
    link = f'ln -s "$(command -v {found} || echo {there})" {tmp_path}/commands/chromium'
    done = install(tmp_path, f'[ "$1" = update ] || {link}')
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert line == f"{tmp_path}/commands/chromium, installed from the system's packages"


@pytest.mark.thorough
def test_what_cannot_be_installed_is_told(tmp_path: Path):
    """Each way that failed is a line, with the last one that it printed, then what to do."""
    done = install(tmp_path, "echo no such package; exit 100")
    assert done.returncode == 1
    assert done.stdout == ""
    first, *others = done.stderr.splitlines()
    assert first == "apt-get update: no such package"
    assert len(others) == 2
    assert "KIT_BROWSER" in others[-1]
