"""The data part of assembly: globals, objects, arrays, and what calls with texts are given."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from kit.errors import LanguageError, nearest
from kit.lang.image import Variable, locks_of_conditions
from kit.lang.instructions import INTEGER_MAX, INTEGER_MIN, REGISTER_NAMES, WORD, Instruction
from kit.lang.objects import INTEGER, OBJECTS, words_of
from kit.lang.patterns import Part, Pattern, Value, is_format

MAX_TEXT = 8_000_000
"""Longest text accepted, in characters: room for what the longest program is as assembly."""

NAME = r"[^\W\d]\w*"
_TEXT = re.compile(r"""\s*(?:(_)(?::(?="))?)?("(?:[^"\\]|\\.)*")?(?<=[_"])\s*(?:,|$)""")
_OBJECT = re.compile(rf"({NAME})\(([^)]*)\)$")
_ROW = re.compile(r"\[([^\[\]]*)\]")

REGISTERS = {name: number for number, name in enumerate(REGISTER_NAMES)}
"""Name -> number."""


@dataclass
class Draft:
    """What has been read so far; jumps are still names."""

    variables: dict[str, Variable] = field(default_factory=dict)
    data: list[int] = field(default_factory=list)
    texts: list[Pattern] = field(default_factory=list)
    code: list[tuple[Instruction, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    headings: list[tuple[int, re.Match[str]]] = field(default_factory=list)
    entry: tuple[int, str] | None = None
    thread_exit: tuple[int, str] | None = None


class DataReader:
    """Reads the data part of a program in assembly.

    Parameters
    ----------
    name : str
    text : str
    """

    def __init__(self, name: str, text: str) -> None:
        self.file = f"{name}.asm"
        self.number, self.column = 1, 1
        if len(text) > MAX_TEXT:
            raise self.refuse(f"the program has {len(text)} characters; at most {MAX_TEXT} fit")
        self.text = text.splitlines()
        self.draft = Draft()

    def refuse(self, message: str) -> LanguageError:
        """Return the error that points to where the reader is."""
        return LanguageError(self.file, self.number, self.column, message)

    def datum(self, line: str) -> None:
        """Read a global or a pattern of print."""
        directive = line[:6]
        if directive in (".print", ".write"):
            self.draft.texts.append(Pattern(self.pattern(line[6:]), directive == ".write"))
            return
        name, value = split(line)
        if not name.isidentifier():
            raise self.refuse(f"'{name}' is no name; write a global as: count 0")
        if name in self.draft.variables or name in REGISTERS:
            raise self.refuse(f"'{name}' is already defined; choose another name")
        mark, _, marked = value.partition(" ")
        is_volatile = mark == "volatile"
        value = marked if is_volatile else value
        is_array = value.strip().startswith("[")
        # The lock of a condition may be an element: Condition(locks[1]).
        has_rows = "[" in value.partition("(")[0].strip()[1:]
        rows = [row.split(",") for row in _ROW.findall(value)] if has_rows else []
        if any(len(row) != len(rows[0]) for row in rows):
            raise self.refuse(f"{name} has rows of several lengths; make all equally long")
        columns = len(rows[0]) if rows else 0
        listed = [part for row in rows for part in row] or value.strip(" []").split(",")
        parts = [part.strip() for part in listed]
        if not is_array and len(parts) != 1:
            raise self.refuse(f"{name} has {len(parts)} values; put them into brackets")
        kinds = {_OBJECT.sub(r"\1", part) if _OBJECT.match(part) else INTEGER for part in parts}
        if len(kinds) > 1:
            raise self.refuse(f"{name} holds several kinds of thing; give each a name of its own")
        (kind,) = kinds
        offset = len(self.draft.data) * WORD
        locks = self.locks(parts, offset) if kind == "Condition" else ()
        parts = ["Condition()"] * len(parts) if locks else parts
        words = [word for part in parts for word in self.initial(kind, part)]
        if columns and kind != INTEGER:
            raise self.refuse(f"{name} has rows of {kind}s; give each row a name of its own")
        if is_volatile and kind != INTEGER:
            raise self.refuse(f"{name} is a {kind}; 'volatile' marks numbers, so leave it out")
        variable = Variable(name, offset, len(words), is_array, kind, columns, is_volatile, locks)
        self.draft.variables[name] = variable
        self.draft.data.extend(words)

    def zeros(self, line: str) -> None:
        """Read a global that starts as zeros."""
        first = len(self.draft.data)
        self.datum(line)
        if any(self.draft.data[first:]):
            name, _ = split(line)
            raise self.refuse(f"{name} does not start as zeros; put it below .data")

    def locks(self, parts: list[str], offset: int) -> tuple[int, ...]:
        """Return the offsets of the locks of conditions; nothing if each has its own."""
        given = [part.strip()[len("Condition(") : -1].strip() for part in parts]
        known = {
            variable.name_of(number): variable.offset + number * WORD
            for variable in self.draft.variables.values()
            if variable.kind == "Lock"
            for number in range(variable.length)
        }
        for name in given:
            if name and name not in known:
                raise self.refuse(f"'{name}' is no Lock above; name one, as in Condition(lock)")
        return locks_of_conditions([known.get(name) for name in given], offset)

    def initial(self, kind: str, text: str) -> list[int]:
        """Return the words that a number or a constructor such as ``Semaphore(2)`` stands for."""
        match = _OBJECT.match(text)
        if match is None:
            return [self.number_in(text)]
        if kind not in OBJECTS:
            raise self.refuse(f"no '{kind}' is known here; {nearest(kind, OBJECTS)}")
        if (OBJECTS[kind].least is None) != (not match[2].strip()):
            wanted = f"{kind}()" if OBJECTS[kind].least is None else f"{kind}(1)"
            raise self.refuse(f"'{text}' cannot be made; write {wanted}")
        first, least = self.number_in(match[2]) if match[2].strip() else 0, OBJECTS[kind].least
        if least is not None and first < least:
            raise self.refuse(f"'{text}' cannot be made; give a number of at least {least}")
        return [first] + [0] * (words_of(kind) - 1)

    def pattern(self, text: str) -> tuple[Part, ...]:
        """Return texts and values of a line that begins with .print or .write."""
        parts: list[Part] = []
        place = 0
        while place < len(text.rstrip()):
            match = _TEXT.match(text, place)
            if match is None:
                raise self.refuse('.print lists texts in quotes and _; write .print "count", _')
            is_value, written = match.groups()
            try:
                said = json.loads(written) if written else ""
            except ValueError:
                raise self.refuse(f"{written} is no text; write \\\\ for a backslash") from None
            if is_value and not is_format(said):
                raise self.refuse(f"a number is not formatted by '{said}'; write _:\"5d\" or _")
            parts.append(Value(said) if is_value else said)
            place = match.end()
        return tuple(parts)

    def number_in(self, text: str) -> int:
        """Return the number that a text is, or refuse."""
        try:
            number = int(text.strip(), 0)
        except ValueError:
            raise self.refuse(f"'{text.strip()}' is no whole number; write 7, -1 or 0x10") from None
        if not INTEGER_MIN <= number <= INTEGER_MAX:
            raise self.refuse(f"{number} does not fit into 64 bits; use a smaller number")
        return number


def split(text: str) -> tuple[str, str]:
    """Return the first word of a text and the rest."""
    parts = text.split(None, 1)
    return parts[0], parts[1].strip() if len(parts) > 1 else ""
