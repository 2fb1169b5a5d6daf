"""Packages from the npm registry, each checked against the digest that is written down here.

A release carries what the site needs in `VENDOR`; a checkout fetches it once into a cache.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from io import BytesIO
from pathlib import Path

import platformdirs

from kit.errors import KitError

REGISTRY = "https://registry.npmjs.org"
VENDOR = Path(__file__).parent / "vendor"
"""Where a release has the files; git does not know this folder."""
VARIABLE = "KIT_NPM_REGISTRY"
"""Names another registry, such as the mirror of a school."""
SECONDS = 60


def fetch(name: str, version: str, integrity: str) -> Path:
    """Return the folder of an unpacked npm package.

    Parameters
    ----------
    name : str
        Such as ``"requirejs"`` or ``"@jupyter-widgets/html-manager"``.
    version : str
    integrity : str
        As npm writes it: ``"sha512-"`` and the digest of the tarball in base64.

    Raises
    ------
    KitError
        If the registry cannot be reached, or what came is not what was written down.
    """
    folder = folder_of(name, version)
    for place in (VENDOR / folder, cache() / folder):
        if place.is_dir():
            return place
    raw = _download(name, version)
    check(raw, integrity, f"{name} {version}")
    return _unpacked(raw, cache() / folder)


def folder_of(name: str, version: str) -> str:
    """Return what the folder of an unpacked package is called."""
    return f"{name.replace('/', '+')}-{version}"


def cache() -> Path:
    """Return the folder in which fetched packages stay."""
    return Path(platformdirs.user_cache_dir("os-course-kit", appauthor=False)) / "npm"


def check(raw: bytes, integrity: str, what: str) -> None:
    """Raise `KitError` unless `raw` has the digest that npm calls its integrity."""
    kind, _, digest = integrity.partition("-")
    found = base64.b64encode(hashlib.new(kind, raw).digest()).decode()
    if found != digest:
        raise KitError(
            f"{what} from the npm registry is not what was expected (its digest is "
            f"{kind}-{found}); try again, and if it stays so, do not trust that registry"
        )


def _download(name: str, version: str) -> bytes:
    registry = os.environ.get(VARIABLE, REGISTRY).rstrip("/")
    address = f"{registry}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    if not address.startswith(("https://", "http://")):
        raise KitError(f"{VARIABLE} is {registry!r}; give an address that begins with https://")
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            content: bytes = answer.read()
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise KitError(
            f"{name} {version} cannot be fetched from {registry}: {reason}; connect to the "
            f"network once, or name a mirror in {VARIABLE}"
        ) from None
    return content


def _unpacked(raw: bytes, place: Path) -> Path:
    """Unpack a tarball; nobody ever sees a folder that is half full."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=place.parent))
    try:
        with tarfile.open(fileobj=BytesIO(raw)) as archive:
            archive.extractall(temporary, filter="data")
        try:
            # npm puts everything into one folder, usually called "package".
            next(temporary.iterdir()).rename(place)
        except OSError:
            # Somebody else was faster.
            if not place.is_dir():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return place
