"""What the kit changes in a run of pytest that checks notebooks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbFile

from kit.check.execution.notebook_file import NotebookFile

TIMEOUT_OPTION = "--nbval-cell-timeout"
SPLITTING = ("load", "worksteal")
"""Ways of pytest-xdist that would spread the cells of a notebook over workers."""


def use_own_timeout(config: pytest.Config) -> None:
    """Let the settings of each notebook say how long a cell may take, if no option does.

    In a worker of pytest-xdist the arguments are those of the process above.
    """
    given = (*config.invocation_params.args, *config.getini("addopts"))
    words = (*map(str, given), os.environ.get("PYTEST_ADDOPTS", ""))
    if not any(TIMEOUT_OPTION in word for word in words):
        config.option.nbval_cell_timeout = None


def _place(item: Any) -> int:
    place: int = item.report.place
    return place


class Hooks:
    """The hooks, registered only where notebooks are checked."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> Any:
        """Put the kit's collector in the place of nbval's."""
        found = yield
        return [
            NotebookFile.from_parent(parent, path=file_path) if type(one) is IPyNbFile else one
            for one in found
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the cells of a notebook in order, also where tests are shuffled."""
        notebooks: dict[pytest.Item | pytest.Collector | None, list[Any]] = {}
        for item in items:
            if isinstance(item.parent, NotebookFile):
                notebooks.setdefault(item.parent, []).append(item)
        ordered: list[pytest.Item] = []
        for item in items:
            if not isinstance(item.parent, NotebookFile):
                ordered.append(item)
            elif item.parent in notebooks:  # where the first of them stood
                ordered += sorted(notebooks.pop(item.parent), key=_place)
        items[:] = ordered

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Give each notebook to one worker: its cells share a kernel."""
        if config.getoption("dist") not in SPLITTING:
            return None
        from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # noqa: PLC0415

        return LoadFileScheduling(config, log)
