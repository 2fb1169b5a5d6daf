"""Recordings of other programs, read as real runs: Perfetto, Chrome, Linux."""

from kit.host.reading.files import read_trace

__all__ = ["read_trace"]
