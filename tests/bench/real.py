"""What a real run and its trace cost beyond the program's own time."""

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator

from kit.host import run
from kit.scenarios import SCENARIOS

ROUNDS = 5
NAMES = ("lost_update", "producer_consumer", "fork_copies_on_write")


def real_runs() -> Iterator[tuple[str, str]]:
    """Yield a row on runs of scenarios in C, compiled first, then taken from the cache."""
    if shutil.which("cc") is None:
        return
    before = os.environ.get("XDG_CACHE_HOME", "")
    first, again = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as cache:
            os.environ["XDG_CACHE_HOME"] = cache
            first += [_beyond(name) for name in NAMES]
            again += [_beyond(name) for name in NAMES]
    os.environ["XDG_CACHE_HOME"] = before
    yield (
        "a real run and its trace, CPU time beyond the program's; again",
        f"{statistics.median(first):.2f} s; {statistics.median(again):.2f} s",
    )


def _beyond(name: str) -> float:
    """Return the CPU seconds that a run takes, of all processes, without those of the program."""
    begin = sum(os.times()[:4])
    real = run(SCENARIOS[name])
    real.trace.history  # noqa: B018 - it is made when it is asked for
    own = sum(usage.microseconds for usage in real.usages.values()) / 1e6
    return sum(os.times()[:4]) - begin - own
