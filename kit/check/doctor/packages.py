"""Python itself, the kit, and the packages it needs."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import kit
from kit.check.doctor.diagnostic import Diagnostic, install
from kit.check.doctor.versions import installed

KIT = "os-course-kit"


def check() -> Iterator[Diagnostic]:
    """Yield what is found about this environment's Python and packages."""
    yield _python()
    yield _kit()
    yield from _requirements()


def _python() -> Diagnostic:
    found = f"Python {platform.python_version()} in {sys.prefix}"
    own = sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ
    if own:
        return Diagnostic("Python", "well", f"{found}, an environment of its own")
    return Diagnostic(
        "Python",
        "note",
        f"{found}, which is no environment of its own: what other programs install there can "
        "change what the lessons need",
        f"make one and install the kit into it: {Path(sys.executable).name} -m venv .venv",
    )


def _kit() -> Diagnostic:
    place = Path(kit.__file__).parent
    known = installed(KIT)
    if known is None:
        return Diagnostic(
            "kit",
            "wrong",
            f"the kit in {place} is used, but it is not installed in this environment",
            install(KIT),
        )
    if known != kit.__version__:
        return Diagnostic(
            "kit",
            "wrong",
            f"version {kit.__version__} in {place} is used, but version {known} is installed",
            f"leave that folder and take it out of PYTHONPATH, or install it: "
            f"{install('-e', str(place.parent))}",
        )
    return Diagnostic("kit", "well", f"os-course-kit {known} in {place}")


def _requirements() -> Iterator[Diagnostic]:
    """Yield which packages are missing or do not fit each other."""
    if importlib.util.find_spec("packaging") is None:
        found = "versions were not compared, because the package packaging is not installed"
        yield Diagnostic("packages", "note", found, install("packaging"))
        return
    wrong = list(_unmet())
    yield from wrong
    if not wrong:
        yield Diagnostic("packages", "well", "every package has a version that the others can use")


def _unmet() -> Iterator[Diagnostic]:
    """Yield what is wrong with what the kit needs, and with what that needs in turn."""
    from packaging.requirements import Requirement

    waiting, seen = [KIT], set[str]()
    while waiting:
        package = waiting.pop()
        if package in seen or installed(package) is None:
            continue
        seen.add(package)
        for text in requires(package) or ():
            one = Requirement(text)
            needed = one.marker is None or one.marker.evaluate({"extra": ""})
            version = installed(one.name)
            if needed:
                waiting.append(one.name)
            # The kit's own extras count as far as they are there.
            if not needed and (package != KIT or version is None):
                continue
            if version is None or not one.specifier.contains(version, prereleases=True):
                has = f"is {version}" if version else "is not installed"
                wanted = f"{one.name}{one.specifier}"
                yield Diagnostic(
                    "packages",
                    "wrong",
                    f"{one.name} {has}, but {package} {installed(package)} needs {wanted}",
                    install(wanted),
                )
