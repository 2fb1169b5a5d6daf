"""A small function in C that a translation may need."""

from __future__ import annotations

from typing import NamedTuple


class Helper(NamedTuple):
    """A piece of C.

    Attributes
    ----------
    text : str
    needs : tuple of str
        Other helpers that it uses.
    headers : tuple of str
    """

    text: str
    needs: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
