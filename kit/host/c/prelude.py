"""What a translation needs besides: small functions in C, of which each has those that it uses."""

from __future__ import annotations

from collections.abc import Iterable

from kit.host.c.helper import Helper
from kit.host.c.helpers_for_processes import PROCESSES
from kit.host.c.helpers_for_threads import THREADS
from kit.host.c.helpers_for_values import VALUES

HELPERS: dict[str, Helper] = {**VALUES, **THREADS, **PROCESSES}
"""Name -> what it is, in the order in which they are written."""

NAMES = frozenset({*HELPERS, "threads", "arguments", "last_thread", "this_thread", "main"})
"""Names that they take."""


def prelude(used: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the headers and the texts of some helpers and of all that these need."""
    wanted, waiting = set[str](), [*used]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += HELPERS[name].needs
    found = [helper for name, helper in HELPERS.items() if name in wanted]
    headers = {header for helper in found for header in helper.headers}
    return sorted(headers), [helper.text for helper in found]
