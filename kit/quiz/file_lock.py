"""A lock between processes that ends with the process that holds it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_PAUSE = 0.002
_CANNOT = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}
"""What a file system says that has no locks, as some in the network have none."""

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock that a file stands for; it is made, and taken away afterwards.

    The lock is one of the operating system, not the file's being there: when a process
    ends, however it ends, its lock is free, and a file that it left behind locks nobody out.

    Parameters
    ----------
    path : Path
        Of the file that stands for the lock; nothing is written to it.
    patience : float
        Seconds for which another holder is waited for.

    Raises
    ------
    BlockingIOError
        If somebody else held the lock all the time.
    OSError
        If the file cannot be made.
    """
    file = _held(path, time.monotonic() + patience)
    try:
        yield
    finally:
        _let_go(path, file)


def _held(path: Path, deadline: float) -> IO[bytes]:
    """Return the open file, once its lock is ours and it is still the one of that name."""
    while True:
        file = path.open("ab")
        try:
            if _is_ours(file) and _has_name(file, path):
                return file
        except BaseException:
            file.close()
            raise
        file.close()
        if time.monotonic() >= deadline:
            raise BlockingIOError(errno.EAGAIN, "another program is writing to it", str(path))
        time.sleep(_PAUSE)


def _is_ours(file: IO[bytes]) -> bool:
    try:
        _take(file)
    except OSError as error:
        if error.errno in _CANNOT:
            return True
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _has_name(file: IO[bytes], path: Path) -> bool:
    """Tell whether a lock still counts: whoever held it before has taken its file away."""
    if sys.platform == "win32":
        return True  # an open file cannot be taken away there
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _let_go(path: Path, file: IO[bytes]) -> None:
    # Elsewhere it is taken away while it is locked, so that no other lock's file is hit.
    if sys.platform != "win32":
        path.unlink(missing_ok=True)
    with file, contextlib.suppress(OSError):
        _release(file)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):  # somebody else has opened it meanwhile
            path.unlink()
