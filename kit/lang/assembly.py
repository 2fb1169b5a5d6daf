"""Assembly: an image as text, and text as an image.

A program in assembly has up to three parts. ``.data`` lists the globals in order, a number, an
object such as ``Semaphore(2)``, or a list of these in brackets each; ``volatile`` may stand
before a number or a list. ``.bss`` lists those that start as zeros in the same way. Where they
come last they take no room in the file. ``.code`` lists
instructions, one a line; a line may begin with a label and a colon, or with its own
number as `Program.disassemble` prints it, and jumps name either. Behind a semicolon
stands a comment::

    .bss
    count  0
    .code
    top:  LOAD r0, count
          ADD r0, 1
          STORE r0, count
          SUB r3, 1
          GT r4, r3, 0
          JNZ r4, top
          SYS exit

Where execution starts is ``.entry LABEL``, the first instruction if not given. What
``SYS print`` writes and other calls take is listed with ``.print``, texts in quotes and
``_`` for each value; the number behind such a call counts from the first of these lines.
With ``.write`` instead, ``SYS print`` writes no blanks between them and no new line behind them;
``_:"5d"`` is a value written as behind the colon of an f-string.
A line ``.function name(parameters) …`` begins a function; behind the parentheses may stand
``value`` if it returns one, ``name=offset`` for what its stack frame holds, and
``name[3]=offset`` or ``name[3][4]=offset`` for an array in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.errors import nearest, plural
from kit.lang.assembly_data import NAME, REGISTERS, DataReader, split
from kit.lang.call_instructions import INSTRUCTION_OF, NAMES, NUMBERS, instruction_for
from kit.lang.image import Image, Routine, Variable
from kit.lang.instructions import (
    IMMEDIATE_MAX,
    IMMEDIATE_MIN,
    INSTRUCTIONS,
    OPERATORS,
    REGISTER_NAMES,
    WORD,
    Instruction,
)
from kit.lang.objects import INTEGER
from kit.lang.system_calls import SYSTEM_CALLS

_LINE = re.compile(rf"\s*(?:(\d+)\s+|({NAME})\s*:\s*)?(.*?)\s*$")
_FUNCTION = re.compile(rf"\.function\s+({NAME})\(([^)]*)\)\s*(.*)$")
_FRAME = re.compile(r"\[fp([+-]\d+)(?::.*)?\]$")
_POINTED = re.compile(rf"\[({NAME})\]$")
_ELEMENT = re.compile(rf"({NAME})\[({NAME})\]$")
_PLAIN = re.compile(r"data\+(\d+)$")
_EXAMPLES = {"w": "r0", "r": "r1", "i": "5", "n": "8", "d": "count", "o": "+8", "t": "top"}
"""How an operand of each kind may be written."""

MAX_VALUES = 6
"""Most values that a call with texts is given."""


def read_assembly(name: str, text: str) -> Image:
    """Return the image that assembly text describes.

    Parameters
    ----------
    name : str
        The program's name, used in errors.
    text : str
        See the top of this module.

    Raises
    ------
    LanguageError
        With file, line, column, what was found and what to write instead.
    """
    return _Reader(name, text).image()


class _Reader(DataReader):
    def image(self) -> Image:
        part = ""
        for number, line in enumerate(self.text, 1):
            self.number = number
            content = _without_comment(line)
            self.column = len(line) - len(line.lstrip()) + 1
            stripped = content.strip()
            if not stripped:
                continue
            if stripped in (".data", ".bss", ".code"):
                part = stripped
            elif part == ".data":
                self.datum(stripped)
            elif part == ".bss":
                self.zeros(stripped)
            elif part == ".code":
                self.statement(stripped)
            else:
                raise self.refuse("a part must begin first; write .data, .bss or .code above")
        draft = self.draft
        if not draft.code:
            raise self.refuse("there are no instructions; write .code and some below")
        code = tuple(self.resolved(place) for place in range(len(draft.code)))
        for instruction, self.number in zip(code, draft.lines, strict=True):
            self.check_texts(instruction)
        return Image(
            code=code,
            lines=tuple(draft.lines),
            data=tuple(draft.data),
            variables=draft.variables,
            routines=dict(self.routines()),
            entry=self.target(draft.entry) if draft.entry else 0,
            thread_exit=self.target(draft.thread_exit) if draft.thread_exit else -1,
            texts=tuple(draft.texts),
        )

    # The code part

    def statement(self, line: str) -> None:
        """Read a heading, a label or an instruction."""
        here = len(self.draft.code)
        heading = _FUNCTION.match(line)
        if heading:
            self.label(heading[1])
            self.draft.headings.append((here, heading))
            return
        word, rest = split(line)
        if word == ".entry":
            self.draft.entry = (self.number, rest.strip())
        elif word == ".thread_exit":
            self.draft.thread_exit = (self.number, rest.strip())
        elif word.startswith("."):
            raise self.refuse(f"'{word}' is not known here; use .function, .entry or .thread_exit")
        else:
            match = _LINE.match(line)
            assert match is not None, "every part of it may be empty"
            if match[1] or match[2]:
                self.label(match[1] or match[2])
            if match[3]:
                self.instruction(match[3])

    def label(self, name: str) -> None:
        if self.draft.labels.setdefault(name, len(self.draft.code)) != len(self.draft.code):
            raise self.refuse(f"the label '{name}' is used twice; choose another name")

    def instruction(self, text: str) -> None:
        mnemonic, rest = split(text)
        operands = [part.strip() for part in rest.split(",")] if rest.strip() else []
        op, target = mnemonic.upper(), ""
        if op in ("LOAD", "STORE"):
            made = self.memory_use(op, operands)
        elif op in OPERATORS:
            made = self.operation(op, operands)
        elif op in ("SYS", "LIB"):
            made = self.call(op, operands)
        elif op in INSTRUCTIONS and op.removesuffix("I") not in OPERATORS:
            made, target = self.plain(op, operands)
        else:
            known = [name for name in INSTRUCTIONS if name.removesuffix("I") not in OPERATORS]
            raise self.refuse(f"no instruction '{mnemonic}'; {nearest(op, [*known, *OPERATORS])}")
        self.draft.code.append((made, target))
        self.draft.lines.append(self.number)

    def operation(self, op: str, operands: list[str]) -> Instruction:
        """Read ``ADD r0, r1, 2``, or ``ADD r0, 2`` for ``ADD r0, r0, 2``."""
        if len(operands) == 2:
            operands = [operands[0], *operands]
        self.count(op, operands, 3)
        first, second = self.register(operands[0]), self.register(operands[1])
        if operands[2] in REGISTERS:
            return Instruction(op, first, second, REGISTERS[operands[2]])
        return Instruction(op + "I", first, second, self.immediate(operands[2]))

    def memory_use(self, op: str, operands: list[str]) -> Instruction:
        """Read the five ways to name a word of memory."""
        self.count(op, operands, 2)
        register, place = self.register(operands[0]), operands[1]
        if match := _FRAME.match(place):
            return Instruction(op + "F", register, self.whole_words(op, match[1]))
        if match := _POINTED.match(place):
            return Instruction(op + "X", register, self.register(match[1]))
        if match := _ELEMENT.match(place):
            index = self.register(match[2])
            if match[1] in REGISTERS:
                return Instruction(op + "P", register, REGISTERS[match[1]], index)
            return Instruction(op + "A", register, index, self.data_offset(match[1]))
        return Instruction(op, register, self.data_offset(place))

    def call(self, op: str, operands: list[str]) -> Instruction:
        """Read ``SYS print 0`` or ``LIB alloc 1``; either stands for any call."""
        if not operands:
            raise self.refuse(f"{op} needs a call; use one of {', '.join(NAMES)}")
        name, count = split(operands[0])
        if name not in NUMBERS:
            raise self.refuse(f"no system call '{name}'; {nearest(name, NAMES)}")
        number = self.number_in(count) if count else 0
        if not (SYSTEM_CALLS[name].texts or name == "print") and not 0 <= number <= MAX_VALUES:
            raise self.refuse(
                f"{op} {name} {number}: the number counts arguments; give 0 to {MAX_VALUES}"
            )
        return instruction_for(name, number)

    def check_texts(self, instruction: Instruction) -> None:
        """Refuse a call whose number names no line of texts, or one it cannot use."""
        if instruction.op != "SYS":
            return
        name, texts = NAMES[instruction.a], self.draft.texts
        call = SYSTEM_CALLS[name]
        if name != "print" and not call.texts:
            return
        if not 0 <= instruction.b < len(texts):
            raise self.refuse(
                f"{call.op} {name} {instruction.b} names line {instruction.b} of .print, and there "
                f"are {len(texts)}; add one to .data, they count from 0"
            )
        pattern = texts[instruction.b]
        given, values = len(pattern.texts), pattern.values
        if (call.texts and given != call.texts) or values > MAX_VALUES:
            wanted = plural(call.texts, "text") if call.texts else f"at most {MAX_VALUES} values"
            raise self.refuse(
                f"{call.op} {name} takes {wanted}, and line {instruction.b} of .print has "
                f"{plural(given, 'text')} and {plural(values, 'value')}; correct it"
            )

    def plain(self, op: str, operands: list[str]) -> tuple[Instruction, str]:
        """Read an instruction whose operands are written in the order of its form."""
        kinds, text = INSTRUCTIONS[op].operands, INSTRUCTIONS[op].text
        if op in INSTRUCTION_OF.values() and operands:
            # Their registers are always the same; they may be written or left out.
            if ", ".join(operands) != text.partition(" ")[2]:
                raise self.refuse(f"{op} always uses the same registers; write {text}")
            return Instruction(op), ""
        self.count(op, operands, len(kinds))
        values, target = [], ""
        for kind, text in zip(kinds, operands, strict=True):
            if kind in "wr":
                values.append(self.register(text))
            elif kind == "t":
                values.append(0)
                target = text
            elif kind == "d":
                values.append(self.data_offset(text))
            elif op in ("DROP", "ENTER"):
                values.append(self.whole_words(op, text))
            else:
                values.append(self.immediate(text))
        return Instruction(op, *values), target

    def whole_words(self, op: str, text: str) -> int:
        """Read a distance on the stack, where everything is a word."""
        number = self.immediate(text)
        if number % WORD:
            raise self.refuse(
                f"{op} by {number} bytes would split a word; give a multiple of {WORD}"
            )
        return number

    def count(self, op: str, operands: list[str], wanted: int) -> None:
        if len(operands) != wanted:
            form = INSTRUCTIONS[op]
            shown = [_EXAMPLES[kind] for kind in form.operands]
            text = form.text.format(**dict(zip("abc", shown, strict=False)))
            raise self.refuse(
                f"{op} takes {plural(wanted, 'operand')}, {len(operands)} given; write for example "
                f"{text}"
            )

    def register(self, text: str) -> int:
        if text not in REGISTERS:
            raise self.refuse(f"'{text}' is no register; use one of {', '.join(REGISTER_NAMES)}")
        return REGISTERS[text]

    def immediate(self, text: str) -> int:
        number = self.number_in(text)
        if not IMMEDIATE_MIN <= number <= IMMEDIATE_MAX:
            raise self.refuse(
                f"{number} does not fit into an instruction; build it with SHL and OR"
            )
        return number

    def data_offset(self, text: str) -> int:
        if match := _PLAIN.match(text):
            return self.immediate(match[1])
        name, *indexes = (part.rstrip("]") for part in text.split("["))
        variable = self.draft.variables.get(name)
        if variable is None:
            raise self.refuse(f"no global '{name}'; {nearest(name, self.draft.variables)}")
        numbers = [self.number_in(index) for index in indexes]
        if len(numbers) > 1 + bool(variable.columns):
            raise self.refuse(f"'{text}' has an index too many; {name} has no rows")
        if len(numbers) > 1 or (numbers and variable.columns):
            numbers[0] *= variable.columns
        return variable.offset + sum(numbers) * WORD

    # Putting it together

    def target(self, reference: tuple[int, str]) -> int:
        self.number, name = reference
        labels = self.draft.labels
        if name not in labels:
            raise self.refuse(f"no label '{name}'; {nearest(name, labels)}")
        return labels[name]

    def resolved(self, place: int) -> Instruction:
        instruction, label = self.draft.code[place]
        if not label:
            return instruction
        index = self.target((self.draft.lines[place], label))
        operands = list(instruction[1:])
        operands[INSTRUCTIONS[instruction.op].operands.index("t")] = index
        return Instruction(instruction.op, *operands)

    def routines(self) -> Iterator[tuple[str, Routine]]:
        headings = self.draft.headings
        ends = [start for start, _ in headings[1:]] + [len(self.draft.code)]
        for (start, heading), end in zip(headings, ends, strict=False):
            name, parameters, rest = heading.groups()
            words = rest.split()
            value = words[:1] == ["value"]
            slots, arrays = {}, {}
            for word in words[value:]:
                slot, _, offset = word.partition("=")
                slot, *sizes = (part.rstrip("]") for part in slot.replace("~", " ").split("["))
                slots[slot] = self.number_in(offset)
                if sizes:
                    rows, *columns = map(self.number_in, sizes)
                    arrays[slot] = _local_array(slot, slots[slot], rows, *columns)
            given = tuple(part.strip() for part in parameters.split(",") if part.strip())
            yield name, Routine(name, start, end, given, slots, value, arrays)


def _local_array(name: str, offset: int, rows: int, columns: int = 0, *_: int) -> Variable:
    return Variable(name, offset, rows * (columns or 1), True, INTEGER, columns)


_CODE = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|[^;])*""")


def _without_comment(line: str) -> str:
    """Return a line up to a semicolon that stands in no quotes."""
    match = _CODE.match(line)
    return match[0] if match else line
