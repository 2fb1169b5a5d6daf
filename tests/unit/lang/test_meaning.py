"""Corners of the language's meaning, and what an image promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Machine, Program
from kit.lang.instructions import (
    COUNTS,
    IMMEDIATE_MAX,
    IMMEDIATE_MIN,
    INSTRUCTIONS,
    INTEGER_MAX,
    INTEGER_MIN,
    MEMORY_READERS,
    MEMORY_WRITERS,
    Instruction,
    encode,
)
from tests.examples import examples
from tests.sequential import sequential_programs


def printed(body: str, before: str = "") -> str:
    """Run statements in main and return the numbers they print, in one line."""
    lines = "\n".join("    " + line for line in body.splitlines())
    machine = Machine()
    machine.launch(Program("p", f"{before}\ndef main():\n{lines}\n"))
    return " ".join(machine.run().output(2).split())


RANGES = {
    "for i in range(3): print(i)": "0 1 2",
    "for i in range(2, 5): print(i)": "2 3 4",
    "for i in range(5, 0, -2): print(i)": "5 3 1",
    "for i in range(0, 5, 2): print(i)": "0 2 4",
    "for i in range(-1, -4, -1): print(i)": "-1 -2 -3",
    "i = 9\nfor i in range(0): print(i)\nprint(i)": "9",
    "i = 9\nfor i in range(5, 5, -1): print(i)\nprint(i)": "9",
    "i = 9\nfor i in range(2): pass\nprint(i)": "1",
    "for i in range(3):\n    print(i)\n    i = 7": "0 1 2",
    "for i in range(3):\n    i += 10\n    print(i)": "10 11 12",
    "n = 3\nfor i in range(n):\n    n = 0\n    print(i)": "0 1 2",
    "n = 3\nfor i in range(n, n + 2):\n    n += 5\n    print(i, n)": "3 8 4 13",
    "for i in range(2):\n    for i in range(3): pass\n    print(i)": "2 2",
    "for i in range(6):\n    if i == 1: continue\n    if i == 4: break\n    print(i)": "0 2 3",
    "for i in range(9223372036854775805, 9223372036854775807): print(i)": (
        "9223372036854775805 9223372036854775806"
    ),
    "for i in range(-9223372036854775807, -9223372036854775808, -1): print(i)": (
        "-9223372036854775807"
    ),
}


@pytest.mark.parametrize("text", RANGES)
def test_range_counts_as_in_python(text: str):
    """Limits are computed once, and the count is not what the variable holds."""
    assert printed(text) == RANGES[text]
    lines: list[str] = []
    exec(text, {"print": lambda *values: lines.extend(map(str, values))})  # noqa: S102
    assert " ".join(lines) == RANGES[text]


PRINTED = {
    'print(f"count {x}")': "count 7\n",
    'print(f"{x}{y}", x)': "7-12 7\n",
    'print("a", "b", x, sep="-", end="!")': "a-b-7!",
    'print(x, end="")\nprint(y)': "7-12\n",
    'print(f"{x:5}|{x:<5}|{x:05d}|{y:x}|{x:b}")': "    7|7    |00007|-c|111\n",
    'print(f"{y:+}|{1234567:,}|{x:*^9}")': "-12|1,234,567|****7****\n",
    'print("a", x, "b", x, "c", x, "d", x)': "a 7 b 7 c 7 d 7\n",
    'print(f"{x=}", f"{{}}", f"{x!r}")': "x=7 {} 7\n",
    'print(f"two" " parts", f"")': "two parts \n",
    'print(sep=",")': "\n",
    'print(end="")': "",
    'print("", end="\\n\\n")': "\n\n",
    "print(min(x, y), max(x, y, 9), abs(y), min(log), max(log), sum(log, 100))": (
        "-12 9 12 1 5 109\n"
    ),
    "for v in log:\n    log[2] = 8\n    print(v, end=' ')": "3 1 8 ",
    "a = [[1, 2] for _ in range(12)]\nfor row in a:\n    print(row[0], row[1], end=',')": (
        "1 2," * 12
    ),
    "for i in range(x, 0, y // 4):\n    print(i, end=',')": "7,4,1,",
    "for i in range(0, x, -y // 4):\n    y = 5\n    print(i, end=',')": "0,3,6,",
}


@pytest.mark.parametrize("text", PRINTED)
def test_prints_what_python_prints(text: str, capsys: pytest.CaptureFixture[str]):
    """f-strings, `sep`, `end`, Python's own functions and loops over arrays: all as in CPython."""
    body = f"x = 7\ny = -12\n{text}"
    lines = "\n".join("    " + line for line in body.splitlines())
    machine = Machine()
    machine.launch(Program("p", f"log = [3, 1, 5]\ndef main():\n{lines}\n"))
    assert machine.run().output(2) == PRINTED[text]
    exec(f"log = [3, 1, 5]\n{body}")  # noqa: S102
    assert capsys.readouterr().out == PRINTED[text]


