"""Numbers as bytes, as the browser reads them: little endian, 4 bytes each."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable


def real_numbers(values: Iterable[float]) -> bytes:
    """Return numbers as 32-bit floating point."""
    return _little_endian(array("f", values))


def whole_numbers(values: Iterable[int]) -> bytes:
    """Return numbers that are not negative as 32-bit integers."""
    return _little_endian(array("I", values))


def _little_endian(values: array[float] | array[int]) -> bytes:
    assert values.itemsize == 4, "so it is wherever CPython runs"
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
