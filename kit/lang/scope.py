"""What the names of a program mean: globals, functions, parameters and locals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.errors import nearest
from kit.lang.image import Variable
from kit.lang.instructions import INTEGER_MAX, INTEGER_MIN, REGISTER_NAMES, WORD
from kit.lang.objects import INTEGER, OBJECTS
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
MAX_ARRAY = 1 << 16
"""Most words in one array."""


@dataclass
class Function:
    """A function of the program before it is compiled."""

    node: ast.FunctionDef
    parameters: tuple[str, ...]
    globals: frozenset[str]
    locals: tuple[str, ...]
    returns_value: bool


@dataclass
class Scope:
    """Everything defined at module level, in order of the text."""

    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    data: list[int] = field(default_factory=list)


def own_nodes(block: ast.FunctionDef | ast.For) -> Iterator[ast.AST]:
    """Yield every node of a function's or loop's body, in the order of the text."""
    waiting: list[ast.AST] = list(reversed(block.body))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def read_module(source: Source) -> Scope:
    """Collect the globals and functions of a program, refusing everything else."""
    scope = Scope()
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef):
            _check_new(source, scope, node, node.name)
            scope.functions[node.name] = _read_function(source, node)
        elif isinstance(node, ast.Assign):
            _read_global(source, scope, node)
        elif not is_text(node) and not isinstance(node, ast.Pass):
            if isinstance(node, _STATEMENTS):
                source.refuse(
                    node,
                    "only globals and functions stand at module level; "
                    "put this into main(), where the process starts",
                )
            source.refuse_unknown(node)
    if "main" not in scope.functions:
        source.refuse_at(1, 1, "there is no main(); add 'def main():', where the process starts")
    main = scope.functions["main"]
    if main.parameters:
        source.refuse(main.node, "main() takes no parameters; read globals instead")
    _check_globals_exist(source, scope)
    return scope


def is_text(node: ast.AST) -> bool:
    """Tell whether a statement is a documentation string."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _check_new(source: Source, scope: Scope, node: ast.AST, name: str) -> None:
    if name in CALLABLE or name in OBJECTS or name in ("range", "True", "False"):
        source.refuse(node, f"'{name}' is built in; choose another name")
    if name in REGISTER_NAMES:
        source.refuse(node, f"'{name}' is the name of a register; choose another name")
    if name in scope.functions or name in scope.variables:
        source.refuse(node, f"'{name}' is already defined; choose another name")


def _read_function(source: Source, node: ast.FunctionDef) -> Function:
    if node.decorator_list:
        source.refuse(
            node.decorator_list[0],
            "a decorator is not in the lesson language; call the function directly",
        )
    arguments = node.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        source.refuse(node, "parameters are plain names; write them one by one")
    if arguments.defaults:
        source.refuse(node, "parameters have no defaults; pass every argument")
    _check_annotations(source, node)
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
    return Function(node, parameters, shared, own, returns)


def _check_annotations(source: Source, node: ast.FunctionDef) -> None:
    notes = [*(argument.annotation for argument in node.args.args), node.returns]
    notes += getattr(node, "type_params", [])
    for note in notes:
        if note is not None:
            source.refuse(
                note, "a type annotation is not in the lesson language; write the name without it"
            )


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
    for child in own_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            if isinstance(child, ast.ClassDef):
                source.refuse_unknown(child)
            source.refuse(child, "functions do not nest; define it at module level")
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id


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


def _read_global(source: Source, scope: Scope, node: ast.Assign) -> None:
    values, is_array, kind = _initial_words(source, scope, node.value)
    for target in node.targets:
        if not isinstance(target, ast.Name):
            source.refuse_unknown(target)
        if (is_array or kind != INTEGER) and len(node.targets) > 1:
            what = "array" if is_array else kind
            source.refuse(target, f"two names for one {what}; define each on its own line")
        _check_new(source, scope, target, target.id)
        scope.variables[target.id] = Variable(
            target.id, len(scope.data) * WORD, len(values), is_array, kind
        )
        scope.data.extend(values)


