"""Which packages a browser's Python needs for the kit, and their wheels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kit.authoring.lite import environment
from kit.authoring.lite.environment import Environment
from kit.authoring.lite.runtime import runtime
from kit.check.binder import uv
from kit.errors import KitError

KIT = "os-course-kit"
THERE = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}
"""What markers of requirements find in Pyodide."""
OF_THE_KERNEL = frozenset({"ipykernel", "piplite", "pyodide-kernel", "widgetsnbextension"})
"""Packages that come with the kernel for the browser, some of them in name only."""
# A wheel for one kind of machine would do there only what it does here: nothing.
PURE = ("--platform", "any", "--implementation", "py", "--abi", "none", "--python-version", "3.14")


def of_pyodide() -> dict[str, str]:
    """Return the packages of Pyodide's own distribution: name -> version."""
    lock = json.loads((runtime() / "pyodide-lock.json").read_text(encoding="utf-8"))
    return {canonicalize_name(one["name"]): one["version"] for one in lock["packages"].values()}


def requirements() -> Iterator[tuple[str, Requirement]]:
    """Yield all that the kit needs in a browser, directly or not: by whom, and what.

    Versions are looked up in this environment, so that a widget's Python is of the same
    version as its JavaScript.
    """
    theirs = of_pyodide().keys() | OF_THE_KERNEL
    waiting, seen = [KIT], {KIT}
    while waiting:
        name = waiting.pop()
        for text in distribution(name).requires or ():
            wanted = Requirement(text)
            if wanted.marker is not None and not wanted.marker.evaluate(THERE):
                continue
            yield name, wanted
            other = canonicalize_name(wanted.name)
            if other not in seen | theirs:
                seen.add(other)
                waiting.append(other)


def own() -> dict[str, str]:
    """Return the packages whose wheels the site needs, without the kit: name -> version.

    Raises
    ------
    KitError
        If one of them is not installed here.
    """
    theirs = of_pyodide().keys() | OF_THE_KERNEL
    try:
        names = {canonicalize_name(wanted.name) for _, wanted in requirements()} - theirs
        return {name: distribution(name).version for name in sorted(names)}
    except PackageNotFoundError as missing:
        raise KitError(f"{missing.name} is not installed; install the kit again") from None


def with_extensions() -> dict[str, str]:
    """Return those of them that draw with an extension of JupyterLab: name -> version."""
    return {
        name: version
        for name, version in own().items()
        if any("labextensions" in file.parts for file in distribution(name).files or ())
    }


def collect(made: Environment, folder: Path) -> None:
    """Put the wheels of the kit and of what it needs into a folder.

    Raises
    ------
    KitError
        If one cannot be had, or only for one kind of machine.
    """
    folder.mkdir(parents=True)
    pins = [f"{name}=={version}" for name, version in own().items()]
    source = _source()
    if source is None:
        pins.append(f"{KIT}=={distribution(KIT).version}")
    elif source.is_dir():
        built = uv.run(
            *("build", "--quiet", "--wheel", "--out-dir", str(folder), str(source)),
            folder=folder,
            seconds=environment.SECONDS,
        )
        if not built.good:
            raise KitError(f"no wheel can be made of {source}: {built.reason}; mend that")
        # It is put there for git, which has no say here.
        (folder / ".gitignore").unlink(missing_ok=True)
    else:
        (folder / source.name).write_bytes(source.read_bytes())
    asked = ("download", "--quiet", "--no-deps", "--only-binary", ":all:", *PURE)
    environment.python(made, "-m", "pip", *asked, "--dest", str(folder), *pins)


def _source() -> Path | None:
    """Return the folder or the wheel that the kit was installed from; None for an index."""
    told = distribution(KIT).read_text("direct_url.json")
    address = urlsplit(json.loads(told)["url"]) if told else None
    if address is None or address.scheme != "file":
        return None
    path = Path(url2pathname(unquote(address.path)))
    if path.is_dir() or (path.suffix == ".whl" and path.is_file()):
        return path
    raise KitError(f"the kit was installed from {path}, which no longer exists; install it again")
