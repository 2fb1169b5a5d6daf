"""Cases of memory worked out by hand from textbooks' definitions."""

import json
from pathlib import Path
from typing import Any

MEMORY_CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "memory_cases.json").read_text(encoding="utf-8")
)
