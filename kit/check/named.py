"""Which files beside it a notebook names: in its texts, and in its code by a literal path."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kit.check.addresses import is_file, local, place_of
from kit.check.markdown import read_prose
from kit.check.notebooks import Cell, Notebook
from kit.check.programs import parse
from kit.files import FileError, read_text

LONGEST = 255
"""Characters that a path in code may have, so that no program or text is taken for one."""
LISTS = frozenset({"listdir", "scandir", "walk", "fwalk", "iterdir", "glob", "iglob", "rglob"})
"""Functions that look into a folder."""
PATHS = frozenset({"Path", "PurePath", "PosixPath", "join", "joinpath", "abspath", "fspath", "str"})
"""Functions that make a path of others."""
WRITES = re.compile(r"(to|write|save|dump|mkdir|touch|unlink|remove|rename|copy)(_|$|[a-z]*fig$)")
WRITTEN = re.compile(r"%%(?:writefile|file)\s+(?:-a\s+)?(\S+)|[^0-9&]>{1,2}\s*([\w./-]+)")
_MARKUP = re.compile(r"\]\(|<\w[^>]*(?:src|href|poster|url\()", re.IGNORECASE)


class Named(NamedTuple):
    """A file that a notebook names, and the cell that does."""

    file: Path
    cell: Cell


@dataclass
class _Code:
    """What the code of a notebook says about files, gathered cell by cell."""

    folder: Path
    values: dict[str, str]
    written: set[Path]


def files_named_by(notebook: Notebook) -> list[Named]:
    """Return the files that a notebook names and that are there, each once.

    In texts these are links, pictures and whatever else has an address; in code they are
    literal paths, also where they are joined or listed, texts with such addresses, modules
    that are imported, and what those files name in turn. What the notebook writes itself is
    left out, and so are other notebooks.

    Parameters
    ----------
    notebook : Notebook
    """
    folder = notebook.path.absolute().parent
    code = _Code(folder, {}, set())
    found: dict[Path, Cell] = {}
    for cell in notebook.cells:
        for file in _of_cell(cell, code):
            found.setdefault(file, cell)
    for file, cell in list(found.items()):
        for other in _of_files([file]):
            found.setdefault(other, cell)
    return [
        Named(file, cell)
        for file, cell in found.items()
        if file not in code.written and file.suffix != ".ipynb"
    ]


def _of_cell(cell: Cell, code: _Code) -> Iterator[Path]:
    if cell.type == "markdown":
        yield from _of_markdown(cell.source, code.folder)
    elif cell.type == "code":
        tree = parse(cell.source)
        for match in WRITTEN.finditer(cell.source if tree is None else _magics(cell.source)):
            code.written.add(place_of(code.folder, match[1] or match[2]))
        if tree is None:
            yield from _of_words(cell.source, code.folder)
        else:
            yield from _of_tree(tree, code)


def _magics(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.lstrip().startswith(("!", "%")))


def _of_files(waiting: list[Path]) -> Iterator[Path]:
    """Yield what files name: modules what they import, texts what they show."""
    seen = set(waiting)
    while waiting:
        file = waiting.pop()
        for other in _of_file(file):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
                yield other


def _of_file(file: Path) -> Iterator[Path]:
    try:
        text = read_text(file) if file.suffix in (".py", ".md") else ""
    except FileError:
        return
    if file.suffix == ".md":
        yield from _of_markdown(text, file.parent)
    elif text:
        tree = parse(text)
        yield from _of_tree(tree, _Code(file.parent, {}, set())) if tree else ()


def _of_markdown(text: str, folder: Path) -> Iterator[Path]:
    for written in read_prose(text).addresses:
        address = local(written)
        if address is not None and address.path:
            yield from _existing(folder, address.path)


def _of_words(text: str, folder: Path) -> Iterator[Path]:
    """Yield what a command in another language names."""
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            words = line.split()
        for word in words:
            yield from _existing(folder, word)


def _of_tree(tree: ast.AST, code: _Code) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            value, target = _value(node.value, code.values), node.targets[0]
            if isinstance(target, ast.Name) and value is not None:
                code.values[target.id] = value
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _modules(node, code.folder)
        elif isinstance(node, ast.Call):
            yield from _of_call(node, code)
        elif isinstance(node, ast.expr):
            yield from _of_value(_value(node, code.values), code.folder)


def _of_value(value: str | None, folder: Path) -> Iterator[Path]:
    if value is not None and _MARKUP.search(value):
        yield from _of_markdown(value, folder)
    elif value:
        yield from _existing(folder, value)


def _of_call(call: ast.Call, code: _Code) -> Iterator[Path]:
    yield from _of_value(_value(call, code.values), code.folder)
    name = _name_of(call.func)
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    given = [value for one in call.args if (value := _value(one, code.values)) is not None]
    owned = None if owner is None else _value(owner, code.values)
    if name in ("run_line_magic", "system", "getoutput") and given:
        yield from _of_words(given[-1], code.folder)
    if WRITES.match(name) or (name == "open" and _writes(call, given)):
        code.written |= {place_of(code.folder, one) for one in (*given[:1], owned) if one}
    if name in LISTS:
        patterns = [one if "*" in one else f"{one}/**/*" for one in given]
        if owned:
            deep = "**/" if name == "rglob" else ""
            patterns = [f"{owned}/{deep}{pattern}" for pattern in given or ["*"]]
        for pattern in patterns:
            yield from _listed(code.folder, pattern)


def _writes(call: ast.Call, given: list[str]) -> bool:
    modes = [*given[1:2], *(given[:1] if isinstance(call.func, ast.Attribute) else ())]
    modes += [_value(one.value, {}) or "" for one in call.keywords if one.arg == "mode"]
    return any(re.fullmatch(r"[rwaxbt+]+", mode) and set(mode) & set("wax+") for mode in modes)


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _value(node: ast.expr, values: Mapping[str, str]) -> str | None:
    """Return the text or path that an expression is, as far as that can be read off it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return values.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Add):
        parts = [_value(one, values) for one in (node.left, node.right)]
        return _joined(parts, "" if isinstance(node.op, ast.Add) else "/")
    if isinstance(node, ast.JoinedStr):
        whole = [
            _value(one.value if isinstance(one, ast.FormattedValue) else one, values)
            for one in node.values
        ]
        return _joined(whole, "")
    if isinstance(node, ast.Call) and _name_of(node.func) in PATHS and node.args:
        given: list[str | None] = [_value(one, values) for one in node.args]
        if _name_of(node.func) == "joinpath" and isinstance(node.func, ast.Attribute):
            given.insert(0, _value(node.func.value, values))
        return _joined(given, "/")
    return None


def _joined(parts: Iterable[str | None], by: str) -> str | None:
    known = list(parts)
    return None if None in known else by.join(part for part in known if part is not None)


def _modules(node: ast.Import | ast.ImportFrom, folder: Path) -> Iterator[Path]:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [node.module] if node.module else names
    for name in names:
        place = folder / name.partition(".")[0]
        yield from _existing(folder, f"{place.name}.py")
        if is_file(place / "__init__.py"):
            yield from sorted(place.rglob("*.py"))


def _existing(folder: Path, path: str) -> Iterator[Path]:
    """Yield the file that a path names, if there is one."""
    if path and len(path) <= LONGEST and "\n" not in path and not Path(path).is_absolute():
        file = place_of(folder, path)
        if is_file(file):
            yield file


def _listed(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the files that a pattern matches; one that is none matches nothing."""
    try:
        found = sorted(file for file in folder.glob(pattern) if is_file(file))
    except (ValueError, NotImplementedError, OSError, IndexError):
        return
    yield from (place_of(folder, str(file)) for file in found)
