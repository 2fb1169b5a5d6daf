"""A program as a teacher writes it."""

from __future__ import annotations

import textwrap

from kit.errors import explained, require
from kit.lang.assembly import read_assembly
from kit.lang.compiler import compile_program
from kit.lang.disassembly import write_assembly
from kit.lang.image import Image
from kit.lang.parameters import with_parameters

MAX_NAME = 80

_READERS = {"python": compile_program, "assembly": read_assembly}


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME and name.isprintable()


@explained
class Program:
    """A program of the lesson language, compiled.

    Parameters
    ----------
    name : str
        Any text; shown as it is.
    text : str
        The program. Indentation common to all lines is removed.
    language : str
        "python" for the lesson language, "assembly" for `from_assembly`.
    **parameters : int
        What globals begin with, in place of the numbers in the text: with ``N = 2`` there,
        ``N=3`` makes the same program for three. `text` is then that of this program.

    Attributes
    ----------
    image : Image
        What stands in the program's file on the simulated disk.

    Raises
    ------
    LanguageError
        With file, line, column, what was found and what to write instead.
    ArgumentError
        If a parameter is no global that the text gives a number.

    Examples
    --------
    >>> Program("hello", '''
    ... def main():
    ...     print("hello")
    ... ''')
    <Program 'hello': 7 instructions, 0 bytes of data, 0 of bss>
    """

    def __init__(
        self, name: str, text: str, *, language: str = "python", **parameters: int
    ) -> None:
        require(
            _is_name(name),
            f"Program: the name is {name!r}; give one line of 1 to {MAX_NAME} characters",
        )
        require(
            isinstance(text, str),
            f"Program: the text is {type(text).__name__}; give the program as a string",
        )
        require(
            language in _READERS,
            f"Program: the language is {language!r}; give 'python' or 'assembly'",
        )
        require(
            not parameters or language == "python",
            "Program: assembly has no parameters; change the number after the name in .data",
        )
        self.name = name
        self.text = textwrap.dedent(text)
        if parameters:
            self.text = with_parameters(self.text, parameters)
        self.language = language
        self.image: Image = _READERS[language](name, self.text)
        # An exploration looks its programs up millions of times.
        self._identity = name, self.text, language

    @classmethod
    def from_assembly(cls, name: str, text: str) -> Program:
        """Make a program from assembly; see `kit.lang.assembly` for how it is written.

        Raises
        ------
        LanguageError
            With file, line, column, what was found and what to write instead.
        """
        return cls(name, text, language="assembly")

    def disassemble(self) -> str:
        """Return the program as assembly: its data and its instructions, one a line.

        `from_assembly` makes an equal program of it; only the map to the source is
        then one to the lines of the assembly.
        """
        return write_assembly(self.image)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Program):
            return NotImplemented
        return self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    def __repr__(self) -> str:
        return (
            f"<Program {self.name!r}: {len(self.image.code)} instructions, "
            f"{self.image.bss_offset} bytes of data, {self.image.bss_bytes} of bss>"
        )
