"""How many branches of the core the tests took: `make test` shows it, and fails below the least.

What is left out is named in pyproject.toml, in `[tool.coverage]`.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coverage import Coverage

LEAST = 95.0
"""Percent of the branches of each package."""


def counted(files: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return package -> branches taken and branches that there are, of a report's files."""
    counts: dict[str, tuple[int, int]] = {}
    for name, file in sorted(files.items()):
        package = ".".join(Path(name).parts[:2])
        taken, there = counts.get(package, (0, 0))
        summary = file["summary"]
        counts[package] = (
            taken + summary["covered_branches"],
            there + summary["num_branches"],
        )
    return counts


def too_few(counts: Mapping[str, tuple[int, int]], packages: list[str]) -> list[str]:
    """Return what is wrong: a package that was not measured, or with too few branches taken."""
    return [
        f"{package}: {taken} of {there} branches taken; at least {LEAST:g} % are wanted"
        for package in packages
        for taken, there in [counts.get(package, (0, 0))]
        if not there or 100 * taken / there < LEAST
    ]


def main() -> None:
    """Show the lines that are left, and the share of each package; fail if one is too small."""
    measured = Coverage()
    measured.load()
    measured.report(show_missing=True, skip_covered=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(path))
        counts = counted(json.loads(path.read_text(encoding="utf-8"))["files"])
    for package, (taken, there) in counts.items():
        print(f"{package:12} {taken} of {there} branches: {100 * taken / there:.1f} %")  # noqa: T201
    packages = measured.get_option("run:source_pkgs")
    sys.exit("\n".join(too_few(counts, [*packages])) or None)


if __name__ == "__main__":
    main()
