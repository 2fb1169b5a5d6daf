"""Ending a check by a signal while a cell runs, as a person, a CI service or a shell does."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import nbformat
import psutil

SECONDS = 300
"""After which a check that does not get as far, or does not end, is a failure of the test."""
CELL = """
import os, time
with open({pipe!r}, "w") as pipe:
    pipe.write(f"{{os.getpid()}}\\n")
time.sleep(10_000)
"""


GRACE = 10
"""Seconds in which the system may take away what was killed."""


class Ended(NamedTuple):
    """What is seen after a check was ended: its exit code, what still runs, what it left."""

    code: int
    running: list[str]
    files: list[str]


def running(programs: list[psutil.Process]) -> list[str]:
    """Return those that run; where nobody waits for what has ended, it stays as a zombie."""
    found = []
    for program in programs:
        with suppress(psutil.NoSuchProcess):
            if program.status() != psutil.STATUS_ZOMBIE:
                found.append(str(program))
    return found


def end_check(folder: Path, tier: str) -> Ended:
    """Run a tier on a notebook whose cell has no end, and send SIGTERM once that cell runs."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    cell = nbformat.v4.new_code_cell(CELL.format(pipe=str(pipe)))
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "endless.ipynb")
    command = (sys.executable, "-m", "kit", "check", "--profile", "widgets", "--only", tier)
    # A browser's socket has a path of at most 108 characters.
    with tempfile.TemporaryDirectory() as temporary, pipe.open("r+b", buffering=0) as begun:
        check = subprocess.Popen(
            [*command, "endless.ipynb"],
            cwd=folder,
            env={**os.environ, "TMPDIR": temporary},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert check.stdout
        # Its output ends if it does so before the cell has run.
        ready = select.select([begun, check.stdout], [], [], SECONDS)[0]
        assert begun in ready, check.stdout.read().decode() if ready else "the cell does not run"
        kernel = psutil.Process(int(begun.read(100)))
        started = [*psutil.Process(check.pid).children(recursive=True), kernel]
        check.send_signal(signal.SIGTERM)
        check.communicate(timeout=SECONDS)
        left = psutil.wait_procs(started, timeout=GRACE)[1]
        return Ended(
            check.returncode, running(left), sorted(path.name for path in Path(temporary).iterdir())
        )