def _initial_words(source: Source, scope: Scope, node: ast.expr) -> tuple[list[int], bool, str]:
    kind = constructor(node)
    if kind:
        return _object_words(source, scope, node), False, kind
    if isinstance(node, ast.List) and any(constructor(element) for element in node.elts):
        return _object_array(source, scope, node)
    if isinstance(node, ast.List):
        values = [_constant(source, scope, element) for element in node.elts]
    elif (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult)
        and isinstance(node.left, ast.List)
        and len(node.left.elts) == 1
    ):
        length = _constant(source, scope, node.right)
        if not 1 <= length <= MAX_ARRAY:
            source.refuse(node, f"an array of {length} words; give a length of 1 to {MAX_ARRAY}")
        if constructor(node.left.elts[0]):
            one = constructor(node.left.elts[0])
            source.refuse(
                node,
                f"in Python this is one {one}, {length} times; for two write [{one}(), {one}()]",
            )
        values = [_constant(source, scope, node.left.elts[0])] * length
    else:
        return [_constant(source, scope, node)], False, INTEGER
    if not values:
        source.refuse(node, "an array without words; write log = [0] * 8")
    return values, True, INTEGER


def constructor(node: ast.AST) -> str:
    """Return the kind of object that an expression makes, "" if it makes none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OBJECTS:
        return node.func.id
    return ""


def _object_array(source: Source, scope: Scope, node: ast.List) -> tuple[list[int], bool, str]:
    kind = constructor(node.elts[0])
    for element in node.elts:
        if constructor(element) != kind or not kind:
            source.refuse(element, "an array holds one kind of thing; write [Lock(), Lock()]")
    words = [word for element in node.elts for word in _object_words(source, scope, element)]
    return words, True, kind


def _object_words(source: Source, scope: Scope, node: ast.expr) -> list[int]:
    """Return the initial words of one object."""
    assert isinstance(node, ast.Call), "the callers have checked it"
    name = constructor(node)
    kind = OBJECTS[name]
    most = 0 if kind.least is None else 1
    least = most if kind.usual is None else 0
    if node.keywords or not least <= len(node.args) <= most:
        hint = f"{name}()" if not most else f"{name}({max(kind.least or 0, 1)})"
        source.refuse(
            node, f"{name} takes {'one number' if most else 'no arguments'}; write {hint}"
        )
    number = 0
    if kind.least is not None:
        number = _constant(source, scope, node.args[0]) if node.args else kind.usual or 0
        if number < kind.least:
            source.refuse(node, f"{name} of {number}; give {kind.least} or more")
    return [number] + [0] * (len(kind.parts) - 1)


def _constant(source: Source, scope: Scope, node: ast.expr) -> int:
    if isinstance(node, ast.Name) and node.id in scope.variables:
        variable = scope.variables[node.id]
        if not variable.is_array and variable.kind == INTEGER:
            return scope.data[variable.offset // WORD]
    value = literal(node)
    if value is None:
        if isinstance(node, ast.Name) and node.id in OBJECTS:
            source.refuse(node, f"'{node.id}' makes something when called; write {node.id}(…)")
        if isinstance(node, ast.Constant):
            source.refuse(
                node,
                f"a global cannot be {node.value!r}; values are whole numbers, texts stand only in "
                "calls such as print",
            )
        if type(node) in (ast.Name, ast.BinOp, ast.UnaryOp, ast.Call):
            source.refuse(
                node, "a global starts as a whole number or an array; compute the rest in main()"
            )
        source.refuse_unknown(node)
    check_range(source, node, value)
    return value


def check_range(source: Source, node: ast.AST, value: int) -> None:
    """Refuse a number that does not fit into 64 bits."""
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        source.refuse(node, "the number does not fit into 64 bits; use a smaller one")


def literal(node: ast.expr) -> int | None:
    """Return the value of an integer, truth value or negated integer, else None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = literal(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return int(node.value)
    return None
