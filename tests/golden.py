"""The digests of the scenario library, as they are kept: `make golden` writes them anew.

A change of one changes what lessons show and what stored traces say, so that the change
log has to name the fingerprint of the file.
"""

import hashlib
import json
from pathlib import Path

from kit.scenarios import SCENARIOS

GOLDEN = Path(__file__).parent / "data" / "scenario_digests.json"
CHANGES = Path(__file__).parents[1] / "CHANGELOG.md"


def digests() -> dict[str, str]:
    """Return name -> digest of the run with default parameters."""
    return {name: scenario().digest for name, scenario in SCENARIOS.items()}


def fingerprint() -> str:
    """Return what the change log has to name: the beginning of the file's SHA-256."""
    return hashlib.sha256(GOLDEN.read_bytes()).hexdigest()[:12]


def main() -> None:
    """Write the file, name what changed, and say what the change log has to name."""
    before, after = json.loads(GOLDEN.read_text(encoding="utf-8")), digests()
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            print(f"changed: {name}")  # noqa: T201
    GOLDEN.write_text(json.dumps(after, indent=1) + "\n", encoding="utf-8")
    print(f"CHANGELOG.md: say why they changed, and name them as `{fingerprint()}`")  # noqa: T201


if __name__ == "__main__":
    main()
