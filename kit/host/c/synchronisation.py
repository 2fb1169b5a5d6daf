"""Locks and their kin to pthreads, POSIX semaphores and atomic operations of C11."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from kit.host.c.code import ACTS, READS, Code, Context, Unit
from kit.lang.image import Variable
from kit.lang.instructions import WORD
from kit.lang.kinds import kind_of
from kit.lang.objects import INTEGER, OBJECTS

if TYPE_CHECKING:
    from kit.host.c.expressions import Expressions

TYPES = {
    "Lock": "pthread_mutex_t",
    "Semaphore": "sem_t",
    "Condition": "pthread_cond_t",
    "Barrier": "pthread_barrier_t",
    "RWLock": "pthread_rwlock_t",
    "Atomic": "_Atomic word",
}
"""Kind of object -> its type in C."""

HEADERS = {"Semaphore": "semaphore.h", "Atomic": "stdatomic.h"}
"""Kind of object -> the header that declares its type; pthread.h for all others."""

METHODS = {
    ("Lock", "acquire"): "pthread_mutex_lock",
    ("Lock", "release"): "pthread_mutex_unlock",
    ("Semaphore", "acquire"): "sem_wait",
    ("Semaphore", "release"): "sem_post",
    ("Condition", "notify"): "pthread_cond_signal",
    ("Condition", "notify_all"): "pthread_cond_broadcast",
    ("Barrier", "wait"): "pthread_barrier_wait",
    ("RWLock", "acquire_read"): "pthread_rwlock_rdlock",
    ("RWLock", "release_read"): "pthread_rwlock_unlock",
    ("RWLock", "acquire_write"): "pthread_rwlock_wrlock",
    ("RWLock", "release_write"): "pthread_rwlock_unlock",
}
"""Kind and method -> the function that does it."""

TRIES = {"Lock": "pthread_mutex_trylock", "Semaphore": "sem_trywait"}
TIMED = {"Lock": "lock_within", "Semaphore": "down_within"}
ATOMICS = {
    "fetch_and_add": ("atomic_fetch_add", ""),
    "test_and_set": ("atomic_exchange", ", 1"),
    "compare_and_swap": ("exchange_if", ""),
    "load": ("atomic_load", ""),
    "store": ("atomic_store", ""),
}


class Held(NamedTuple):
    """An object, or array of them, that an expression names.

    Attributes
    ----------
    pointer : str
        What points to it in C.
    kind : str
    variable : Variable or None
        The global; None if a parameter or local points to the object.
    effect : int
    """

    pointer: str
    kind: str
    variable: Variable | None
    effect: int = 0

    @property
    def number(self) -> int:
        """How many there are."""
        return self.variable.count if self.variable is not None else 1


class Synchronisation:
    """Translates what one function does with locks and their kin.

    Parameters
    ----------
    context : Context
    expressions : Expressions
    """

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def kind_of(self, node: ast.expr) -> str:
        """Return the kind of object that an expression is, "" if it is a number."""
        return kind_of(self.context.unit.scope, self.context.function, node)

    def held(self, node: ast.expr) -> Held | None:
        """Return the object, or array of them, that an expression names, or None."""
        name = node.value if isinstance(node, ast.Subscript) else node
        if not isinstance(name, ast.Name):
            return None
        context, written = self.context, self.context.name(name.id)
        if context.is_own(name.id):
            kind = context.function.kinds.get(name.id, "")
            return Held(written, kind, None) if kind and node is name else None
        variable = context.variable(name.id)
        if variable is None or variable.kind == INTEGER:
            return None
        if isinstance(node, ast.Subscript):
            index = self.expressions.arrays.index(node.slice, variable.count)
            return Held(f"&{written}[{index.text}]", variable.kind, variable, index.effect)
        return Held(f"&{written}", variable.kind, variable)

    def passed(self, node: ast.expr) -> Code:
        """Translate what is passed on or kept: a pointer to an object, or a word."""
        kind = self.kind_of(node)
        if not kind:
            return self.expressions.word(node)
        if kind == "Condition":
            self.context.refuse(
                node, "a Condition that is passed on is not translated to C; use it by its name"
            )
        if isinstance(node, ast.IfExp):
            test = self.expressions.condition(node.test)
            one, other = self.passed(node.body), self.passed(node.orelse)
            return Code(f"{test.inner} ? {one.text} : {other.text}", True, test.effect)
        held = self.held(node)
        assert held is not None, "it has a kind"
        return Code(held.pointer)

    def lock_of(self, node: ast.expr, held: Held) -> str:
        """Return what points to the lock of a lock or condition."""
        if held.kind != "Condition":
            return held.pointer
        if held.variable is None or held.variable.is_array:
            self.context.refuse(
                node, "Conditions in an array are not translated to C; give each a name"
            )
        return f"&{lock_of_condition(self.context.unit, held.variable)}"

    def method(self, node: ast.Call) -> Code:
        """Translate a call of a method, such as ``lock.acquire()``."""
        target = node.func
        assert isinstance(target, ast.Attribute), "the caller has asked"
        held = self.held(target.value)
        assert held is not None, "the compiler has asked"
        name = target.attr
        if name in OBJECTS[held.kind].tries and (node.args or node.keywords):
            return self.tried(node, target, held)
        if held.kind == "Atomic":
            return self.atomic(node, held, name)
        if name == "locked":
            helper = self.context.unit.use("is_locked")
            return Code(f"{helper}({held.pointer})", effect=READS)
        if (held.kind, name) == ("Condition", "wait"):
            lock = self.lock_of(target.value, held)
            return Code(f"pthread_cond_wait({held.pointer}, {lock})", effect=ACTS)
        if held.kind == "Condition" and name in ("acquire", "release"):
            function = METHODS["Lock", name]
            return Code(f"{function}({self.lock_of(target.value, held)})", effect=ACTS)
        return Code(f"{METHODS[held.kind, name]}({held.pointer})", effect=ACTS)

    def atomic(self, node: ast.Call, held: Held, name: str) -> Code:
        """Translate a method of an Atomic."""
        function, rest = ATOMICS[name]
        if function == "exchange_if":
            self.context.unit.use(function)
        codes = self.context.ordered(node.args, self.expressions.word)
        given = ", ".join([held.pointer, *(code.text for code in codes)])
        return Code(f"{function}({given}{rest})", effect=READS if name == "load" else ACTS)

    def tried(self, node: ast.Call, target: ast.Attribute, held: Held) -> Code:
        """Translate a call that may give up."""
        name = target.attr
        parameters = ("timeout",) if name == "wait" else ("blocking", "timeout")
        given = dict(zip(parameters, node.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        kind = "Lock" if held.kind == "Condition" else held.kind
        pointer = self.lock_of(target.value, held)
        if "timeout" in given:
            ticks = self.expressions.word(given["timeout"]).text
            if name == "wait":
                helper = self.context.unit.use("wait_within")
                return Code(f"{helper}({held.pointer}, {pointer}, {ticks})", effect=ACTS)
            return Code(f"{self.context.unit.use(TIMED[kind])}({pointer}, {ticks})", effect=ACTS)
        blocking = given.get("blocking")
        if blocking is None or getattr(blocking, "value", True):
            return Code(f"{METHODS[kind, name]}({pointer}) == 0", True, ACTS, is_int=True)
        return Code(f"{TRIES[kind]}({pointer}) == 0", True, ACTS, is_int=True)

    def entered(self, item: ast.withitem) -> tuple[str, str]:
        """Return the calls at the beginning and end of a ``with`` block, without their end."""
        node = item.context_expr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self.context.refuse(
                node, "'with atomic()' is for specifications; no machine has it, nor has C"
            )
        way = ""
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Attribute), "the compiler has asked"
            way, node = node.func.attr, node.func.value
        held = self.held(node)
        assert held is not None, "the compiler has asked"
        pointer = self.lock_of(node, held)
        kind = "Lock" if held.kind == "Condition" else held.kind
        if isinstance(node, ast.Subscript) and "at(" in pointer:
            name = self.context.new("held")
            self.context.before.append(f"{TYPES[kind]} *{name} = {pointer};")
            pointer = name
        enter, leave = ("acquire", "release")
        if way:
            part = "read" if way == "reading" else "write"
            enter, leave = f"acquire_{part}", f"release_{part}"
        return f"{METHODS[kind, enter]}({pointer})", f"{METHODS[kind, leave]}({pointer})"


def lock_of_condition(unit: Unit, condition: Variable) -> str:
    """Return what the lock of a condition is called in C: one of the program, or ``ready_lock``."""
    at = condition.locks[0] if condition.locks else condition.offset
    for variable in unit.scope.variables.values():
        if variable.kind == "Lock" and 0 <= at - variable.offset < variable.length * WORD:
            name, place = unit.names.of(variable.name), (at - variable.offset) // WORD
            return f"{name}[{place}]" if variable.is_array else name
    return unit.names.of(f"{condition.name}_lock")
