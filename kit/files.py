"""Reading and writing the files of users: whatever is wrong with one is told in a sentence.

Texts are UTF-8, with or without a byte order mark, or UTF-16 or UTF-32 with one, as the editors
of Windows write them. What is written is UTF-8, and replaces a file as a whole, so that a full disk
leaves the old one as it was.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import json
import os
import shutil
import stat
from pathlib import Path

from kit.errors import KitError

LARGEST = 200_000_000
"""Bytes of the largest file that is read."""

_MARKS = (
    # That of UTF-32 begins as that of UTF-16 does.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_FOLDER = "this is a folder, not a file"
_NO_NAME = "no file can have this name"
_REMEDIES = {
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.ENOENT: "check its name",
    errno.ENOTDIR: "check its name",
    errno.ENAMETOOLONG: "give it a shorter name",
    errno.EISDIR: "name a file in it",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EFBIG: "make room on the disk",
    errno.EROFS: "name another place",
}
_NO_FILES = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


class FileError(KitError):
    """A file cannot be read or written.

    Attributes
    ----------
    path : Path
    found, remedy : str
        What is wrong, and what to do.
    """

    def __init__(self, path: str | os.PathLike[str], found: str, remedy: str) -> None:
        super().__init__(f"{os.fspath(path)}: {found}; {remedy}")
        self.path, self.found, self.remedy = Path(path), found, remedy


def decoded(raw: bytes) -> str:
    """Return the text that some bytes are, without its byte order mark.

    Raises
    ------
    UnicodeDecodeError
        If it is in another encoding than those that are known here.
    """
    return raw.decode(next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8"))


def has_mark(raw: bytes) -> bool:
    """Tell whether some bytes begin with a byte order mark."""
    return raw.startswith(tuple(mark for mark, _ in _MARKS))


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Return what a file of a user holds.

    Parameters
    ----------
    path : Path
    largest : int
        How many bytes it may have.

    Raises
    ------
    FileError
        If there is none, it is no file but a folder, a pipe or a device, it is too large, or it
        may not be read.
    """
    try:
        # Opening a pipe would wait for somebody who writes to it.
        status = path.stat()
        _refuse_what_is_no_file(path, status, "be read")
        if status.st_size > largest:
            size = f"{status.st_size / 1e6:,.0f} MB"
            found = f"it has {size}, and at most {largest / 1e6:,.0f} MB are read"
            raise FileError(path, found, "make it smaller")
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    except ValueError:
        raise FileError(path, _NO_NAME, "check its name") from None


def read_text(path: Path, largest: int = LARGEST) -> str:
    """Return the text of a file of a user; its lines end as Python ends them.

    Parameters
    ----------
    path : Path
    largest : int
        How many bytes it may have.

    Raises
    ------
    FileError
        As by `read_bytes`, or if it is no text in an encoding that is known here.
    """
    raw = read_bytes(path, largest)
    try:
        text = decoded(raw)
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            found = f"its byte order mark says {error.encoding[:6].upper()}, and it is not"
        else:
            line = raw.count(b"\n", 0, error.start) + 1
            found = f"this is not UTF-8 text: line {line} has the byte 0x{raw[error.start]:02x}"
        raise FileError(path, found, "save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write_text(path: Path, text: str, *, mark: bool = False) -> None:
    """Write a text to a file, as UTF-8 and as it is; an old file is replaced as a whole.

    Parameters
    ----------
    path : Path
    text : str
    mark : bool
        Whether the file begins with a byte order mark, as spreadsheets need it.

    Raises
    ------
    FileError
        If it cannot be written; an old file is then as it was.
    """
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        # Names of files that Python could not decode, or half a character of a notebook.
        raw = text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "backslashreplace")
    write_bytes(path, codecs.BOM_UTF8 + raw if mark else raw)


def _is_escaped(text: str) -> bool:
    return all("\udc80" <= c <= "\udcff" for c in text if "\ud800" <= c <= "\udfff")


def write_bytes(path: Path, raw: bytes) -> None:
    """Write a file; an old one is replaced as a whole, and keeps its permissions.

    Raises
    ------
    FileError
        If it cannot be written; an old file is then as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            _refuse_folder(path, target.stat())
            target.write_bytes(raw)  # a device, or a pipe
        else:
            _replace(target, raw)
    except OSError as error:
        raise unwritable(path, error) from None
    except ValueError:
        raise FileError(path, _NO_NAME, "check its name") from None


def _replace(target: Path, raw: bytes) -> None:
    part = target.with_name(f".kit-{os.urandom(8).hex()}.part")
    try:
        part.touch(exist_ok=False)
    except PermissionError:
        if not target.exists():
            raise
        target.write_bytes(raw)  # a file may be writable in a folder that is not
        return
    try:
        part.write_bytes(raw)
        if target.exists():
            shutil.copymode(target, part)
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        part.replace(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Check that a file can be written, before the work is done; leave everything as it is.

    Raises
    ------
    FileError
        If it cannot.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.exists():
            _refuse_folder(path, target.stat())
            if target.is_file():
                os.close(os.open(target, os.O_WRONLY))
            return
        if not target.parent.is_dir():
            folder = target.parent if path.is_symlink() else path.parent
            raise FileError(path, f"there is no folder {folder}", "make it first")
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        target.unlink()
    except OSError as error:
        raise unwritable(path, error) from None
    except ValueError:
        raise FileError(path, _NO_NAME, "check its name") from None


def check_writable_folder(path: Path) -> None:
    """Check that a folder can be filled, or made; leave everything as it is.

    Raises
    ------
    FileError
        If it cannot, or is a file.
    """
    try:
        there = next(one for one in (path, *path.absolute().parents) if _exists(one))
        if not there.is_dir():
            found = "this is a file" if there == path else f"{there} is a file"
            raise FileError(path, found, "name a folder")
        trial = there / f".kit-{os.urandom(8).hex()}"
        trial.mkdir()
        trial.rmdir()
    except OSError as error:
        raise unwritable(path, error, "name another folder") from None
    except ValueError:
        raise FileError(path, "no folder can have this name", "check its name") from None


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def unreadable(path: str | os.PathLike[str], error: OSError, remedy: str = "") -> FileError:
    """Return the error that a file cannot be read.

    Parameters
    ----------
    path : path
    error : OSError
    remedy : str
        What to do; what fits the error if left out.
    """
    if error.errno == errno.ENOENT:
        return FileError(path, "there is no such file", remedy or "check the spelling")
    return FileError(path, f"it cannot be read ({_why(error)})", remedy or _remedy(error))


def unwritable(path: str | os.PathLike[str], error: OSError, remedy: str = "") -> FileError:
    """Return the error that a file cannot be written; see `unreadable`."""
    return FileError(path, f"it cannot be written ({_why(error)})", remedy or _remedy(error))


def json_fault(error: json.JSONDecodeError) -> str:
    """Return what is wrong with a text that is no JSON, and in which line."""
    # Some of Python's own messages end where a place would follow.
    return f"no valid JSON: {error.msg.removesuffix(' at')} at line {error.lineno}"


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _remedy(error: OSError) -> str:
    return _REMEDIES.get(error.errno or 0, "name another place")


def _refuse_folder(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileError(path, _FOLDER, "name a file")


def _refuse_what_is_no_file(path: Path, status: os.stat_result, what: str) -> None:
    _refuse_folder(path, status)
    for is_that, name in _NO_FILES.items():
        if is_that(status.st_mode):
            raise FileError(path, f"this is {name}, which cannot {what} here", "name a file")
