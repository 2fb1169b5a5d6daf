"""Pages that were captured: recognised and sent by what is in them, each worked out once."""

from __future__ import annotations

import hashlib
import marshal
from typing import Any

Words = tuple[int, ...]


class KnownPages:
    """The pages of states that one process knows, as digests and as bytes.

    States share the pages that a step has not changed, so most are known already.
    """

    MOST = 4096
    """Pages that are remembered, of each kind."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[Words, bytes]] = {}
        self._packed: dict[int, tuple[Words, bytes]] = {}
        self._unpacked: dict[bytes, tuple[bytes, Words]] = {}

    def of(self, words: Words) -> bytes:
        """Return the digest of a page."""
        known = self._digests.get(id(words))
        return known[1] if known else self._noted(self._digests, words, digest(words))

    def packed(self, words: Words) -> bytes:
        """Return a page as bytes; the same object for equal pages."""
        known = self._packed.get(id(words))
        if known:
            return known[1]
        return self._noted(self._packed, words, self._kept(marshal.dumps(words, 0), words)[0])

    def unpacked(self, packed: bytes) -> Words:
        """Return a page that was packed; the same object for equal pages."""
        known = self._unpacked.get(packed)
        return known[1] if known else self._kept(packed, marshal.loads(packed))[1]

    def _noted(
        self, noted: dict[int, tuple[Words, bytes]], words: Words, worked_out: bytes
    ) -> bytes:
        """Note what was worked out of a page, and return it."""
        if len(noted) >= self.MOST:
            noted.clear()
        # To keep the words is what makes the number stand for them.
        noted[id(words)] = words, worked_out
        return worked_out

    def _kept(self, packed: bytes, words: Words) -> tuple[bytes, Words]:
        """Return the bytes and the words of a page that is kept; these ones if it is new."""
        if len(self._unpacked) >= self.MOST:
            self._unpacked.clear()
        return self._unpacked.setdefault(packed, (packed, words))


def digest(content: Any) -> bytes:
    """Return what is equal for equal plain values, and hardly ever for others."""
    return hashlib.blake2b(marshal.dumps(content, 0), digest_size=16).digest()
