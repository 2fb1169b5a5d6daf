"""A whole program to C."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kit.errors import explain_arguments, require
from kit.host.c.code import Context, Line, Names, Unit
from kit.host.c.globals import declarations, headers_of, objects_of, preparations
from kit.host.c.loops import loop_counts
from kit.host.c.prelude import prelude
from kit.host.c.statements import Statements
from kit.host.c.synchronisation import TYPES
from kit.host.errors import HostError
from kit.lang.annotations import without_annotations
from kit.lang.declarations import read_module
from kit.lang.program import Program
from kit.lang.scope import Function, Scope
from kit.lang.signal_names import put_numbers
from kit.lang.source import Source

COLUMN = 46
"""Where the line of the lesson is written, if there is room."""

HEADERS = ("assert.h", "stdio.h", "stdlib.h")


@dataclass(frozen=True)
class CProgram:
    """A program in C.

    Attributes
    ----------
    text : str
    lines : dict of int to int
        Line of the C text -> the line of the program that it comes from.
    scope : Scope
        What the names of the program mean.
    names : dict of str to str
        Global -> what it is called in C.
    objects : dict of str to str
        What a lock or the like is called in C -> the global that it belongs to.
    spawned : tuple of str
        Functions that threads are started in; in C each has a ``start_…`` of its name.
    """

    text: str
    lines: dict[int, int]
    scope: Scope
    names: dict[str, str]
    objects: dict[str, str]
    spawned: tuple[str, ...]


@explain_arguments
def c_text(program: Program) -> str:
    r"""Return a program of the lesson language in C11, with POSIX threads and processes.

    Each line says which line of the program it comes from. Compile it with
    ``cc -std=c11 -pthread -fwrapv program.c``: integers then wrap round as in the lesson. A tick
    of `sleep`, `io`, `work` and of a timeout is a tenth of a millisecond there.

    Parameters
    ----------
    program : Program

    Raises
    ------
    HostError
        At what has no translation.

    Examples
    --------
    >>> from kit import Program
    >>> print(c_text(Program("hello", "def main(): print(7)")).splitlines()[-3])
        printf("%lld\\n", 7LL);                   // 1: def main(): print(7)
    """
    return translate(program).text


def translate(program: Program) -> CProgram:
    """Return a program in C, and where its lines come from.

    Raises
    ------
    HostError
        At what has no translation.
    """
    require(
        isinstance(program, Program),
        f"c_text: the program is {program!r}; give Program(name, text)",
    )
    if program.language != "python":
        raise HostError(
            f"'{program.name}' is written in assembly, of which there is no translation"
        )
    source = Source(program.name, program.text)
    without_annotations(source)
    put_numbers(source)
    scope = read_module(source)
    used = {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}
    used |= {node.arg for node in ast.walk(source.tree) if isinstance(node, ast.arg)}
    unit = Unit(source, scope, Names({*used, *scope.functions}))
    return _Writer(unit, program).translation()


class _Writer:
    def __init__(self, unit: Unit, program: Program) -> None:
        self.unit, self.program = unit, program
        self.written = program.text.splitlines()

    def translation(self) -> CProgram:
        functions = [
            [*self.function(name, function), Line(0, "")]
            for name, function in self.unit.scope.functions.items()
        ]
        shared = declarations(self.unit)
        headers, helpers = prelude(["word", *self.unit.helpers])
        lines = [Line(0, text) for text in self.head([*headers, *HEADERS, *headers_of(self.unit)])]
        for helper in helpers:
            lines += [Line(0, text) for text in [*helper.split("\n"), ""]]
        lines += [*shared, Line(0, "")] if shared else []
        others = [name for name in self.unit.scope.functions if name != "main"]
        lines += [Line(0, f"{self.signature(name)};") for name in others]
        for name in self.unit.spawned:
            lines += [Line(0, ""), *map(_plain, self.starter(name))]
        lines += [Line(0, "")] if others else []
        lines += [line for function in functions for line in function]
        return self.finished(lines)

    def finished(self, lines: list[Line]) -> CProgram:
        """Put the lines together, each with the one of the lesson that it comes from."""
        texts: list[str] = []
        origins: dict[int, int] = {}
        shown = 0
        for number, line in enumerate(lines, 1):
            text = "    " * line.indent + line.text
            if line.origin is not None:
                origins[number] = line.origin
                if line.origin != shown:
                    text = f"{text:<{COLUMN - 2}}  {self.comment(line.origin)}"
            shown = line.origin or 0
            texts.append(text.rstrip())
        names = {name: self.unit.names.of(name) for name in self.unit.scope.variables}
        text, unit = "\n".join(texts).rstrip() + "\n", self.unit
        objects, spawned = objects_of(unit), tuple(unit.spawned)
        return CProgram(text, origins, unit.scope, names, objects, spawned)

    def comment(self, number: int) -> str:
        """Return a line of the lesson as a comment; a backslash at its end would continue it."""
        return f"// {number}: {self.written[number - 1].strip().rstrip(chr(92) + '/')}"

    def head(self, headers: list[str]) -> Iterator[str]:
        title = "".join(c if c.isprintable() and c not in "\\/" else " " for c in self.program.name)
        yield f"// The program '{title}' of a lesson, in C."
        yield "// cc -std=c11 -pthread -fwrapv program.c"
        if any(_calls_itself(function) for function in self.unit.scope.functions.values()):
            yield "#if defined(__clang__) || __GNUC__ >= 12"
            yield '#pragma GCC diagnostic ignored "-Winfinite-recursion"  // the lesson may want it'
            yield "#endif"
        if any(map(_compares_constants, ast.walk(self.unit.source.tree))):
            yield '#pragma GCC diagnostic ignored "-Wtautological-compare"  // the lesson does it'
        if any(map(_compares_truths, ast.walk(self.unit.source.tree))):
            yield "#ifndef __clang__"
            yield '#pragma GCC diagnostic ignored "-Wbool-compare"  // the lesson does it'
            yield "#endif"
        yield "#define _GNU_SOURCE"
        yield from (f"#include <{header}>" for header in sorted(set(headers)))
        yield ""

    def signature(self, name: str) -> str:
        function = self.unit.scope.functions[name]
        if name == "main":
            return "int main(void)"
        given = ", ".join(
            f"{_type(function, parameter)}{self.unit.names.of(parameter)}"
            for parameter in function.parameters
        )
        result = "word" if function.returns_value else "void"
        return f"{result} {self.unit.names.of(name)}({given or 'void'})"

    def function(self, name: str, function: Function) -> Iterator[Line]:
        """Yield the lines of a function."""
        context = Context(self.unit, function)
        statements = Statements(context)
        statements.block(function.node.body)
        yield Line(0, f"{self.signature(name)} {{", function.node.lineno)
        if name == "main":
            yield Line(1, "setvbuf(stdout, NULL, _IONBF, 0);         // each print is one write")
            yield from (Line(1, text) for text in preparations(self.unit))
        yield from (Line(1, text) for text in self.variables(context))
        yield from context.lines
        if name == "main" or function.returns_value:
            last = context.lines[-1].text if context.lines else ""
            if not last.startswith("return "):
                yield Line(1, "return 0;")
        yield Line(0, "}")

    def variables(self, context: Context) -> Iterator[str]:
        """Yield the declarations of a function's locals."""
        function, counts, words = context.function, loop_counts(context), list[str]()
        for name in function.locals:
            written = context.name(name)
            if name in counts:
                continue
            shape = function.arrays.get(name)
            if shape is not None:
                rows = len(shape.elements) // (shape.columns or 1)
                columns = f"[{shape.columns}]" if shape.columns else ""
                yield f"word {written}[{rows}]{columns};"
            elif name in function.kinds:
                yield f"{_type(function, name)}{written};"
            else:
                words.append(written)
        if words:
            yield f"word {', '.join(words)};"
        for name in (*function.parameters, *function.locals):
            if name not in context.loaded and name not in counts:
                yield f"(void){context.name(name)};  // its value is never used"

    def starter(self, name: str) -> Iterator[str]:
        """Yield the functions that start a thread in a function of the program."""
        function, written = self.unit.scope.functions[name], self.unit.names.of(name)
        given = [
            f"POINTER(given[{n}])" if p in function.kinds else f"given[{n}]"
            for n, p in enumerate(function.parameters)
        ]
        call = f"{written}({', '.join(given)})"
        yield f"void *start_{name}(void *number) {{"
        yield "    this_thread = (word)(intptr_t)number;"
        if given:
            yield "    word *given = arguments[this_thread];"
        if function.returns_value:
            yield f"    return (void *)(intptr_t){call};"
        else:
            yield f"    {call};"
            yield "    return NULL;"
        yield "}"
        yield ""
        yield (
            self.signature(name)
            .replace(f"{written}(", f"spawn_{name}(", 1)
            .replace("void spawn", "word spawn", 1)
            + " {"
        )
        yield "    word thread = new_thread();"
        yield "    if (thread < 0) return -1;"
        for number, parameter in enumerate(function.parameters):
            value = self.unit.names.of(parameter)
            if parameter in function.kinds:
                value = f"(word)(intptr_t){value}"
            yield f"    arguments[thread][{number}] = {value};"
        yield f"    return start_thread(thread, start_{name});"
        yield "}"


