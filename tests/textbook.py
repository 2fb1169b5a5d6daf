"""The figures of the textbook's simulators, see tests/data/README.md."""

import json
from pathlib import Path
from typing import Any

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "textbook_cases.json").read_text()
)
"""Simulator -> its cases."""
