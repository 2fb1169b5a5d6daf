"""What is known of one call."""

from __future__ import annotations

from typing import NamedTuple


class SystemCall(NamedTuple):
    """One call: into the system, of the library, or an instruction that is written like one.

    Attributes
    ----------
    least, most : int
        How many arguments it takes, texts included.
    returns : bool
        Whether its result may be used in an expression.
    meaning : str
        One line for the language page.
    texts : int
        How many of the first arguments are texts, not numbers. The instruction of a
        call with texts carries the number of a pattern in `Image.texts`, that of
        another call how many arguments it has.
    owner : str
        Kind of object whose method it is, as in ``lock.acquire()``: the compiler passes
        the object's address in r0. "" for a function that programs call, "compiler"
        for what only the compiler writes.
    form : str
        How a program writes it.
    other : tuple of (str, str)
        Another form, and what it means, of a call that takes `least` or `most` arguments, and
        no number between; empty for the rest.
    own : bool
        Whether it concerns nobody but the thread that calls.
    op : str
        The instruction that it is: "SYS" for a system call, "LIB" for a library call.
    asks : str
        What a library call makes a system call for; "" if it never does.
    """

    least: int
    most: int
    returns: bool
    meaning: str
    texts: int = 0
    owner: str = ""
    form: str = ""
    other: tuple[str, str] = ("", "")
    own: bool = False
    op: str = "SYS"
    asks: str = ""

    def takes(self, count: int) -> bool:
        """Tell whether it can be called with so many arguments."""
        if self.other[0]:
            return count in (self.least, self.most)
        return self.least <= count <= self.most

    @property
    def kind(self) -> str:
        """What it is: "system call", "library call" or "instruction"."""
        return {"SYS": "system call", "LIB": "library call"}.get(self.op, "instruction")
