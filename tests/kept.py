"""What takes long to make, kept beside pytest's cache until something it is made of has changed."""

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path

LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")


def digest_of(paths: Iterable[Path]) -> str:
    """Return a name for what is in some files and folders, and for the Python that is used."""
    digest = hashlib.sha256(sys.version.encode())
    for installed in sorted(f"{one.name} {one.version}" for one in distributions()):
        digest.update(installed.encode())
    for path in paths:
        for file in _files(path):
            digest.update(f"\0{file.relative_to(path.parent).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:20]


def _files(path: Path) -> Iterator[Path]:
    found = path.rglob("*") if path.is_dir() else [path]
    for file in sorted(found):
        if file.is_file() and not any(part in LEFT_OUT for part in file.parts):
            yield file


def kept(folder: Path, paths: Iterable[Path], make: Callable[[Path], object]) -> Path:
    """Return a folder that was made of some files; it is made if it is not there.

    Parameters
    ----------
    folder : Path
        In which the last one made is kept, and nothing else.
    paths : iterable of Path
        Files and folders it is made of.
    make : callable
        Makes the folder, whole or not at all.
    """
    wanted = folder / digest_of(paths)
    if not wanted.is_dir():
        for old in folder.iterdir():
            shutil.rmtree(old)
        make(wanted)
    return wanted
