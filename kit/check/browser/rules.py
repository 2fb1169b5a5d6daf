"""The rules of the browser tier, which opens each notebook in a real JupyterLab."""

from __future__ import annotations

from kit.check.rules import Rule, by_name


class CellError(Rule):
    """No cell ends in an error, unless it is tagged raises-exception."""

    code, name = "KC301", "cell-error"
    remedy = "mend the cell, or tag it raises-exception if it is meant to fail"


class PageError(Rule):
    """The page reports no error, nor does one of its buttons when it is pressed."""

    code, name = "KC302", "page-error"
    remedy = "look into the console of the browser, and mend the JavaScript"


class KernelError(Rule):
    """What widgets tell the kernel raises no exception.

    No cell shows it, so a button seems to do nothing.
    """

    code, name = "KC303", "kernel-error"
    remedy = "mend the function that answers the widget"


class NoSize(Rule):
    """Every widget shows something, at a visible size."""

    code, name = "KC304", "no-size"
    remedy = "give what it shows a height, or show it another way"


class Accessibility(Rule):
    """Axe-core finds nothing serious in the outputs.

    Students who cannot see the page, or cannot use a mouse, could not take part.
    """

    code, name = "KC305", "accessibility"
    remedy = "see the page that axe names"


class Timeout(Rule):
    """The notebook finishes within its budget of time, and nobody has to type."""

    code, name = "KC306", "timeout"
    remedy = "make it quicker, or set notebook_seconds in [tool.kit.check]"


class KernelDied(Rule):
    """The kernel lives to the end."""

    code, name = "KC307", "kernel-died"
    remedy = "look for exit(), a crash in a C library, or too much memory"


RULES = by_name(
    CellError,
    PageError,
    KernelError,
    NoSize,
    Accessibility,
    Timeout,
    KernelDied,
)
"""Name -> the rule."""
