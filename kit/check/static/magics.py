"""A cell as plain Python binds the names that IPython's commands bind, for what looks at names.

Which commands there are is asked of IPython. One that is not its own, such as ``%%cython`` or
``%R``, may bind any name.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from keyword import iskeyword
from pathlib import Path

from kit.check.course import installed
from kit.files import FileError, read_text

BOUND = ("In", "Out", "_", "__", "___", "_dh", "_exit_code", "_i", "_ih", "_ii", "_iii", "_oh")
"""Names that IPython binds by itself."""
NUMBERED = re.compile(r"_i?\d+")
"""Names of what was put in and came out."""
ANY_NAME = "from IPython import *  # noqa: F403"
"""A line after which no name is unknown."""

_PYTHON = ("capture", "debug", "prun", "time", "timeit")
"""Cell magics whose cell is Python of this notebook."""
_LINE = re.compile(r"^([ \t]*)%(\w+)[ \t]*(.*)$")
_WORD = re.compile(r"\w+")
_OPTIONS = {"--out", "--err", "--proc"}
_WITH_ANY_NAME = ("load_ext", "pylab", "reload_ext")
_COMMANDS = "cat clear cp ldir less lf lk ll ls lx man mkdir more mv rm rmdir"
_ALIASES = frozenset(_COMMANDS.split())
"""Commands of the shell that may be written as magics."""


def as_python(source: str, folder: Path) -> str:
    """Return the text of a cell in which names are bound as IPython binds them.

    Lines keep their numbers. Commands that bind no name are left as they are.

    Parameters
    ----------
    source : str
    folder : Path
        Where the notebook is, from which ``%run`` takes its file.
    """
    if is_automatic(source):
        source = f"%{source.lstrip()}"
    if "%" not in source or _parses(source):
        return source
    lines = source.split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip()), 0)
    first = lines[start].lstrip()
    if first.startswith("%%"):
        name, _, rest = first[2:].strip().partition(" ")
        if name in _PYTHON:
            body = as_python("\n".join(lines[start + 1 :]), folder)
            bound = _positional(rest) if name == "capture" else []
            return "\n".join([*lines[:start], _binding(bound), body])
        if name and name == installed().magic:
            bound = _names(rest)
            return "\n".join([*lines[:start], _binding(bound), *("" for _ in lines[start + 1 :])])
        known = name in _known("cell")
        line = _binding(_after_options(rest)) if known else ANY_NAME
        return "\n".join([*lines[:start], line, *("" for _ in lines[start + 1 :])])
    return "\n".join(_line(line, folder) for line in lines)


def bound_names(source: str, folder: Path) -> set[str]:
    """Return the names that a cell binds, also when it is called; ``*`` if it may bind any."""
    try:
        tree = ast.parse(as_python(source, folder))
        called = [one.names for one in ast.walk(tree) if isinstance(one, ast.Global)]
        return {*_bound(tree), *(name for names in called for name in names)}
    except (SyntaxError, ValueError, RecursionError):
        return {"*"}


def is_automatic(source: str) -> bool:
    """Tell whether a cell is one command that is written without its ``%``, as ``pip list``."""
    text = source.strip()
    word, rest = text.partition(" ")[::2]
    if "\n" in text or word not in _known("line") | _ALIASES:
        return False
    return not rest.lstrip().startswith(("=", ",", "(", ".", ":", "+=", "-="))


def words_of_commands(sources: Sequence[str]) -> frozenset[str]:
    """Return the words in the commands of some cells: what they name counts as used."""
    commands: list[str] = []
    course = installed()
    begins = f"%%{course.magic} "
    if course.magic and any(one.lstrip().startswith(begins) for one in sources):
        commands.append(course.package)
    for source in sources:
        text = source.lstrip()
        lines = [text] if text.startswith("%%") else source.splitlines()
        commands += [one for one in lines if re.match(r"[^'\"#]*[%!]", one)]
    return frozenset(word for one in commands for word in _WORD.findall(one))


def _line(line: str, folder: Path) -> str:
    found = _LINE.match(line)
    if found is None:
        return line
    indent, name, rest = found.groups()
    if name in ("time", "prun") and _parses(rest):
        return f"{indent}{rest}"
    names: list[str] | None = None
    if name == "run":
        names = _run(rest, folder)
    elif name in _WITH_ANY_NAME and rest and rest.strip() == installed().package:
        return f"{indent}pass"
    elif name in _BINDING:
        names = _BINDING[name](rest)
    elif name in _known("line") | _ALIASES and name not in _WITH_ANY_NAME:
        return line
    return f"{indent}{ANY_NAME if names is None else _binding(names) or 'pass'}"


def _binding(names: Sequence[str]) -> str:
    return "".join(f"{name} = " for name in names) + "None" if names else ""


def _words(rest: str) -> list[str]:
    try:
        return shlex.split(rest)
    except ValueError:
        return rest.split()


def _positional(rest: str) -> list[str]:
    return [word for word in _words(rest) if not word.startswith("-")][:1]


def _names(rest: str) -> list[str]:
    """Return the name behind the magic of a course; options such as ``N=3`` bind none."""
    return [word for word in rest.split() if word.isidentifier() and not iskeyword(word)][:1]


def _after_options(rest: str) -> list[str]:
    words = _words(rest.replace("=", " "))
    pairs = pairwise(words)
    return [name for option, name in pairs if option in _OPTIONS and name.isidentifier()]


def _stored(rest: str) -> list[str] | None:
    words = _words(rest)
    if "-r" not in words:
        return []
    return [word for word in words if word.isidentifier()] or None


def _assigned(rest: str) -> list[str]:
    return rest.partition("=")[0].split()[-1:]


_BINDING: dict[str, Callable[[str], list[str] | None]] = {
    "macro": _positional,
    "sc": _assigned,
    "store": _stored,
}


def _run(rest: str, folder: Path) -> list[str] | None:
    """Return what the file of a ``%run`` binds; None if that cannot be seen."""
    words = _words(rest)
    files = [word for word in words if not word.startswith("-")]
    if not files or "-m" in words:
        return None
    path = folder / files[0]
    try:
        tree = ast.parse(read_text(path if path.suffix else path.with_suffix(".py")))
    except (FileError, SyntaxError, ValueError):
        return None
    names = list(dict.fromkeys(_bound(tree)))
    return None if "*" in names else names


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a module binds, and ``*`` if it takes all of another one."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield inner.name
        elif isinstance(inner, ast.Import | ast.ImportFrom):
            yield from (one.asname or one.name.partition(".")[0] for one in inner.names)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif not isinstance(inner, ast.Lambda):
            yield from _bound(inner)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(source.strip())


@cache
def _known(kind: str) -> frozenset[str]:
    """Return the magics for a line or a cell that IPython and its kernel have by themselves."""
    from IPython.core import magics  # noqa: PLC0415 - takes a moment, and few notebooks need it
    from IPython.core.magic import Magics  # noqa: PLC0415

    # Some versions load each class only when it is asked for.
    found = [getattr(magics, name) for name in dir(magics) if name.endswith("Magics")]
    classes = [one for one in found if issubclass(one, Magics)]
    names = {name for one in classes for name in getattr(one, "magics", {}).get(kind, {})}
    return frozenset(names) | _OTHERS


_NAMES = (
    "bash sh script perl ruby python python2 python3 pypy js javascript html svg latex markdown "
    "cmd qtconsole connect_info autosave edit less more man subshell "
    "pip conda mamba micromamba uv pixi autoreload aimport"
)
_OTHERS = frozenset(_NAMES.split())
"""Those that other parts of Jupyter add, and scripts."""
