"""A check that is ended leaves no program running, and no temporary folder."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kit.check.browser.ending import Programs
from tests.ending import Ended, end_check, running

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals and pipes"),
]

PARENT = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(10_000)'])\n"
    "print(child.pid, flush=True)\n"
    "input()"
)


def waiting(code: str) -> subprocess.Popen[str]:
    """Start a Python that waits for input."""
    command = [sys.executable, "-c", code]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )


def test_sigterm_ends_what_runs_notebooks(tmp_path: Path):
    """SIGTERM ends pytest and kernels, removes what was kept for them, and is told as shells do."""
    assert end_check(tmp_path, "execution") == Ended(128 + signal.SIGTERM, [], [])


def test_programs_are_ended_with_all_that_they_have_started():
    """What a server has started ends with it, also if nothing else would end it."""
    programs = Programs()
    with waiting(PARENT) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        programs.add(parent.pid)
        programs.end()
        assert parent.poll() is not None
        assert not running([child])


def test_a_program_that_comes_too_late_is_ended_at_once():
    """A browser that was being started when the check was ended does not stay."""
    programs = Programs()
    programs.end()
    with waiting("input()") as late:
        programs.add(late.pid)
        assert late.poll() is not None


def test_a_program_that_has_ended_is_none_to_end():
    """A server that has ended is passed over."""
    programs = Programs()
    with waiting("pass") as done:
        done.wait()
    programs.add(done.pid)
    programs.end()
