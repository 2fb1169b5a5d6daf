"""Versions: exact, possible together, and the same in every file that names them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from kit.check.binder import uv
from kit.check.binder.repository import Repository
from kit.check.binder.requirements import Line, Project, holds, read, versions
from kit.check.results import Problem

KIT = "os-course-kit"
INSTALLS_ITSELF = re.compile(r"^\s*(-e\s*)?\.", re.MULTILINE)
LOCK = "requirements.lock"
RESOLVE_SECONDS = 300
NAMED = 3
"""How many packages a sentence names before it only counts the rest."""


@dataclass(frozen=True)
class Resolution:
    """What would be installed.

    Attributes
    ----------
    versions : mapping of str to str
        Each package and its version, by normal name; empty if there is no way.
    problems : tuple of Problem
        Why there is no way.
    """

    versions: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def resolve(repository: Repository, python: str) -> Resolution:
    """Resolve requirements.txt for Binder's Python on Linux, for real.

    Raises
    ------
    KitError
        If the package index cannot be reached.
    """
    name = repository.name("requirements.txt")
    # Which interpreter does it does not matter, and looking for a better one takes time.
    command = ("pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python")
    target = ("--python-version", python, "--python-platform", "linux")
    done = uv.run(
        *(*command, sys.executable, *target, name),
        folder=repository.copy,
        seconds=RESOLVE_SECONDS,
        UV_PYTHON_DOWNLOADS="never",
    )
    if done.good:
        found = {
            line.name: line.version or str(line.requirement and line.requirement.url)
            for line in read(done.printed, python)
        }
        return Resolution(found)
    problem = Problem(
        "resolves",
        f"{name} cannot be installed for Python {python} on Linux: {done.reason}",
        f"change it, or make the file again with: uv pip compile --python-version {python} …",
        details=done.said,
    )
    return Resolution({}, (problem,))


def problems(repository: Repository, python: str, resolution: Resolution) -> Iterator[Problem]:
    """Yield what is not pinned, not there, or differs between files.

    Parameters
    ----------
    repository : Repository
        It has a requirements.txt.
    python : str
        Which Python Binder takes, such as "3.11.14".
    resolution : Resolution
        Of that requirements.txt.
    """
    name = repository.name("requirements.txt")
    lines = list(read(repository.read(name) or "", python))
    project = Project.read(repository.read("pyproject.toml") or "")
    yield from resolution.problems
    yield from _unpinned(name, lines)
    if not resolution.problems:
        yield from _along(name, lines, resolution)
        yield from _missing(repository, project, resolution)
    yield from _missing_of_project(name, lines, project, python)
    yield from _drift_from_lock(repository, lines, python)
    yield from _drift_from_project(repository, lines, project, python)


def _unpinned(name: str, lines: Sequence[Line]) -> Iterator[Problem]:
    loose = [line.text for line in lines if not line.is_pinned and not line.text.startswith(".")]
    if loose:
        yield Problem(
            "pinned",
            f"{name} gives no exact version for {_some(loose)}",
            "write each as name==version, so that a lesson opens next year as it does today",
        )


def _along(name: str, lines: Sequence[Line], resolution: Resolution) -> Iterator[Problem]:
    listed = {line.name for line in lines}
    along = [
        f"{package}=={version}"
        for package, version in resolution.versions.items()
        if package not in listed and not version.startswith("file:")
    ]
    if along:
        yield Problem(
            "pinned",
            f"{name} does not name {_some(along)}, so that newer versions may come along",
            "list them too; uv pip compile makes the whole list",
            details="\n".join(along),
        )


def _missing(repository: Repository, project: Project, resolution: Resolution) -> Iterator[Problem]:
    name = repository.name("requirements.txt")
    if "jupyterlab" not in resolution.versions:
        found = f"{name} does not bring JupyterLab, so Binder takes one that was not tested"
        yield Problem("missing", found, "add jupyterlab with its version")
    if KIT in resolution.versions:
        return
    if project.name != KIT:
        yield Problem("missing", f"{name} does not bring {KIT}", f"add {KIT} with its version")
    elif not INSTALLS_ITSELF.search(repository.read(name) or "") and "pip install" not in (
        repository.read(repository.name("postBuild")) or ""
    ):
        found = f"neither {name} nor {repository.name('postBuild')} installs the kit"
        remedy = f"write pip install --no-deps -e . into {repository.name('postBuild')}"
        yield Problem("missing", found, remedy)


def _missing_of_project(
    name: str, lines: Sequence[Line], project: Project, python: str
) -> Iterator[Problem]:
    listed = {line.name for line in lines}
    missing = [
        str(r)
        for r in project.needed
        if canonicalize_name(r.name) not in listed and holds(r, python)
    ]
    if missing:
        found = f"pyproject.toml needs {_some(missing)}, and {name} does not have it"
        yield Problem("missing", found, "add it with its version", details="\n".join(missing))


def _drift_from_lock(
    repository: Repository, lines: Sequence[Line], python: str
) -> Iterator[Problem]:
    lock = versions(read(repository.read(LOCK) or "", python))
    other = [
        f"{line.name} is {line.version}, not {lock.get(line.name, 'named at all')}"
        for line in lines
        if lock and line.version and line.version != lock.get(line.name)
    ]
    if other:
        yield Problem(
            "drift",
            f"{repository.name('requirements.txt')} and {LOCK} differ: {_some(other)} there",
            "make both again from the same resolution, so that Binder has what is tested",
            details="\n".join(other),
        )


def _drift_from_project(
    repository: Repository, lines: Sequence[Line], project: Project, python: str
) -> Iterator[Problem]:
    name = repository.name("requirements.txt")
    pins = versions(iter(lines))
    outside = [
        f"{pins[package]} of {requirement.name} (wanted: {requirement.specifier})"
        for requirement in (*project.needed, *project.optional)
        if (package := canonicalize_name(requirement.name)) in pins
        and holds(requirement, python)
        and not requirement.specifier.contains(pins[package], prereleases=True)
    ]
    if outside:
        yield Problem(
            "drift",
            f"{name} has what pyproject.toml does not allow: {_some(list(dict.fromkeys(outside)))}",
            "change one of them",
            details="\n".join(outside),
        )
    if not project.python.contains(python):
        yield Problem(
            "drift",
            f"Binder takes Python {python}, and pyproject.toml wants {project.python}",
            f"name such a Python in {repository.name('runtime.txt')}",
        )


def _some(items: Iterable[str]) -> str:
    """Return the first few items, and how many more there are."""
    items = list(items)
    rest = len(items) - NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(items[:NAMED]) + more
