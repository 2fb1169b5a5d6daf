"""What a run of pytest tells `check` while it goes on: a line of JSON for each item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.check.execution.items import PROPERTY


class Reporter:
    """Appends to a file what becomes known; where there are workers, in the process above them.

    Each line has the ``path`` of a notebook, the ``problems`` and ``figures`` that an item
    found, how many ``seconds`` it took, and whether it was the ``last`` one. Where ``path``
    is None, ``broken`` says what went wrong in pytest itself.

    Parameters
    ----------
    file : Path
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def _write(self, **line: Any) -> None:
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell of an item: its run, and what failed before or after it."""
        known: dict[str, Any] = dict(report.user_properties)
        own: dict[str, Any] = known.get(PROPERTY, {})
        ran = report.when == "call"
        broken = report.failed and not (ran and own.get("problems"))
        self._write(
            path=own.get("path"),
            problems=own.get("problems", []) if ran else [],
            figures=own.get("figures", {}) if ran else {},
            follows=own.get("follows", 0) if ran else 0,
            seconds=report.duration,
            last=own.get("last", False) and report.when == "teardown",
            broken=f"{report.nodeid}: {report.longreprtext}" if broken else "",
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell of a collection that failed."""
        if report.failed:
            self._write(
                path=None,
                problems=[],
                figures={},
                follows=0,
                seconds=0.0,
                last=False,
                broken=f"{report.nodeid}: {report.longreprtext}",
            )
