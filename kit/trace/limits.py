"""What a file of a trace can hold: how much, and how its parts have to fit together.

A file may be damaged, or be made to do harm: a few bytes can unpack to gigabytes, and numbers in
it say how long lists are. Everything is refused before it takes time or memory.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator

from kit.errors import KitError
from kit.sim.recording import REGISTERS, Events
from kit.sim.setup import MOST_CORES, MOST_FRAMES
from kit.trace.record import Record, Settings, ThreadRecord

MOST_BYTES = 256 << 20
"""Longest content, unpacked: some six million instructions."""

MOST_VALUES = 40_000_000
"""Most values in a content, by the commas between them."""

MOST_TICKS = 1 << 60

_PIECE, _SLICE = 1 << 20, 1 << 14
"""Bytes that are unpacked at once, and of what is packed."""


class Implausible(KitError):  # noqa: N818 - an adjective says it best
    """No machine can have made this content."""


def is_too_long(content: bytes) -> bool:
    """Tell whether a content is longer than one that is read again."""
    return len(content) > MOST_BYTES or content.count(b",") > MOST_VALUES


def unpacked(body: bytes) -> bytes:
    """Return compressed bytes as they were, looking first how much that is.

    Raises
    ------
    Implausible
        If it is more than a trace can have, or they are not whole.
    """
    size = values = 0
    for piece in _pieces(body):
        size += len(piece)
        values += piece.count(b",")
        if size > MOST_BYTES or values > MOST_VALUES:
            raise Implausible(f"it unpacks to more than {MOST_BYTES >> 20} MiB")
    return b"".join(_pieces(body))


def _pieces(body: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for start in range(0, len(body), _SLICE):
        left = body[start : start + _SLICE]
        while left and not unpacker.eof:
            try:
                yield unpacker.decompress(left, _PIECE)
            except zlib.error:
                raise Implausible("it cannot be unpacked") from None
            left = unpacker.unconsumed_tail
        if unpacker.eof and (unpacker.unused_data or start + _SLICE < len(body)):
            raise Implausible("there is something after its end")
    yield unpacker.flush()
    if not unpacker.eof:
        raise Implausible("its end is missing")


def check(record: Record) -> None:
    """Refuse a record that no machine can have written.

    Raises
    ------
    Implausible
    """
    settings, end = record.settings, record.end
    _check(_whole(end, 0, MOST_TICKS), "its last tick")
    _check_settings(settings)
    _check_events(record.events, end, settings.cores)
    for (pid, tid), thread in record.threads.items():
        _check(_whole(pid, 1) and _whole(tid, 1), "the number of a thread")
        _check_thread(thread)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise Implausible(f"{what} cannot be so")


def _whole(value: object, least: int, most: int = MOST_TICKS) -> bool:
    return type(value) is int and least <= value <= most


def _rises(numbers: array[int], most: int) -> bool:
    """Tell whether numbers from 0 to `most` never go down."""
    if not numbers:
        return True
    rises = all(map(int.__le__, numbers, numbers[1:]))
    return rises and numbers[0] >= 0 and numbers[-1] <= most


def _check_settings(settings: Settings) -> None:
    size = settings.page_size
    _check(_whole(settings.cores, 1, MOST_CORES), "the number of cores")
    _check(_whole(size, 64, 1 << 16) and size & (size - 1) == 0, "the size of a page")
    _check(_whole(settings.ram, size, MOST_FRAMES * size), "the size of RAM")
    _check(_whole(settings.reserved_frames, 0, MOST_FRAMES), "what the system keeps of RAM")
    _check(_whole(settings.swap, 0, MOST_FRAMES * size), "the size of the swap area")
    _check(_whole(settings.tlb, 0) and _whole(settings.seed, 0, 1 << 4096), "a setting")
    _check(_whole(settings.address_space, 0, MOST_FRAMES * size), "the size of address spaces")
    _check(isinstance(settings.scheduler, str), "the name of the policy")
    _check(settings.quantum is None or _whole(settings.quantum, 1), "the quantum")
    flags = settings.contiguous, settings.demand, settings.asid, settings.timer
    _check(all(isinstance(flag, bool) for flag in flags), "a setting")


def _check_events(events: Events, end: int, cores: int) -> None:
    turns = len(events.turn_ticks)
    _check(len(events.turn_codes) == turns and _rises(events.turn_ticks, end), "the turns")
    for code in events.turn_codes:
        _check(0 <= code >> 8 < len(events.keys) and code >> 1 & 127 < cores, "a turn")
    _check(all(_is_key(key) for key in events.keys), "the number of a thread")
    places = events.places
    _check(len(places) == len(events.others) and _rises(places, turns), "the order of the events")
    for event in events.others:
        _check(_whole(event.tick, 0, end), "the tick of an event")
        _check(_whole(event.pid, 0) and _whole(event.tid, 0), "the number of a thread")
    ticks = array("q", (event.tick for event in events.others))
    _check(_rises(ticks, end), "the order of the events")
    for core, times in events.overheads.items():
        _check(_whole(core, 0, cores - 1) and len(times) % 2 == 0, "when a core worked")


def _is_key(key: object) -> bool:
    return isinstance(key, tuple) and len(key) == 2 and all(_whole(part, 1) for part in key)


def _check_thread(thread: ThreadRecord) -> None:
    _check(_whole(thread.entry, 0), "where a thread begins")
    _check(len(thread.targets) == len(thread.values), "what a thread did")
    _check(len(thread.bursts) % 3 == 0, "when a thread ran")
    for checkpoint in thread.checkpoints:
        _check(_is_checkpoint(checkpoint), "the registers of a thread")


def _is_checkpoint(checkpoint: object) -> bool:
    if not (isinstance(checkpoint, tuple) and len(checkpoint) == 3):
        return False
    tick, index, registers = checkpoint
    whole = _whole(tick, 0) and _whole(index, 0)
    return whole and isinstance(registers, tuple) and len(registers) == REGISTERS
