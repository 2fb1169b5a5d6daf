"""What stands at module level: globals and functions, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kit.errors import nearest
from kit.lang.flow import check_words
from kit.lang.globals import lay_out, read_global
from kit.lang.instructions import WORD
from kit.lang.kinds import find_kinds
from kit.lang.local_arrays import read_local_arrays
from kit.lang.objects import INTEGER, OBJECTS
from kit.lang.scope import (
    Function,
    Scope,
    check_new,
    check_range,
    is_text,
    literal,
    own_nodes,
)
from kit.lang.source import Source
from kit.lang.system_calls import CALLABLE

MAX_PARAMETERS = 5
_STATEMENTS = (
    ast.Expr,
    ast.If,
    ast.While,
    ast.For,
    ast.AugAssign,
    ast.Return,
    ast.Break,
    ast.Continue,
    ast.Global,
    ast.With,
    ast.Assert,
)


def read_module(source: Source) -> Scope:
    """Collect the globals and functions of a program, refusing everything else."""
    scope = Scope()
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef):
            check_new(source, scope, node, node.name)
            scope.functions[node.name] = _read_function(source, scope, node)
        elif isinstance(node, ast.Assign):
            read_global(source, scope, node)
        elif _starts(node):
            _check_start(source, node)
        elif not is_text(node) and not isinstance(node, ast.Pass):
            if isinstance(node, _STATEMENTS):
                source.refuse(
                    node,
                    "only globals and functions are allowed at module level; "
                    "put this into main(), where the process starts",
                )
            source.refuse_unknown(node)
    if "main" not in scope.functions:
        source.refuse_at(1, 1, "there is no main(); add 'def main():', where the process starts")
    main = scope.functions["main"]
    if main.parameters:
        source.refuse(main.node, "main() takes no parameters; read globals instead")
    _check_globals_exist(source, scope)
    lay_out(scope)
    _read_bodies(source, scope)
    return scope


def _read_bodies(source: Source, scope: Scope) -> None:
    """Look at what functions do, for which all globals have to be known."""
    functions = scope.functions.values()
    for marked in source.volatile.values():
        source.refuse(
            marked, "'volatile' marks globals; make the variable at module level, or leave it out"
        )
    for function in functions:
        check_words(source, function)
        scope.changed |= function.globals & set(_assigned_names(source, function.node))
    for function in functions:
        function.made = read_local_arrays(source, scope, function)
    find_kinds(source, scope)


_STARTS = ("main()", "if __name__ == '__main__':\n    main()")
"""How the last line of a program may start it, as Python's own printer writes it."""


def _starts(node: ast.stmt) -> bool:
    """Tell whether a statement starts the program, or tries to."""
    if isinstance(node, ast.If):
        names = (each for each in ast.walk(node.test) if isinstance(each, ast.Name))
        return any(name.id == "__name__" for name in names)
    return ast.unparse(node) == "main()"


def _check_start(source: Source, node: ast.stmt) -> None:
    """Refuse ``if __name__ == "__main__": main()`` where it would not just start the program."""
    if ast.unparse(node) not in _STARTS or node is not source.tree.body[-1]:
        source.refuse(
            node,
            "a process starts in main() by itself; leave this out, or write "
            "'if __name__ == \"__main__\": main()' as the last line",
        )


def _read_function(source: Source, scope: Scope, node: ast.FunctionDef) -> Function:
    if node.decorator_list:
        source.refuse(
            node.decorator_list[0],
            "a decorator is not in the lesson language; call the function directly",
        )
    arguments = node.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        source.refuse(node, "parameters are plain names; write them one by one")
    for parameter in getattr(node, "type_params", []):
        source.refuse(parameter, "a type parameter is not in the lesson language; leave it out")
    parameters = tuple(argument.arg for argument in arguments.args)
    for argument in arguments.args:
        if parameters.count(argument.arg) > 1:
            source.refuse(argument, f"two parameters '{argument.arg}'; choose another name")
    if len(parameters) > MAX_PARAMETERS:
        source.refuse(
            node,
            f"{len(parameters)} parameters; at most {MAX_PARAMETERS} fit, so use globals",
        )
    shared = _declared_globals(source, node, parameters)
    assigned = dict.fromkeys(_assigned_names(source, node))
    own = tuple(name for name in assigned if name not in shared and name not in parameters)
    for name in (*parameters, *own):
        if name in CALLABLE or name in OBJECTS or name == "range":
            source.refuse(node, f"'{name}' is built in; choose another name for the variable")
    returns = any(isinstance(n, ast.Return) and n.value is not None for n in own_nodes(node))
    defaults = dict(_defaults(source, scope, arguments))
    return Function(node, parameters, shared, own, returns, defaults)


def _defaults(source: Source, scope: Scope, arguments: ast.arguments) -> Iterator[tuple[str, int]]:
    """Yield parameters and their defaults, which are what they are where the function stands."""
    last = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    for parameter, node in zip(last, arguments.defaults, strict=True):
        value = literal(node)
        if isinstance(node, ast.Name) and node.id in scope.variables:
            variable = scope.variables[node.id]
            if not variable.is_array and variable.kind == INTEGER:
                value = scope.data[variable.offset // WORD]
        if value is None:
            name = parameter.arg
            source.refuse(
                node, f"the default of '{name}' is not a whole number; write {name}=0 or such"
            )
        check_range(source, node, value)
        yield parameter.arg, value


def _declared_globals(
    source: Source, node: ast.FunctionDef, parameters: tuple[str, ...]
) -> frozenset[str]:
    names: list[str] = []
    used: set[str] = set()
    for child in own_nodes(node):
        if isinstance(child, ast.Global):
            for name in child.names:
                if name in parameters or name in used:
                    source.refuse(
                        child, f"'{name}' is used before 'global {name}'; put it at the top"
                    )
            names.extend(child.names)
        elif isinstance(child, ast.Name):
            used.add(child.id)
    return frozenset(names)


def _assigned_names(source: Source, node: ast.FunctionDef) -> Iterator[str]:
    hidden: set[int] = set()
    for child in own_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            if isinstance(child, ast.ClassDef):
                source.refuse_unknown(child)
            source.refuse(child, "functions do not nest; define it at module level")
        if isinstance(child, ast.ListComp):
            inside = {id(each) for part in child.generators for each in ast.walk(part.target)}
            hidden |= inside
        stores = isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)
        if stores and id(child) not in hidden:
            yield child.id  # type: ignore[attr-defined]


def _check_globals_exist(source: Source, scope: Scope) -> None:
    for function in scope.functions.values():
        for node in own_nodes(function.node):
            if isinstance(node, ast.Global):
                for name in node.names:
                    if name not in scope.variables:
                        source.refuse(
                            node,
                            f"no global '{name}'; {nearest(name, scope.variables)}, "
                            "or define it at module level",
                        )