def test_arguments_are_computed_in_the_order_of_the_text():
    """Names put them where they belong, also for a thread; defaults fill in what is left."""
    before = "def say(x):\n    print(x)\n    return x\ndef f(a, b=20, c=30):\n    print(a, b, c)\n"
    calls = (
        "f(c=say(3), a=say(1))\nf(say(4), c=say(5))\njoin(spawn(f, c=say(6), b=say(7), a=say(8)))"
    )
    assert printed(calls, before) == "3 1 1 20 3 4 5 4 20 5 6 7 8 8 7 6"


def test_a_step_of_zero_ends_the_process_as_a_failed_assert():
    """Python raises ValueError; here the message names the step as it is written."""
    machine = Machine()
    machine.launch(Program("p", "def main():\n    n = 0\n    for i in range(3, 9, n * 2): pass\n"))
    trace = machine.run()
    (fault,) = trace.happened("fault")
    assert fault.fault == "failed assert"
    assert "the step of range, n * 2, is not 0" in fault.message


def test_a_function_of_the_program_comes_before_pythons():
    """A program may have a `max` of its own, as in Python, and variables of such a name."""
    before = "def max(a, b):\n    return a * 100 + b\nsum = 3\n"
    assert printed("abs = 4\nprint(max(1, 2), sum, abs)", before) == "102 3 4"


def test_a_global_loop_variable_keeps_its_own_count():
    """A function called in the loop may change the variable, not the number of rounds."""
    before = "g = 0\ndef change():\n    global g\n    g = 50\n"
    body = "global g\nfor g in range(3):\n    print(g)\n    change()\nprint(g)"
    assert printed(body, before) == "0 1 2 50"


WRAPPED = {
    "print(9223372036854775807 + 1)": INTEGER_MIN,
    "print(-9223372036854775808 - 1)": INTEGER_MAX,
    "print(9223372036854775807 * 2)": -2,
    "x = -9223372036854775808\nprint(-x)": INTEGER_MIN,
    "x = -9223372036854775808\nprint(x // -1)": INTEGER_MIN,
    "print(1 << 63)": INTEGER_MIN,
    "print(1 << 64)": 0,
    "print(3 << 63)": INTEGER_MIN,
    "print(-1 >> 100)": -1,
    "print(3 ** 41)": 3**41 - (1 << 64) * round(3**41 / (1 << 64)),
    "print((-2) ** 63)": INTEGER_MIN,
    "print(~9223372036854775807)": INTEGER_MIN,
    "print(8796093022208 - 1)": (1 << 43) - 1,
    "print(9007199254740993)": 9007199254740993,
    "print(-9007199254740993)": -9007199254740993,
    "print(1311768467463790320)": 1311768467463790320,
    "print(7 + 1311768467463790320)": 1311768467463790327,
    "print(-7 // 2, -7 % 2, 7 // -2, 7 % -2)": "-4 1 -4 -1",
}


