"""What the command prints, on every terminal: what a stream cannot show is written otherwise."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click

from kit.files import check_writable, write_text

PLAIN = "kit-plain"
"""The name of the way in which characters are written that a stream cannot show."""
_ASCII = "kit_ascii"

_SIGNS = '✓ok ✗x →-> ←<- •* …... ·. –- —- −- ×x ≤<= ≥>= ≠!= “" ”" „" ‘\' ’\' «" »"'  # noqa: RUF001
_INSTEAD = {sign[0]: sign[1:] for sign in _SIGNS.split()}
"""What is written for signs that the command itself prints."""
_BRAILLE = range(0x2800, 0x2900)
"""The dots of a spinner."""


def prepare_streams() -> None:
    """Let standard output and standard error take every text.

    A stream in code page 1252, as Windows makes it for a pipe, would raise an error for
    ``✓``. What it cannot show is written in signs that it can, or as a question mark.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            with contextlib.suppress(ValueError, OSError):  # closed
                _prepare(stream)


to_a_file = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Write it to this file, as UTF-8, instead of printing it.",
)
"""The option of commands that print what is to become a file."""


def publish(make: Callable[[], str], output: Path | None) -> None:
    """Print a text, or write it to a file.

    Parameters
    ----------
    make : callable
        Makes the text; called when it is known that the file can be written.
    output : Path, optional
    """
    if output is None:
        click.echo(make(), nl=False)
    else:
        check_writable(output)
        write_text(output, make())
        click.echo(f"{output} is written.")


def read_names_as_utf8() -> None:
    """Start the command again, with names of files in UTF-8, where they are ASCII.

    Python without its UTF-8 mode in the locale C would take every other name apart, and what
    is started from here would put it together otherwise. What is printed stays ASCII.
    """
    if codecs.lookup(sys.getfilesystemencoding()).name == "ascii":
        printed = os.environ.get("PYTHONIOENCODING") or "ascii"
        as_utf8 = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": printed}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], as_utf8)


def _prepare(stream: TextIO) -> None:
    encoding = stream.encoding or "ascii"
    if codecs.lookup(encoding).name == "ascii":
        # click takes ASCII for a mistake, and would write UTF-8 to it.
        encoding = _ASCII
    stream.reconfigure(encoding=encoding, errors=PLAIN)  # type: ignore[attr-defined]


def _otherwise(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what is written for characters that cannot be; a handler of errors of codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = ""
    for character in error.object[error.start : error.end]:
        other = _plain(character)
        try:
            other.encode(error.encoding)
        except (UnicodeEncodeError, LookupError):
            other = "?"
        written += other
    return written, error.end


def _plain(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return "?"  # a byte of a file's name
    if character in _INSTEAD:
        return _INSTEAD[character]
    if ord(character) in _BRAILLE:
        return "*"
    apart = unicodedata.normalize("NFKD", character)
    return "".join(c for c in apart if not unicodedata.combining(c)) or "?"


def _lookup(name: str) -> codecs.CodecInfo | None:
    if name != _ASCII:
        return None
    ascii_codec = codecs.lookup("ascii")
    return codecs.CodecInfo(
        name=_ASCII,
        encode=ascii_codec.encode,
        decode=ascii_codec.decode,
        incrementalencoder=ascii_codec.incrementalencoder,
        incrementaldecoder=ascii_codec.incrementaldecoder,
        streamwriter=ascii_codec.streamwriter,
        streamreader=ascii_codec.streamreader,
    )


codecs.register_error(PLAIN, _otherwise)
codecs.register(_lookup)
