"""What the docstrings of the kit say of parameters."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit

ROOT = Path(kit.__file__).parent
MANY = 4
"""Parameters from which on a function has to explain each of them."""
FOR_AUTHORS = ("tracks/picture.py", "tracks/channel.py")
"""What everyone who adds a view calls: there two are enough."""


def functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Yield public functions, and public methods of public classes."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node.body)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            # What click calls is explained by its help; overloads by what implements them.
            others = {ast.unparse(decorator) for decorator in node.decorator_list}
            if not any("command(" in other or other == "overload" for other in others):
                yield node


def parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of what a function takes."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    names = [argument.arg for argument in every if not argument.arg.startswith("_")]
    return [name for name in names if name not in ("self", "cls")]


def explained(function: ast.FunctionDef) -> set[str]:
    """Return the names in the section about parameters."""
    docstring = ast.get_docstring(function) or ""
    section = docstring.partition("Parameters\n----------\n")[2].partition("\n---")[0]
    heads = [line.partition(" : ")[0] for line in section.splitlines() if line.strip()]
    return {name.strip() for head in heads if head[0] != " " for name in head.split(",")}


@pytest.mark.parametrize("package", sorted(path.parent.name for path in ROOT.glob("*/__init__.py")))
def test_parameters_are_explained(package: str):
    """A public function with many parameters names each of them under Parameters."""
    left = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        least = 2 if path.relative_to(ROOT).as_posix() in FOR_AUTHORS else MANY
        for function in functions(ast.parse(path.read_text(encoding="utf-8")).body):
            names = parameters(function)
            if len(names) >= least and not explained(function).issuperset(names):
                left[f"{path.relative_to(ROOT)}: {function.name}"] = names
    assert not left


def test_the_sections_are_read():
    """A parameter that is not explained would be found."""
    text = 'def f(a, b):\n    """Do.\n\n    Parameters\n    ----------\n    a : int\n    """\n'
    (function,) = functions(ast.parse(text).body)
    assert parameters(function) == ["a", "b"]
    assert explained(function) == {"a"}
