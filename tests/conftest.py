"""Profiles of hypothesis, and what a unit test may not do.

HYPOTHESIS_PROFILE names the profile: ``unit`` for the loop of seconds, ``default`` for `make
test`, ``thorough`` for `make thorough`.
"""

import gc
import os
import shlex
import sys
import threading
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A whole program is one example, so examples are large and take their time.
settings.register_profile(
    "default",
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("unit", settings.get_profile("default"), max_examples=3)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

NOT_UNIT = ("browser", "notebook")
"""Marks of tests that may start programs."""
MAY_START = ("node", "git", "uname", "ruff", "codespell_lib")
"""What any test may start: small programs, or modules of Python, that end at once."""
_running: list[pytest.Item] = []


def _refuse_programs(event: str, arguments: tuple[Any, ...]) -> None:
    """Let no unit test start a kernel, a server or any other large program."""
    if event != "subprocess.Popen" or not _running:
        return
    (item,), given = _running, arguments[1]
    # Windows is told a line, all others a list.
    command = shlex.split(given, posix=False) if isinstance(given, str) else [*map(str, given)]
    module = command[2] if command[1:2] == ["-m"] else ""
    program = module or PurePath(command[0]).stem
    if program not in MAY_START and not any(map(item.get_closest_marker, NOT_UNIT)):
        raise AssertionError(
            f"{item.nodeid} starts {program}: mark it `notebook`, so that unit tests stay quick"
        )


sys.addaudithook(_refuse_programs)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over modules and tests, which live as long as the run.

    And where coverage is measured, measure it in the thread of the tests only: while one thread
    sets a trace function, the audit hook above runs, another thread may come in between, and
    CPython 3.11 refuses to let that one set its own.
    """
    gc.collect()
    gc.freeze()
    threading.settrace(None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """Know which test is running."""
    _running[:] = [item]
    try:
        return (yield)
    finally:
        _running.clear()
