"""KnownPages that were captured: recognised and sent by what is in them, each worked out once."""

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
    """KnownPages that are remembered."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[Words, bytes]] = {}
        self._packed: dict[int, tuple[Words, bytes]] = {}
        self._unpacked: dict[bytes, tuple[bytes, Words]] = {}

    def of(self, words: Words) -> bytes:
        """Return the digest of a page."""
        known = self._digests.get(id(words))
        if known is None:
            if len(self._digests) >= self.MOST:
                self._digests.clear()
            # To keep the words is what makes the number stand for them.
            known = self._digests[id(words)] = words, digest(words)
        return known[1]

    def packed(self, words: Words) -> bytes:
        """Return a page as bytes; the same object for equal pages."""
        known = self._packed.get(id(words))
        if known is None:
            if len(self._packed) >= self.MOST:
                self._packed.clear()
            known = self._packed[id(words)] = words, self._kept(marshal.dumps(words, 0), words)[0]
        return known[1]

    def unpacked(self, packed: bytes) -> Words:
        """Return a page that was packed; the same object for equal pages."""
        known = self._unpacked.get(packed)
        return known[1] if known else self._kept(packed, marshal.loads(packed))[1]

    def _kept(self, packed: bytes, words: Words) -> tuple[bytes, Words]:
        """Return the bytes and the words of a page that is kept; these ones if it is new."""
        if len(self._unpacked) >= self.MOST:
            self._unpacked.clear()
        return self._unpacked.setdefault(packed, (packed, words))


def digest(content: Any) -> bytes:
    """Return what is equal for equal plain values, and hardly ever for others."""
    return hashlib.blake2b(marshal.dumps(content, 0), digest_size=16).digest()
