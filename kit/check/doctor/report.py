"""An examination as text for people and as JSON for machines."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Iterator, Sequence

import click

from kit import __version__
from kit.check.doctor.finding import Finding
from kit.check.doctor.versions import versions
from kit.errors import plural

SIGNS = {"well": ("✓", "green"), "note": ("•", "yellow"), "wrong": ("✗", "red")}
Piece = tuple[str, str]
"""Some text, and its style or nothing."""


def passed(findings: Iterable[Finding]) -> bool:
    """Tell whether nothing is wrong.

    Parameters
    ----------
    findings : iterable of Finding
    """
    return all(finding.level != "wrong" for finding in findings)


def show(findings: Sequence[Finding]) -> None:
    """Print an examination: a line a finding, its remedy below, and how it went.

    Parameters
    ----------
    findings : sequence of Finding
    """
    lines = list(_lines(findings))
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


def _lines(findings: Sequence[Finding]) -> Iterator[list[Piece]]:
    width = max((len(finding.subject) for finding in findings), default=0)
    for finding in findings:
        sign, colour = SIGNS[finding.level]
        yield [(f"{sign} ", colour), (f"{finding.subject:{width}}  ", "bold"), (finding.found, "")]
        if finding.remedy:
            yield [(f"{'':{width}}    → {finding.remedy}", "")]
    number = sum(finding.level == "wrong" for finding in findings)
    yield [("", "")]
    if number:
        yield [(f"{plural(number, 'thing')} wrong here; what to do stands behind each →", "red")]
    else:
        yield [("all is well", "green")]


def json_of(findings: Sequence[Finding]) -> str:
    """Return an examination as JSON.

    Parameters
    ----------
    findings : sequence of Finding
    """
    content = {
        "kit": __version__,
        "passed": passed(findings),
        "versions": versions(),
        "findings": [vars(finding) for finding in findings],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
