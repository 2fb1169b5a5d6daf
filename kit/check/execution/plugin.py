"""What pytest loads wherever the kit is installed.

It is loaded by every run of pytest, and does nothing unless nbval is asked to check
notebooks; only then is the rest of the package imported.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

REPORT_OPTION = "--kit-report"
"""Names the file to which `kit.check.execution.check` wants to be told everything."""
CHOICE_OPTION = "--kit-choice"
"""Names as JSON which rules count, over what the settings of a course say."""
KEEP_OPTION = "--kit-keep"
"""Names the folder for notebooks as they were executed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that `kit check` uses; they are not for people."""
    for option in (REPORT_OPTION, CHOICE_OPTION, KEEP_OPTION):
        parser.addoption(option, default=None, help=argparse.SUPPRESS)


def pytest_configure(config: pytest.Config) -> None:
    """Look at notebooks as the kit does, if nbval was asked to look at them at all."""
    if not (config.getoption("nbval", False) or config.getoption("nbval_lax", False)):
        return
    # Not above: most runs of pytest are not about notebooks, and nbval may be missing.
    from kit.check.execution.hooks import Hooks, use_own_timeout  # noqa: PLC0415

    use_own_timeout(config)
    config.pluginmanager.register(Hooks(), "kit-notebooks")
    file = config.getoption(REPORT_OPTION)
    in_worker = hasattr(config, "workerinput")  # the process above is told everything
    if file is not None and not in_worker:
        from kit.check.execution.reporting import Reporter  # noqa: PLC0415 - as above

        config.pluginmanager.register(Reporter(Path(file)), "kit-reporter")
