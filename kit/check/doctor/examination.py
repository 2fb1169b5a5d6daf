"""All that is looked at, in the order in which it is told."""

from __future__ import annotations

from kit.check.doctor import browser, extensions, jupyter, packages
from kit.check.doctor.diagnostic import Diagnostic

CHECKS = (packages.check, jupyter.check, extensions.check, browser.check)
"""Each yields its diagnostics; what comes first is what the rest stands on."""


def examine() -> list[Diagnostic]:
    """Return what is found about this environment, as it is; each thing once."""
    return list(dict.fromkeys(diagnostic for check in CHECKS for diagnostic in check()))
