"""Arrays on a stack that nobody but their own thread can reach."""

from __future__ import annotations

from itertools import pairwise

from kit.lang.image import Image
from kit.lang.instructions import FP

ADDRESS = 7
"""The register in which the compiler makes the address of an array on the stack."""

_JUMPS = frozenset({"JMP", "CALL", "JZ", "JNZ"})


def local_arrays(image: Image) -> dict[int, int]:
    """Return the accesses to arrays on the stack whose address goes nowhere else.

    Parameters
    ----------
    image : Image

    Returns
    -------
    dict of int to int
        Index of an access that follows the instruction which makes the address of the array, for
        this access alone -> how many bytes after the frame pointer the array begins.
    """
    targets = {i.a if i.op in ("JMP", "CALL") else i.b for i in image.code if i.op in _JUMPS}
    return {
        index + 1: made.c
        for index, (made, use) in enumerate(pairwise(image.code))
        if made[:3] == ("ADDI", ADDRESS, FP)
        and use.op in ("LOADP", "STOREP")
        and use.b == ADDRESS
        and ADDRESS not in (use.a, use.c)
        and index + 1 not in targets
    }
