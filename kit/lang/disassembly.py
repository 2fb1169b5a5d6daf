"""An image as assembly text, from which `kit.lang.assembly` makes an equal one."""

from __future__ import annotations

from collections import defaultdict

from kit.lang.image import Image, Routine, Variable
from kit.lang.objects import INTEGER, OBJECTS


def write_assembly(image: Image) -> str:
    """Return an image as assembly text, from which `read_assembly` makes an equal one."""
    in_order = sorted(image.variables.values(), key=lambda variable: variable.offset)
    in_file = [v for v in in_order if v.offset < image.bss_offset]
    zeros = [v for v in in_order if v.offset >= image.bss_offset]
    lines = [".data", *(_global(image, variable) for variable in in_file)]
    lines += [pattern.assembly() for pattern in image.texts]
    lines += [".bss", *(_global(image, variable) for variable in zeros)] if zeros else []
    lines.append(".code")
    if image.entry:
        lines.append(f".entry {image.entry}")
    if image.thread_exit >= 0:
        lines.append(f".thread_exit {image.thread_exit}")
    headings: dict[int, list[str]] = defaultdict(list)
    for routine in image.routines.values():
        headings[routine.start].append(_heading(routine))
    for index in range(len(image.code)):
        lines.extend(headings[index])
        number = image.code[index].b if image.code[index].op == "SYS" else 0
        lines.append(f"{index:4d}  {image.describe(index)}" + (f" {number}" if number else ""))
    return "\n".join([*lines, *headings[len(image.code)]])


def _global(image: Image, variable: Variable) -> str:
    """Return the line of a global: its name and what it starts as."""
    words = variable.words_in(image.data)
    values = [_initial(variable.kind, words[at]) for at in range(0, len(words), variable.words)]
    if variable.locks:
        values = [_condition(image, variable, lock) for lock in variable.locks]
    value = f"[{', '.join(values)}]" if variable.is_array else values[0]
    if variable.columns:
        value = str([list(row) for row in variable.value(words)])  # type: ignore[arg-type,union-attr]
    mark = "volatile " if variable.is_volatile else ""
    return f"{variable.name}  {mark}{value}"


def _initial(kind: str, word: int) -> str:
    """Return how a variable's first word is written where it begins."""
    if kind == INTEGER:
        return str(word)
    return f"{kind}()" if OBJECTS[kind].least is None else f"{kind}({word})"


def _condition(image: Image, variable: Variable, lock: int) -> str:
    """Return how a condition is written whose lock is at an offset."""
    of = image.variable_around(lock)
    return "Condition()" if of in (None, variable) else f"Condition({image.variable_at(lock)})"


def _heading(routine: Routine) -> str:
    slots = "".join(
        f" {name.replace(' ', '~')}{_sizes(routine, name)}={place:+d}"
        for name, place in routine.slots.items()
    )
    value = " value" if routine.returns_value else ""
    return f".function {routine.name}({', '.join(routine.parameters)}){value}{slots}"


def _sizes(routine: Routine, name: str) -> str:
    """Return how many words a local array has, in brackets; "" for what is none."""
    array = routine.arrays.get(name)
    if array is None:
        return ""
    return f"[{array.count}][{array.columns}]" if array.columns else f"[{array.length}]"
