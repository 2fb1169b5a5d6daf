"""Asking inside a kernel: what nbval's kernel and nbclient's are sent for it."""

from __future__ import annotations

import json
from pathlib import Path

PROBE = "_kit_probe"
"""The module inside the kernel that answers questions."""
_FILES = ("probe.py", "probe_widgets.py")
_INSTALL = (
    "__import__('builtins').exec(__import__('builtins').compile({source!r}, {probe!r}, 'exec'), "
    "__import__('sys').modules.setdefault({probe!r}, __import__('types').ModuleType({probe!r}))"
    ".__dict__)"
)
_QUESTION = "__import__('sys').modules[{probe!r}].answer({question!r}, {arguments!r})"
_TO_A_FILE = "__import__('pathlib').Path({file!r}).write_text({answer}.text, encoding='utf-8')"

INSTALL = tuple(
    _INSTALL.format(source=(Path(__file__).parent / name).read_text(encoding="utf-8"), probe=PROBE)
    for name in _FILES
)
"""Expressions that make the module."""


def question(name: str, *arguments: object) -> str:
    """Return an expression that asks the module something, and displays the answer."""
    return _QUESTION.format(probe=PROBE, question=name, arguments=json.dumps(arguments))


def told_in(file: Path, name: str, *arguments: object) -> str:
    """Return code that makes the module, asks it, and writes the answer to a file.

    A notebook can change what is displayed, and how.
    """
    answer = question(name, *arguments)
    return "\n".join((*INSTALL, _TO_A_FILE.format(file=str(file), answer=answer)))
