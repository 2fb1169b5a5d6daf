"""Rules on links and pictures: they lead somewhere, and say in words where or what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.check.static.committed import uncommitted
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import nearest


class _Target(NamedTuple):
    """Where a local link leads: a path as written, empty for its own notebook, and an anchor."""

    path: str
    anchor: str


def _local(target: str) -> _Target | None:
    """Return where a link leads, or None if it leads out into the web."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return _Target(target, "")
    drive = len(parts.scheme) == 1
    if drive or parts.scheme == "file":
        return _Target(target, "")
    if parts.scheme or parts.netloc:
        return None
    return _Target(unquote(parts.path), unquote(parts.fragment))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # too long, or in a folder that may not be read
        return False


class Links(StaticRule):
    """Local links have a text and lead to what exists; what is named is in git.

    A link that works here may lead nowhere for whoever clones the course.
    """

    code, name = "KC113", "links"
    remedy = "mend the link, or add what it leads to to git"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which local links lead nowhere, and which links have no text."""
        for cell, prose in context.prose:
            for link in prose.links:
                if not link.text.strip():
                    found = f"the link to '{link.target}' has no text"
                    yield cell.problem("links", found, "write in its brackets where it leads")
                target = _local(link.target)
                if target is not None:
                    yield from _check_target(context, cell, link.target, target)
        yield from uncommitted(context)


def _check_target(
    context: LintContext, cell: Cell, written: str, target: _Target
) -> Iterator[Problem]:
    if not target.path and not target.anchor:
        yield cell.problem(
            "links", f"the link '{written}' leads nowhere", "give it a target, or remove it"
        )
        return
    own = context.notebook.path
    path = own.parent / target.path if target.path else own
    fault = _fault(path, target.path)
    if fault:
        found, remedy = fault
        yield cell.problem("links", f"the link leads to '{written}', {found}", remedy)
    elif target.anchor:
        anchors = context.library.anchors(path)
        if anchors is not None and target.anchor not in anchors:
            where = f"'{target.path}'" if target.path else "this notebook"
            found = f"the link leads to '#{target.anchor}', and {where} has no such heading"
            plain = [anchor for anchor in sorted(anchors) if "=" not in anchor]
            hint = nearest(target.anchor, plain)
            tail = f"; {hint}" if hint.startswith("did") else ""
            remedy = f"write the heading with '-' for each space, upper and lower case kept{tail}"
            yield cell.problem("links", found, remedy)


def _fault(path: Path, written: str) -> tuple[str, str] | None:
    """Return what is wrong with a local path, and what to do about it."""
    if written.startswith(("/", "file:")) or written[1:2] == ":":
        remedy = "write the path as it is seen from the notebook's folder"
        return "which is a path of one computer", remedy
    if not _exists(path):
        return "which is not there", "mend the path, which starts from the notebook's folder"
    return None


class Pictures(StaticRule):
    """Pictures have alternative text, and their files exist."""

    code, name = "KC112", "alt"
    remedy = "say what the picture shows, and put its file next to the notebook"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which pictures have no alternative text, and of which the file is not there."""
        for cell, prose in context.prose:
            for picture in prose.pictures:
                if not picture.alternative.strip():
                    found = f"the picture '{_short(picture.source)}' has no alternative text"
                    remedy = 'say what it shows, in the brackets or in alt="…"'
                    yield cell.problem("alt", found, remedy)
                fault = _fault_of_picture(context, cell, picture.source)
                if fault:
                    found, remedy = fault
                    found = f"the file of the picture is '{_short(picture.source)}', {found}"
                    yield cell.problem("alt", found, remedy)


def _fault_of_picture(context: LintContext, cell: Cell, source: str) -> tuple[str, str] | None:
    if source.startswith("attachment:"):
        attachments = cell.raw.get("attachments")
        name = unquote(source.removeprefix("attachment:"))
        if isinstance(attachments, dict) and name in attachments:
            return None
        return "which is not attached to the cell", "attach it, or give a path"
    target = _local(source)
    if target is None:
        return None
    if not target.path:
        return "which is no file", "give a path that starts from the notebook's folder"
    return _fault(context.notebook.path.parent / target.path, target.path)


def _short(source: str) -> str:
    return source if len(source) <= 80 else f"{source[:79]}…"
