"""Code for locks and their kin: methods, ``with``, and where they stand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from kit.errors import nearest, plural
from kit.lang.context import FunctionContext
from kit.lang.image import Variable
from kit.lang.instructions import WORD
from kit.lang.kinds import kind_of
from kit.lang.objects import ANY_OBJECT, OBJECTS, PLAIN_METHODS, PlainMethod, article
from kit.lang.scope import literal
from kit.lang.source import ELSEWHERE
from kit.lang.system_calls import SYSTEM_CALLS

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions


class Held(NamedTuple):
    """An object that an expression names.

    Attributes
    ----------
    name, kind : str
    variable : Variable or None
        The global that it is or stands in; None if a parameter or local has its address.
    """

    name: str
    kind: str
    variable: Variable | None

    @property
    def is_array(self) -> bool:
        """Whether it is an element of an array, or the array."""
        return self.variable is not None and self.variable.is_array


def is_atomic(node: ast.expr) -> bool:
    """Tell whether what a ``with`` enters is ``atomic()``."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "atomic"
        and not (node.args or node.keywords)
    )


def refuse_as_number(context: FunctionContext, node: ast.AST, name: str, kind: str) -> NoReturn:
    """Refuse a lock where a number is wanted.

    Parameters
    ----------
    context : FunctionContext
    node : ast.AST
    name : str
    kind : str
        What it is instead.
    """
    own = (name for name, method in PLAIN_METHODS.items() if method.kind == kind != "Lock")
    methods = ", ".join([*own, *OBJECTS[kind].methods])
    context.refuse(
        node,
        f"'{name}' is {article(kind)}, not a number; call one of its methods ({methods}), or "
        f"take address({name})",
    )


