"""Which notebooks failed in the last check, so that the next one can begin with them.

They are in a folder ``.kit_cache`` where the check was run; it tells git to leave it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from kit.check.tiers import Report
from kit.errors import KitError
from kit.files import read_text, write_text

FILE = Path(".kit_cache") / "failed.json"


def remember(report: Report) -> None:
    """Write down which notebooks have failed; what was not checked stays as it was known.

    That it cannot be written is no reason for a check to fail.
    """
    results = [result for tier in report.tiers for result in tier.results]
    failed = {result.path.resolve() for result in results if not result.passed}
    passed = {path.resolve() for path in report.notebooks} - failed
    known = _known()
    kept = {path for path in (known - passed) | failed if path.exists()}
    names = sorted(path.as_posix() for path in kept)
    if not names and not known:
        return
    with suppress(OSError, KitError):
        FILE.parent.mkdir(exist_ok=True)
        write_text(FILE.parent / ".gitignore", "*\n")
        write_text(FILE, json.dumps(names, indent=1) + "\n")


def failed_first(notebooks: Sequence[Path]) -> tuple[Path, ...]:
    """Return notebooks in their order, but first those that failed in the last check."""
    known = _known()
    return tuple(sorted(notebooks, key=lambda path: path.resolve() not in known))


def _known() -> set[Path]:
    try:
        names = json.loads(read_text(FILE))
    except (KitError, OSError, ValueError):
        return set()
    return set(map(Path, _texts(names)))


def _texts(names: object) -> Iterable[str]:
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
