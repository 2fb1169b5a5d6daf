"""What is handed to Pyodide, and what must come back."""

import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from tests import portable

ROOT = Path(__file__).parents[1]
SCRIPT = Path(portable.__file__)
JAVASCRIPT = Path(__file__).parent / "javascript"


def write_archive(path: Path) -> Path:
    """Write the plain part of the kit, and what stands directly in it, as a zip file."""
    folders = [ROOT / package.replace(".", "/") for package in portable.PLAIN]
    sources = [*(ROOT / "kit").glob("*.py"), *(p for f in folders for p in f.rglob("*.py"))]
    with zipfile.ZipFile(path, "w") as archive:
        for source in sorted(sources):
            archive.write(source, source.relative_to(ROOT))
    return path


@cache
def _here() -> dict[str, Any]:
    return dict(json.loads(portable.report()))


def assert_equal_to_cpython(told: str) -> None:
    """Compare what Pyodide has reported with what this Python finds, fact by fact."""
    there: dict[str, Any] = json.loads(told)
    here = _here()
    assert there["platform"] == "emscripten"
    assert there["bits"] == 2**31 - 1
    assert there["heavy"] == []
    golden = json.loads((ROOT / "tests/data/scenario_digests.json").read_text(encoding="utf-8"))
    for name, digest in golden.items():
        assert there["facts"][f"run {name}"] == digest, name
    assert len(there["facts"]) > 6 * len(golden)
    differing = [name for name, fact in here["facts"].items() if there["facts"].get(name) != fact]
    assert not differing, differing