class Synchronisation:
    """Compiles what programs do with locks, semaphores, conditions and barriers.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
        For the same function.
    """

    def __init__(self, context: FunctionContext, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def object_at(self, node: ast.expr) -> Held | None:
        """Return the object, or array of them, that an expression names, or None."""
        name = node.value if isinstance(node, ast.Subscript) else node
        if not isinstance(name, ast.Name):
            return None
        if name.id in self.context.slots:
            kind = self.context.function.kinds.get(name.id, "")
            return Held(name.id, kind, None) if kind and node is name else None
        variable = self.context.scope.variables.get(name.id)
        if variable is None or variable.kind not in OBJECTS:
            return None
        return Held(name.id, variable.kind, variable)

    def kind_of(self, node: ast.expr) -> str:
        """Return the kind of object that an expression is, "" if it is a number."""
        return kind_of(self.context.scope, self.context.function, node)

    def passed(self, node: ast.expr, depth: int) -> None:
        """Emit code for what is passed on or kept: the address of an object, or a value."""
        if not self.kind_of(node):
            self.expressions.value(node, depth)
        elif isinstance(node, ast.IfExp):
            kinds = [self.kind_of(one) or "number" for one in (node.body, node.orelse)]
            if kinds[0] != kinds[1]:
                meant = " or ".join(map(article, kinds))
                self.context.refuse(node, f"this is {meant}; use an 'if' statement for each")
            self.expressions.conditional(node, depth, self.passed)
        else:
            held = self.object_at(node)
            assert held is not None, "it has a kind"
            self.address(node, held, depth)

    def address(self, node: ast.expr, held: Held, depth: int) -> None:
        """Emit code that leaves the address of an object in register `depth`."""
        variable = held.variable
        if variable is None:
            self.context.load(held.name, depth)
        elif isinstance(node, ast.Subscript):
            if not variable.is_array:
                self.context.refuse(
                    node, f"'{variable.name}' is one {variable.kind}; drop the index"
                )
            self.expressions.value(node.slice, depth)
            self.context.emit("BOUND", depth, variable.count)
            self.element(variable, depth)
        elif variable.is_array:
            self.context.refuse(
                node, f"'{variable.name}' is an array of {variable.kind}s; take {variable.name}[i]"
            )
        else:
            self.context.emit("LEA", depth, variable.offset)

    def element(self, variable: Variable, depth: int) -> None:
        """Emit code that makes the address of element r(depth) of an array of it."""
        self.context.emit("MULI", depth, depth, variable.words * WORD)
        self.expressions.add_data(depth, variable.offset)

    def method(self, node: ast.Call, depth: int, as_value: bool) -> None:
        """Emit a call of a method, such as ``lock.acquire()``."""
        target = node.func
        assert isinstance(target, ast.Attribute), "the caller has checked it"
        held = self.object_at(target.value)
        if held is None:
            self.refuse_unknown_kind(target)
            hint = ELSEWHERE.get(target.attr, "use a function or a system call")
            if target.attr in ("start", "join"):
                hint = ELSEWHERE["Thread"]
            self.context.refuse(
                target,
                f"'.' is allowed only after a {ANY_OBJECT} in the lesson language; {hint}",
            )
        kind, name = OBJECTS[held.kind], target.attr
        plain = PLAIN_METHODS.get(name)
        if plain is not None and plain.kind != held.kind:
            plain = None
        if plain is None and name not in kind.methods:
            own = [method for method, of in PLAIN_METHODS.items() if of.kind == held.kind]
            known = nearest(name, [*kind.methods, *own])
            self.context.refuse(target, f"{article(held.kind)} has no '{name}'; {known}")
        if name in kind.tries and (node.args or node.keywords or as_value):
            self.tried(node, target.value, held)
            return
        calls = kind.methods.get(name, ())
        count = int(plain.stores) if plain else SYSTEM_CALLS[calls[0]].least - 1
        self.check_arguments(node, name, count)
        if as_value and not (SYSTEM_CALLS[calls[-1]].returns if calls else not plain.stores):  # type: ignore[union-attr]
            self.context.refuse(node, f"{name} has no result here; call it on a line of its own")
        self.address(target.value, held, depth)
        for register, argument in enumerate(node.args, depth + 1):
            self.expressions.value(argument, register)
        if plain is not None:
            self.plain_method(plain, depth)
        for number, call in enumerate(calls):
            self.context.emit_call(call, 1 if number else 1 + count)

    def tried(self, node: ast.Call, object_node: ast.expr, held: Held) -> None:
        """Emit a call of a method that may give up, or whose result is used; it is in r0."""
        target = node.func
        assert isinstance(target, ast.Attribute), "the caller has checked it"
        kind = OBJECTS[held.kind]
        at_once, timed = kind.tries[target.attr]
        waits, timeout = self.patience(node, target.attr, ("blocking", "timeout")[not at_once :])
        self.address(object_node, held, 0)
        if waits and timeout is None:
            for call in kind.methods[target.attr]:
                self.context.emit_call(call, 1)
            self.context.emit("LI", 0, 1)
        elif timeout is None:
            self.context.emit_call(at_once, 1)
        elif at_once:
            self.expressions.value(timeout, 1)
            self.context.emit_call(timed, 2)
        else:
            self.waited(timeout, timed)

    def waited(self, timeout: ast.expr, call: str) -> None:
        """Emit a wait for some time at the condition in r0, which then takes its lock again."""
        emit = self.context.emit
        emit("PUSH", 0)
        self.expressions.value(timeout, 1)
        self.context.emit_call(call, 2)
        emit("POP", 1)
        emit("PUSH", 0)
        emit("MOV", 0, 1)
        self.context.emit_call("acquire", 1)
        emit("POP", 0)

    def patience(
        self, node: ast.Call, name: str, parameters: tuple[str, ...]
    ) -> tuple[bool, ast.expr | None]:
        """Return whether a call waits, and how long; None for as long as it takes."""
        forms = " or ".join(
            f"{name}({form})"
            for parameter, form in (("blocking", "blocking=False"), ("timeout", "timeout=20"))
            if parameter in parameters
        )
        given = dict(zip(parameters, node.args, strict=False))
        named = {keyword.arg or "": keyword.value for keyword in node.keywords}
        if len(node.args) > len(parameters) or not named.keys() <= {*parameters} - {*given}:
            self.context.refuse(node, f"{name} takes no such arguments here; write {forms}")
        given |= named
        blocking, timeout = given.get("blocking"), given.get("timeout")
        waits = getattr(blocking, "value", None) if blocking is not None else True
        if waits not in (True, False):
            self.context.refuse(node, f"'blocking' is True or False; write {forms}")
        if timeout is not None and not waits:
            self.context.refuse(node, "what does not wait needs no timeout; leave out one of both")
        number = None if timeout is None else literal(timeout)
        if number is not None and number < 0:
            self.context.refuse(node, f"a timeout of {number} ticks; give 0 or more")
        return bool(waits), timeout

    def check_arguments(self, node: ast.Call, name: str, count: int) -> None:
        """Refuse a call of a method with more or fewer arguments than it takes."""
        if node.keywords or len(node.args) != count:
            wanted = plural(count, "argument") if count else "no arguments"
            form = f"{name}({', '.join('xyz'[:count])})"
            self.context.refuse(node, f"{name} takes {wanted} here; write {form}")

    def plain_method(self, method: PlainMethod, depth: int) -> None:
        """Emit the load or store that a method is, at the address in register `depth`."""
        if method.stores:
            self.context.emit("STOREX", depth + 1, depth)
            return
        self.context.emit("LOADX", depth, depth)
        if method.is_truth:
            self.context.emit("NEI", depth, depth, 0)

    def refuse_unknown_kind(self, target: ast.Attribute) -> None:
        """Refuse a method of a parameter or local of which nobody says that it is an object."""
        name = target.value.id if isinstance(target.value, ast.Name) else ""
        known = any(target.attr in kind.methods for kind in OBJECTS.values())
        if name in self.context.slots and known:
            self.context.refuse(
                target,
                f"'{name}' is a number as far as is known; pass a Lock to this function, or "
                f"write '{name}: Lock' among its parameters",
            )

    def entered(self, item: ast.withitem) -> tuple[ast.expr, Held, str, str]:
        """Return what a ``with`` enters: its node, the object, and the calls at both ends."""
        if item.optional_vars is not None:
            self.context.refuse(item.optional_vars, "'as' is not in the lesson language; drop it")
        node = item.context_expr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return self.entered_by_name(node, node.func)
        held = self.object_at(node)
        kind = OBJECTS[held.kind] if held is not None else None
        if held is not None and kind is not None and kind.blocks:
            ways = " or ".join(f"'with {ast.unparse(node)}.{way}():'" for way in kind.blocks)
            self.context.refuse(node, f"{article(held.kind)} is held in two ways; write {ways}")
        if held is None or kind is None or not kind.enter:
            self.context.refuse(
                node,
                "'with' takes a Lock, Semaphore or Condition; write 'with lock:' and define "
                "lock = Lock() at module level",
            )
        return node, held, kind.enter, kind.leave

    def entered_by_name(
        self, node: ast.Call, target: ast.Attribute
    ) -> tuple[ast.expr, Held, str, str]:
        """Return the same for ``with table.reading():``."""
        held = self.object_at(target.value)
        blocks = OBJECTS[held.kind].blocks if held is not None else {}
        if held is None or target.attr not in blocks or node.args or node.keywords:
            self.context.refuse(
                node,
                "'with' takes a Lock, or the reading() or writing() of an RWLock; write "
                "'with lock:' or 'with table.reading():'",
            )
        return target.value, held, *blocks[target.attr]