def _calls_itself(function: Function) -> bool:
    calls = (node for node in ast.walk(function.node) if isinstance(node, ast.Call))
    return any(ast.unparse(call.func) == function.node.name for call in calls)


def _compares_constants(node: ast.AST) -> bool:
    """Tell whether what an expression says of a comparison can be known before it is run."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitAnd | ast.BitOr) and _is_constant(node)
    if not isinstance(node, ast.Compare):
        return False
    sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
    return len(set(sides)) < len(sides)


def _compares_truths(node: ast.AST) -> bool:
    """Tell whether a comparison is of what is true or false."""
    if not isinstance(node, ast.Compare):
        return False
    sides = (part for side in (node.left, *node.comparators) for part in ast.walk(side))
    return any(isinstance(part, ast.Compare | ast.BoolOp | ast.Not) for part in sides)


def _is_constant(node: ast.BinOp) -> bool:
    return any(not _names(side) for side in (node.left, node.right))


def _names(node: ast.expr) -> bool:
    """Tell whether a variable is part of an expression; how long an array is, is known."""
    calls = {
        part.args[0]
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and ast.unparse(part.func) == "len"
    }
    return any(
        isinstance(part, ast.Name) and part not in calls and part.id != "len"
        for part in ast.walk(node)
    )


def _plain(text: str) -> Line:
    return Line(0, text)


def _type(function: Function, name: str) -> str:
    """Return the type of a parameter or local, as it is written before its name."""
    kind = function.kinds.get(name, "")
    return f"{TYPES[kind]} *" if kind else "word "
