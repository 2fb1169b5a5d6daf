"""Texts of others without characters that control what shows them, or that XML cannot hold."""

from __future__ import annotations


def visible(text: str) -> str:
    """Return a text with a space for each character that is not seen, such as an end of line."""
    return "".join(c if c.isprintable() else " " for c in text)


def printable(text: str) -> str:
    """Return a text without characters that are not seen; its lines and tabs stay."""
    return "".join(c for c in text if c.isprintable() or c in "\t\r\n")
