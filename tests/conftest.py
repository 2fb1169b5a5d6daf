"""Profiles of hypothesis, and what a unit test may not do.

HYPOTHESIS_PROFILE names the profile: ``unit`` for the loop of seconds, ``default`` for `make
test`, ``thorough`` for `make thorough`, which tries every property again.
"""

import gc
import os
import shlex
import sys
import threading
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.turns import VARIABLE, in_turn

# A whole program is one example, so examples are large and take their time.
settings.register_profile(
    "default",
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("unit", settings.get_profile("default"), max_examples=3)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=50)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

NOT_UNIT = ("browser", "notebook")
"""Marks of tests that may start programs."""
MAY_START = ("node", "git", "uname", "ruff", "codespell_lib")
"""What any test may start: small programs, or modules of Python, that end at once."""
MEASURED = [
    Path(__file__).parent / "unit" / part for part in ("explore", "lang", "quiz", "sim", "trace")
]
"""Where the tests are whose branches `make test` measures: those of the packages in
`[tool.coverage]`, and those of the language, which run on the machine what they compile."""
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


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """End the measurement that pytest-cov begins in a worker of xdist before the worker's own.

    It counts for nothing, but it would go on wherever the worker's own is paused.
    """
    measuring = session.config.pluginmanager.getplugin("_cov")
    if hasattr(session.config, "workerinput") and measuring and measuring.cov_controller:
        measuring.cov_controller.cov.stop()


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over modules and tests, which live as long as the run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let only the tests of what is measured count, and so only them pay for it.

    Measured, a test takes three to four times as long; what is slow tries again what quicker ones
    have tried, with more states or longer runs. Of what only `make thorough` runs, leave what is
    not in turn, if turns are asked for.
    """
    _take_turns(config, items)
    for item in items:
        measured = any(map(item.path.is_relative_to, MEASURED))
        if not measured or item.get_closest_marker("slow"):
            item.add_marker("no_cover")


def _take_turns(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the thorough tests that are not in turn; unit tests of one file go together."""
    if not os.environ.get(VARIABLE):
        return
    closer = [item for item in items if item.get_closest_marker("thorough")]
    keys = [one.nodeid if one.get_closest_marker("browser") else str(one.path) for one in closer]
    turns = zip(closer, in_turn(keys, int(os.environ[VARIABLE])), strict=True)
    left = {item: None for item, now in turns if not now}
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=list(left))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Let one worker have the tests that share what is slow to make."""
    if config.getoption("dist") != "loadgroup":
        return None
    from tests.groups import ByGroup  # noqa: PLC0415 - xdist is not always there

    return ByGroup(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """Know which test is running, and measure branches in its own thread only.

    When a thread sets a trace function, the audit hook above is called, another thread may come
    in between, and CPython 3.11 refuses to let that one set its own.
    """
    _running[:] = [item]
    threading.settrace(None)
    try:
        return (yield)
    finally:
        _running.clear()
