"""A cell of a notebook whose text is a program."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from kit import KitError, Program
from kit.magics import program_of

COUNTER = "N = 2\ncount = 0\ndef main():\n    print(count + N)\n"
REFUSED = {
    "%%program\nx = 1": "the name is ''; write %%program counter",
    "%%program two words\nx = 1": "the name is 'two words'",
    "%%program 2nd\nx = 1": "'2nd' is no name that Python could give",
    "%%program class\nx = 1": "'class' is no name",
    "%%program a;b\nx = 1": "'a;b' is no name",
    '%%program "a\nx = 1': "'\"a' is no name",
    "%%program <b>a</b>\nx = 1": "is no name",
    "%%program {1+1}\nx = 1": "'{1+1}' is no name",
    f"%%program {'a' * 81}\nx = 1": "1 to 80 characters",
    "%%program a N=three\nN = 1": "N is 'three'; give a whole number, as in N=3",
    "%%program a M=3\nN = 1": "use one of N",
    "%%program a language=C\nN = 1": "the language is 'C'; give 'python' or 'assembly'",
    "%%program a\ndef main():\n    f = lambda: 1": "a.py:3:9: 'lambda' is not in the",
    "\n\n%%program a\ndef main():\n    x = = 1": "a.py:5:9: Python cannot read this",
}


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    """An IPython that has loaded the kit."""
    shell = InteractiveShell.instance(colors="nocolor")
    shell.run_cell("%load_ext kit").raise_error()
    yield shell
    InteractiveShell.clear_instance()


def test_a_cell_becomes_a_program(shell):
    """The name is bound to the program, whose lines are those of the cell."""
    shell.run_cell(f"%%program counter\n{COUNTER}").raise_error()
    assert shell.user_ns["counter"] == Program("counter", f"\n{COUNTER}")
    shell.run_cell(f"%%program  more  N = 0x10, count=-3\n{COUNTER}").raise_error()
    assert "N = 16\ncount = -3\n" in shell.user_ns["more"].text


def test_assembly_is_taken(shell):
    """What a program disassembles to is a cell, too."""
    text = Program("counter", COUNTER).disassemble()
    shell.run_cell(f"%%program same language=assembly\n{text}").raise_error()
    assert shell.user_ns["same"].image.code == Program("counter", COUNTER).image.code


def test_a_text_may_have_any_quotes(shell):
    """Quotes, backslashes, percent signs and braces of a program stay as they are."""
    said = "it's {x} %s \\\\ \\\"\\\"\\\" '''"
    text = f'def main():\n    print("{said}")\n    print(7 % 4)\n'
    shell.run_cell(f"%%program odd\n{text}").raise_error()
    assert shell.user_ns["odd"].text == f"\n{text}"


@pytest.mark.parametrize("cell", REFUSED)
def test_an_error_names_the_line_of_the_cell(shell, capsys, monkeypatch, cell):
    """A slip is one sentence and the line that it is about, and binds nothing."""
    asked = {"content": {"code": cell}}
    monkeypatch.setattr(shell, "get_parent", lambda: asked, raising=False)
    before = set(shell.user_ns)
    result = shell.run_cell(cell)
    assert isinstance(result.error_in_exec, KitError)
    shown = capsys.readouterr().out
    assert REFUSED[cell] in shown
    assert "Traceback" not in shown
    assert "run_cell_magic" not in shown
    assert not {name for name in set(shell.user_ns) - before if name[0] != "_"}


def test_the_line_itself_is_shown(shell, capsys):
    """Below the sentence stands the line, as the cell has it."""
    shell.run_cell("%%program a\nx = 1\ndef main():\n    x += f\n")
    assert capsys.readouterr().out.rstrip().endswith("  line 4: x += f")


@given(st.text(), st.text())
def test_no_text_leads_to_another_error(line, text):
    """Whatever stands in a cell, it is a program or an error of the kit."""
    try:
        name, program = program_of(line, text)
    except KitError:
        return
    assert name.isidentifier()
    assert isinstance(program, Program)


@pytest.mark.notebook
def test_import_brings_the_magic_only_where_cells_run():
    """`import kit` in IPython is enough; elsewhere it does not load IPython."""
    alone = "import sys, kit; assert 'IPython' not in sys.modules"
    inside = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('import kit').raise_error()\n"
        "shell.run_cell('%%program one\\ndef main(): pass').raise_error()\n"
        "assert shell.user_ns['one'].name == 'one'"
    )
    for code in (alone, inside):
        subprocess.run([sys.executable, "-c", code], check=True, timeout=100)
