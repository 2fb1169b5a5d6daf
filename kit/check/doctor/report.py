"""An examination as text for people and as JSON for machines."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Iterator, Sequence

import click

from kit import __version__
from kit.check.doctor.diagnostic import Diagnostic
from kit.check.doctor.versions import versions
from kit.errors import plural

SIGNS = {"well": ("✓", "green"), "note": ("•", "yellow"), "wrong": ("✗", "red")}
Piece = tuple[str, str]
"""Some text, and its style or nothing."""


def passed(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether nothing is wrong.

    Parameters
    ----------
    diagnostics : iterable of Diagnostic
    """
    return all(diagnostic.level != "wrong" for diagnostic in diagnostics)


def show(diagnostics: Sequence[Diagnostic]) -> None:
    """Print an examination: a line a diagnostic, its remedy below, and how it went.

    Parameters
    ----------
    diagnostics : sequence of Diagnostic
    """
    lines = list(_lines(diagnostics))
    if importlib.util.find_spec("rich") is None:
        for line in lines:
            click.echo("".join(text for text, _ in line))
        return
    from rich.console import Console
    from rich.text import Text

    # Commands are there to be copied, so that no line may be broken.
    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*line))


def _lines(diagnostics: Sequence[Diagnostic]) -> Iterator[list[Piece]]:
    width = max((len(diagnostic.subject) for diagnostic in diagnostics), default=0)
    for diagnostic in diagnostics:
        sign, colour = SIGNS[diagnostic.level]
        yield [
            (f"{sign} ", colour),
            (f"{diagnostic.subject:{width}}  ", "bold"),
            (diagnostic.found, ""),
        ]
        if diagnostic.remedy:
            yield [(f"{'':{width}}    → {diagnostic.remedy}", "")]
    number = sum(diagnostic.level == "wrong" for diagnostic in diagnostics)
    yield [("", "")]
    if number:
        yield [(f"{plural(number, 'thing')} wrong here; what to do is after each →", "red")]
    else:
        yield [("all is well", "green")]


def json_of(diagnostics: Sequence[Diagnostic]) -> str:
    """Return an examination as JSON.

    Parameters
    ----------
    diagnostics : sequence of Diagnostic
    """
    content = {
        "kit": __version__,
        "passed": passed(diagnostics),
        "versions": versions(),
        "findings": [vars(diagnostic) for diagnostic in diagnostics],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
