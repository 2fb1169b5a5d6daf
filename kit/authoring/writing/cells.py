"""From a text to a notebook: cells laid out in one text, one below the other.

A line ``%% code NAME [TAG]`` or ``%% markdown NAME`` begins a cell, and what follows up
to the next such line is its content. The source of a cell marked ``[hidden]`` is folded away.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.check.notebook_text import KERNELSPEC, LANGUAGE, as_text

IMPORTED = ("kit", "kit.quiz", "kit.widgets", "kit.explore")
"""The modules of which a lesson imports what it needs; scenarios are imported where they run."""

HIDDEN = "hidden"
"""What stands among the tags of a cell whose source is folded away; it is not stored as one."""

_MARK = re.compile(r"^%% (code|markdown) ([A-Za-z0-9_-]+)(?: \[([a-z -]+)\])?$", re.MULTILINE)
_LINE = 100


@dataclass(frozen=True)
class Block:
    """A cell to be.

    Attributes
    ----------
    type : str
        "code" or "markdown".
    id : str
    source : str
    tags : tuple of str
    """

    type: str
    id: str
    source: str
    tags: tuple[str, ...] = ()

    @property
    def raw(self) -> dict[str, Any]:
        """The cell as a file stores it."""
        tags = [tag for tag in self.tags if tag != HIDDEN]
        metadata: dict[str, Any] = {"tags": tags} if tags else {}
        if HIDDEN in self.tags:
            metadata["jupyter"] = {"source_hidden": True}
        cell = {
            "cell_type": self.type,
            "id": self.id,
            "metadata": metadata,
            "source": self.source.splitlines(keepends=True),
        }
        return cell | ({"execution_count": None, "outputs": []} if self.type == "code" else {})


def as_python(value: object) -> str:
    """Return the literal of a value, texts in double quotes."""
    if isinstance(value, tuple):
        inside = ", ".join(map(as_python, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the cells that a text describes."""
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        source = text[mark.end() : end].strip()
        if mark[1] == "markdown":
            source = re.sub(r"\n{3,}", "\n\n", source)
        yield Block(mark[1], mark[2], source, tuple((mark[3] or "").split()))


def notebook_of(
    blocks: Iterable[Block], course: Mapping[str, Any], modules: Sequence[str] = IMPORTED
) -> str:
    """Return the text of a notebook file.

    What its cells use of the kit is imported in a cell of its own behind the first one.

    Parameters
    ----------
    blocks : iterable of Block
    course : mapping
        What the metadata `kit` shall be.
    modules : sequence of str
        The modules whose names its cells may use.
    """
    listed = list(blocks)
    lines = imports_of((block.source for block in listed if block.type == "code"), modules)
    listed[1:1] = [Block("code", "imports", lines)] if lines else []
    return as_text(
        {
            "cells": [block.raw for block in listed],
            "metadata": {
                "kernelspec": KERNELSPEC,
                "kit": dict(course),
                "language_info": LANGUAGE,
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def imports_of(sources: Iterable[str], modules: Iterable[str] = IMPORTED) -> str:
    """Return the lines that import from modules of the kit what code uses of them.

    A name that several modules have is that of the first of them.
    """
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    used = {node.id for node in nodes if isinstance(node, ast.Name)} - {"__version__"}
    lines = {}
    for module in modules:
        names = sorted(used & set(importlib.import_module(module).__all__), key=_import_order)
        used -= set(names)
        if names:
            line = f"from {module} import {', '.join(names)}"
            lines[module] = line if len(line) <= _LINE else _wrapped(module, names)
    return "\n".join(lines[module] for module in sorted(lines))


def _wrapped(module: str, names: Iterable[str]) -> str:
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _import_order(name: str) -> tuple[int, str]:
    """Order names as ruff does: constants, then classes, then functions."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, name
