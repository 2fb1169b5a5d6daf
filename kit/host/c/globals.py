"""Globals to C: how they are declared, and what is made ready when the program begins."""

from __future__ import annotations

from collections.abc import Iterator

from kit.host.c.code import Line, Unit
from kit.host.c.synchronisation import HEADERS, TYPES, lock_of_condition
from kit.lang.image import Variable
from kit.lang.objects import INTEGER, VALUES

STATIC = {
    "Lock": "PTHREAD_MUTEX_INITIALIZER",
    "Condition": "PTHREAD_COND_INITIALIZER",
    "RWLock": "PTHREAD_RWLOCK_INITIALIZER",
}
"""Kind of object -> what it starts as; others are made ready when the program begins."""


def declarations(unit: Unit) -> list[Line]:
    """Return the declarations of a program's globals, each with its line."""
    origins = {
        name.id: node.lineno
        for node in unit.source.tree.body
        for target in getattr(node, "targets", [])
        for name in getattr(target, "elts", [target])
        if hasattr(name, "id")
    }
    return [
        Line(0, text, origins.get(variable.name))
        for variable in unit.scope.variables.values()
        for text in _declared(unit, variable)
    ]


def headers_of(unit: Unit) -> set[str]:
    """Return the headers that declare the types of the globals."""
    found = set()
    for variable in unit.scope.variables.values():
        if variable.is_shared_on_purpose:
            found.add("stdatomic.h")
        elif variable.kind != INTEGER:
            found.add(HEADERS.get(variable.kind, "pthread.h"))
    return found


def _declared(unit: Unit, variable: Variable) -> Iterator[str]:
    name = unit.names.of(variable.name)
    size = f"[{variable.count}]" if variable.is_array else ""
    if variable.kind in (INTEGER, "Atomic"):
        kind = "_Atomic word" if variable.is_shared_on_purpose else "word"
        columns = f"[{variable.columns}]" if variable.columns else ""
        yield f"{kind} {name}{size}{columns} = {_initial(unit, variable)};"
        return
    start = STATIC.get(variable.kind, "")
    if variable.is_array and start:
        start = f"{{{', '.join([start] * variable.count)}}}"
    yield f"{TYPES[variable.kind]} {name}{size}{f' = {start}' if start else ''};"
    lock = _own_lock(unit, variable)
    if lock:
        yield f"pthread_mutex_t {lock} = PTHREAD_MUTEX_INITIALIZER;"


def _own_lock(unit: Unit, variable: Variable) -> str:
    """Return the lock that is declared for a condition which shares none; "" for none."""
    if variable.kind != "Condition" or variable.is_array:
        return ""
    lock = lock_of_condition(unit, variable)
    return lock if lock == unit.names.of(f"{variable.name}_lock") else ""


def objects_of(unit: Unit) -> dict[str, str]:
    """Return what locks and the like are called in C, each with the global that it belongs to.

    Parameters
    ----------
    unit : Unit
    """
    found: dict[str, str] = {}
    for variable in unit.scope.variables.values():
        if variable.kind not in VALUES:
            found[unit.names.of(variable.name)] = variable.name
            if lock := _own_lock(unit, variable):
                found[lock] = variable.name
    return found


def _initial(unit: Unit, variable: Variable) -> str:
    words = variable.words_in(unit.scope.data)
    if not variable.is_array:
        return _number(words[0])
    if not any(words):
        return "{0}"
    if not variable.columns:
        return f"{{{', '.join(map(_number, words))}}}"
    starts = range(0, len(words), variable.columns)
    rows = (", ".join(map(_number, words[s : s + variable.columns])) for s in starts)
    return f"{{{', '.join(f'{{{row}}}' for row in rows)}}}"


def _number(number: int) -> str:
    if number == -(1 << 63):
        return f"-{(1 << 63) - 1}LL - 1"
    return f"{number}LL" if abs(number) > 0x7FFFFFFF else str(number)


def preparations(unit: Unit) -> Iterator[str]:
    """Yield what makes semaphores and barriers ready, at the beginning of main."""
    for variable in unit.scope.variables.values():
        name = unit.names.of(variable.name)
        elements = [f"{name}[{n}]" for n in range(variable.count)] if variable.is_array else [name]
        words = variable.words_in(unit.scope.data)
        for number, element in enumerate(elements):
            if variable.kind == "Semaphore":
                yield f"sem_init(&{element}, 0, {words[number * variable.words]});"
            elif variable.kind == "Barrier":
                yield f"pthread_barrier_init(&{element}, NULL, {words[number * variable.words]});"
