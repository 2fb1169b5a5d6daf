"""The page on the language is what the compiler and the machine do."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit import LanguageError, Program
from kit.authoring.language import EXAMPLE, language_page
from kit.cli import commands
from kit.lang.instructions import INSTRUCTIONS
from kit.lang.objects import OBJECTS
from kit.lang.statements import STATEMENTS
from kit.lang.system_calls import CALLABLE, FILE_MODES, MEMORY_CALLS
from kit.sim.faults import SIGNALS

PAGE = Path(__file__).parents[3] / "lessons" / "language.md"
AROUND = """
count = 0
log = [0] * 8
lock = Lock()
def f(x):
    return x
def main():
    global count
    x = 0
    y = t = p = n = a = d = x
    while x:
        {line}
"""


def test_the_page_is_up_to_date():
    """The file beside the lessons is what the tables say now."""
    assert PAGE.read_text(encoding="utf-8") == language_page(), (
        "run: kit language > lessons/language.md"
    )


def test_the_command_prints_it():
    """`kit language` prints the page and nothing else."""
    assert CliRunner().invoke(commands, ["language"]).output == language_page()


@pytest.mark.parametrize("name", CALLABLE)
def test_calls_can_be_written_as_the_page_says(name: str):
    """Each form compiles, and calls what its line is about."""
    form = CALLABLE[name].form
    assert form.startswith(f"{name}(")
    image = Program("a", AROUND.format(line=form)).image
    calls = [image.describe(place) for place in range(len(image.code))]
    if name not in MEMORY_CALLS:
        op = CALLABLE[name].op
        begins = f"{op} {name}" if op in ("SYS", "LIB") else op
        assert any(call.startswith(begins) for call in calls)
    result = AROUND.format(line=f"y = {form}")
    if CALLABLE[name].returns:
        Program("a", result)
    else:
        with pytest.raises(LanguageError, match="has no result"):
            Program("a", result)


@pytest.mark.parametrize("form", [form.text for form in STATEMENTS.values()])
def test_statements_can_be_written_as_the_page_says(form: str):
    """Each form compiles inside a loop of a function."""
    line = form.replace("…", "pass")
    if line.startswith("global"):
        Program("a", f"count = 0\ndef main():\n    {line}\n    count = 1\n")
        return
    body = f"    while x:\n        {line}\n    return 0\n"
    Program("a", f"log = [0] * 8\nlock = Lock()\ndef g(x, y):\n{body}def main(): g(1, 2)\n")


def test_nothing_is_left_out():
    """Every call, object, mode, fault and instruction stands in the page."""
    page = language_page()
    for name in [*CALLABLE, *OBJECTS]:
        assert re.search(rf"`[^`]*\b{name}\(", page), name
    for mode in FILE_MODES:
        assert f"| `{mode}` |" in page
    for fault in SIGNALS:
        assert f"| {fault} |" in page
    for name, form in INSTRUCTIONS.items():
        assert f"`{form.text.split()[0]}" in page, name


def test_the_example_runs():
    """What the page shows first is a program."""
    assert Program("counter", EXAMPLE).disassemble() in language_page()
