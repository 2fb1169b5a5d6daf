"""Files of users: whatever is wrong with one is told in a sentence."""

import codecs
import os
from pathlib import Path

import pytest

from kit.files import (
    FileError,
    check_writable,
    check_writable_folder,
    read_bytes,
    read_text,
    write_text,
)

TEXT = "# Prozesse\nÄpfel → ✓\n"
LONG = "n" * 300


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_is_read_with_its_mark(tmp_path: Path, coding: str):
    """UTF-8 with and without a mark, and what an editor of Windows calls Unicode, are one text."""
    file = tmp_path / "a.md"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode(coding))
    assert read_text(file) == TEXT


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("\nÄ".encode("cp1252"), "not UTF-8 text: line 2 has the byte 0xc4"),
        (codecs.BOM_UTF16_LE + b"a", "its byte order mark says UTF-16, and it is not"),
    ],
)
def test_what_is_no_text_is_said_with_its_line(tmp_path: Path, content: bytes, found: str):
    """A text in another encoding is one sentence with the file, the place and the remedy."""
    file = tmp_path / "README.md"
    file.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_text(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert found in caught.value.found
    assert caught.value.remedy == "save it as UTF-8"


def places_that_cannot_be_read(folder: Path) -> dict[Path, str]:
    """What is no file, with a piece of what is said of it."""
    pipe, large = folder / "pipe", folder / "large"
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(300_000_000)
    return {
        folder: "a folder",
        pipe: "a pipe",
        large: "300 MB",
        folder / "no": "no such file",
        folder / LONG: "File name too long",
        folder / "a\0b": "no file can have this name",
        Path("/dev/zero"): "a device",
        large / "inside": "Not a directory",
    }


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path):
    """Folders, pipes, devices, huge and missing files are told, and nothing waits for them."""
    for path, found in places_that_cannot_be_read(tmp_path).items():
        with pytest.raises(FileError, match=found):
            read_bytes(path)


def test_a_place_that_cannot_be_written_is_known_before(tmp_path: Path):
    """What cannot be written is told before the work, and asking leaves nothing behind."""
    file = tmp_path / "file"
    file.write_text("kept")
    for path in (tmp_path, file / "x", tmp_path / "no" / "x", tmp_path / LONG, Path("/proc/x")):
        with pytest.raises(FileError):
            check_writable(path)
    for path in (file, file / "x", tmp_path / LONG, Path("/proc/x"), Path("/proc/x/y")):
        with pytest.raises(FileError):
            check_writable_folder(path)
    for path in (file, tmp_path / "new", Path(os.devnull)):
        check_writable(path)
    for path in (tmp_path, tmp_path / "new", tmp_path / "new" / "newer"):
        check_writable_folder(path)
    assert file.read_text() == "kept"
    assert list(tmp_path.iterdir()) == [file]


def test_an_old_file_is_replaced_as_a_whole(tmp_path: Path):
    """A link leads to the new text, permissions stay, and nothing lies beside it."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_text(link, TEXT)
    assert file.read_bytes() == TEXT.encode()
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [file, link]


def test_a_full_disk_is_one_sentence():
    """A device that is full is told as what it is."""
    with pytest.raises(FileError, match="No space left on device"):
        write_text(Path("/dev/full"), TEXT)


def test_a_disk_that_runs_full_leaves_the_old_file(tmp_path: Path):
    """What does not fit leaves the old file as it was, and nothing beside it."""
    resource = pytest.importorskip("resource")
    file = tmp_path / "file"
    file.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(FileError):
            write_text(file, "new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "written"), [("half \ud83d", b"half \\ud83d"), ("name \udcc3\udca9", b"name \xc3\xa9")]
)
def test_half_a_character_can_be_written(tmp_path: Path, text: str, written: bytes):
    """What Python could not decode, and half a character, are no reason to lose a file."""
    write_text(tmp_path / "file", text)
    assert (tmp_path / "file").read_bytes() == written
