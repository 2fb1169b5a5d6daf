"""What a page needs to run Python: Pyodide, the kit, and the pure libraries of its widgets.

The libraries are those that are installed here, so that the models which Python makes in a page
are those of the same versions that the page was made with.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import kit
from kit.authoring.lite.runtime import runtime
from kit.authoring.site import page_kernel
from kit.authoring.site.assets import STATIC, WORKER
from kit.errors import KitError

LIBRARIES = ("comm", "traitlets", "ipywidgets", "anywidget", "psygnal", "typing_extensions")
"""What `kit.widgets` imports; the rest of what they ask for is imported only when it is used."""
PARTS = (
    "answering",
    "explore",
    "host",
    "lang",
    "quiz",
    "scenarios",
    "sim",
    "trace",
    "tracks",
    "widgets",
)
"""Packages of the kit that lessons use; tools for teachers stay where they are."""
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
FETCHED = ("pyodide.asm.wasm", "python_stdlib.zip")
"""What of it is no module, so that the worker can count its bytes as they come."""
LOCK = "pyodide-lock.json"
LEFT_OUT = frozenset({"tests", "labextension", "nbextension", "__pycache__"})
ARCHIVE = "kit.tar.gz"


@dataclass(frozen=True)
class Bundle:
    """What was written.

    Attributes
    ----------
    folder : str
        Its name among the assets: it tells the content, so that a browser may keep it for ever.
    total : int
        Bytes that the worker loads, of which it tells how many are there.
    transferred : int
        Bytes of all of it, as a server compresses them.
    """

    folder: str
    total: int
    transferred: int


def write_bundle(assets: Path) -> Bundle:
    """Write Python for the pages into a folder of its own among the assets.

    Parameters
    ----------
    assets : Path

    Raises
    ------
    KitError
        If Pyodide cannot be fetched, or a library is not installed.
    """
    try:
        made = runtime()
    except KitError as error:
        raise KitError(f"{error}; or leave Python out of the pages with --no-python") from None
    files = {name: (made / name).read_bytes() for name in RUNTIME}
    files[LOCK] = _lock((made / LOCK).read_text(encoding="utf-8"))
    files[ARCHIVE] = archive()
    files |= {name: (STATIC / name).read_bytes() for name in WORKER}
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    folder = f"python-{digest.hexdigest()[:12]}"
    (assets / folder).mkdir(parents=True)
    for name, content in files.items():
        (assets / folder / name).write_bytes(content)
    transferred = sum(min(len(one), len(gzip.compress(one, 6))) for one in files.values())
    total = sum(len(files[name]) for name in (*FETCHED, ARCHIVE, LOCK))
    return Bundle(folder, total, transferred)


def _lock(text: str) -> bytes:
    """Return Pyodide's list of packages without those, which a page does not load."""
    lock = json.loads(text)
    lock["packages"] = {}
    return json.dumps(lock, sort_keys=True).encode()


def archive() -> bytes:
    """Return the kit and the libraries as a packed archive, which a browser can unpack itself."""
    content = BytesIO()
    with (
        gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as files,
    ):
        for name, source in sorted({**dict(_of_libraries()), **dict(_of_kit())}.items()):
            raw = source.read_bytes()
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            files.addfile(entry, BytesIO(raw))
    return content.getvalue()


def _of_kit() -> Iterator[tuple[str, Path]]:
    top = Path(kit.__file__).parent
    for file in top.glob("*.py"):
        yield f"kit/{file.name}", file
    for file in (file for part in PARTS for file in (top / part).rglob("*")):
        if file.is_file() and not LEFT_OUT & set(file.parts):
            yield file.relative_to(top.parent).as_posix(), file
    yield "page_kernel.py", Path(page_kernel.__file__)


def _of_libraries() -> Iterator[tuple[str, Path]]:
    for name in LIBRARIES:
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            raise KitError(f"{name} is not installed; run: pip install {name}") from None
        for file in files:
            place = Path(str(file.locate()))
            named = file.name == "METADATA" or file.suffix == ".py"
            if named and file.parts[0] != ".." and not LEFT_OUT & set(file.parts):
                yield file.as_posix(), place