@pytest.mark.parametrize("text", WRAPPED)
def test_integers_have_64_bits(text: str):
    """What does not fit comes out at the other end, as in hardware."""
    assert printed(text) == str(WRAPPED[text])


def test_wide_expressions_use_the_stack():
    """More values than registers are all kept."""
    before = "def f(a, b, c, d, e):\n    return a * 16 + b * 8 + c * 4 + d * 2 + e\n"
    deep = "1 - (2 - (3 - (4 - (5 - (6 - (7 - (8 - (9 - f(1, 0, 1, 0, 1 < 2 < 3)))))))))"
    expected = 1 - (2 - (3 - (4 - (5 - (6 - (7 - (8 - (9 - 21))))))))
    assert printed(f"print({deep}, {deep}, f(1, 1, 1, 1, f(0, 0, 0, 0, 1)))", before) == (
        f"{expected} {expected} 31"
    )


@st.composite
def instructions(draw: st.DrawFn) -> Instruction:
    """Any instruction with operands in their ranges."""
    op = draw(st.sampled_from(list(INSTRUCTIONS)))
    operands = INSTRUCTIONS[op].operands
    numbers = sum(kind not in "wr" for kind in operands)
    values = []
    for place, kind in enumerate(operands):
        if kind in "wr":
            values.append(draw(st.integers(0, 9)))
        elif numbers == 2 and place == len(operands) - 1:
            values.append(draw(st.integers(0, COUNTS - 1)))
        elif numbers == 2:
            values.append(draw(st.integers(0, 1 << 20)))
        else:
            values.append(draw(st.integers(IMMEDIATE_MIN, IMMEDIATE_MAX)))
    return Instruction(op, *values)


@given(instructions(), instructions())
def test_different_instructions_have_different_words(first: Instruction, second: Instruction):
    """The code in memory tells instructions and operands apart, in 64 bits."""
    assert (encode(first) == encode(second)) == (first == second)
    assert INTEGER_MIN <= encode(first) <= INTEGER_MAX


@given(instructions(), st.data())
def test_changing_one_operand_changes_the_word(instruction: Instruction, data: st.DataObject):
    """No operand gets lost or shines through into another one."""
    operands = INSTRUCTIONS[instruction.op].operands
    if not operands:
        return
    place = data.draw(st.integers(1, len(operands)))
    changed = instruction._replace(**{"abc"[place - 1]: instruction[place] ^ 1})
    assert encode(changed) != encode(instruction)


@examples(7)
@given(sequential_programs())
def test_every_instruction_belongs_to_a_line_of_its_function(text: str):
    """The map to the source covers each function, from its 'def' to its last line."""
    image = Program("p", text).image
    lines = text.splitlines()
    starts = {
        line.split()[1].split("(")[0]: number
        for number, line in enumerate(lines, 1)
        if line.startswith("def ")
    }
    order = sorted(starts.values())
    for name, routine in image.routines.items():
        first = starts[name]
        last = next((start for start in order if start > first), len(lines) + 1) - 1
        assert routine.start < routine.end
        assert all(image.routine_at(i) is routine for i in range(routine.start, routine.end))
        assert all(first <= line <= last for line in image.lines[routine.start : routine.end])
    assert len(image.lines) == len(image.code) == len(image.words)
    assert len(set(image.words)) == len(set(image.code))


@examples(7)
@given(sequential_programs())
def test_jumps_stay_in_the_code(text: str):
    """Every target is an instruction, and the text of every instruction can be written."""
    image = Program("p", text).image
    for index, instruction in enumerate(image.code):
        place = INSTRUCTIONS[instruction.op].operands.find("t")
        if place >= 0:
            assert 0 <= instruction[1 + place] < len(image.code)
        assert image.describe(index)


def test_every_instruction_has_a_form_and_a_meaning():
    """The table is complete enough for the language page."""
    assert INSTRUCTIONS.keys() >= MEMORY_READERS | MEMORY_WRITERS
    for form in INSTRUCTIONS.values():
        assert form.meaning
        assert set(form.operands) <= set("wridotsn")
