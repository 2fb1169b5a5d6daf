"""Reading requirements.txt, lock files, and the ranges of a pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from kit.errors import KitError

COMMENT = re.compile(r"(^|\s)#.*$")
COMMIT = re.compile(r"@[0-9a-f]{40}\b")
ARCHIVES = (".whl", ".tar.gz", ".zip")


@dataclass(frozen=True)
class Line:
    """One requirement of a requirements.txt.

    Attributes
    ----------
    text : str
        As it is written, without comments and options.
    requirement : Requirement or None
        None for what has no name of its own, such as a path.
    """

    text: str
    requirement: Requirement | None

    @property
    def name(self) -> str:
        """Name of the package, in its normal form; nothing if it has none."""
        return canonicalize_name(self.requirement.name) if self.requirement else ""

    @property
    def version(self) -> str:
        """The exact version it asks for, or nothing."""
        specifiers = list(self.requirement.specifier) if self.requirement else []
        exact = [s for s in specifiers if s.operator in ("==", "===") and "*" not in s.version]
        return exact[0].version if len(specifiers) == 1 and exact else ""

    @property
    def is_pinned(self) -> bool:
        """Whether it always brings the same package."""
        url = self.requirement.url if self.requirement else ""
        if url:
            return bool(COMMIT.search(url)) or url.partition("#")[0].endswith(ARCHIVES)
        return bool(self.version)


def read(text: str, python: str) -> Iterator[Line]:
    """Yield the requirements that hold on Linux; options such as ``--index-url`` are left out.

    Parameters
    ----------
    text : str
        What is in the file.
    python : str
        For which Python, such as "3.11.14".
    """
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        written = COMMENT.sub("", line).strip().partition(" --")[0].strip()
        if not written or written.startswith("-"):
            continue
        try:
            requirement = Requirement(written)
        except InvalidRequirement:
            yield Line(written, None)
            continue
        if holds(requirement, python):
            yield Line(written, requirement)


def holds(requirement: Requirement, python: str) -> bool:
    """Tell whether a requirement counts on Binder's machines.

    Parameters
    ----------
    requirement : Requirement
    python : str
        Such as "3.11.14".
    """
    there = {
        "extra": "",
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "linux",
    }
    return requirement.marker is None or requirement.marker.evaluate(there)


@dataclass(frozen=True)
class Project:
    """What a pyproject.toml says of versions.

    Attributes
    ----------
    name : str
        Of the package, in its normal form; nothing if it makes none.
    python : SpecifierSet
        Which versions of Python it allows.
    needed, optional : tuple of Requirement
        What it always needs; and what its extras do.
    """

    name: str = ""
    python: SpecifierSet = field(default_factory=SpecifierSet)
    needed: tuple[Requirement, ...] = ()
    optional: tuple[Requirement, ...] = ()

    @classmethod
    def read(cls, text: str) -> Project:
        """Read a pyproject.toml; what is no requirement in it is left to other tools.

        Raises
        ------
        KitError
            If it is no TOML.
        """
        try:
            table = tomllib.loads(text).get("project", {})
        except tomllib.TOMLDecodeError as error:
            raise KitError(f"pyproject.toml: this is no TOML: {error}; mend it") from None
        extras = table.get("optional-dependencies", {})
        try:
            python = SpecifierSet(table.get("requires-python", ""))
        except InvalidSpecifier:
            python = SpecifierSet()
        return cls(
            canonicalize_name(table.get("name", "")),
            python,
            tuple(_requirements(table.get("dependencies", []))),
            tuple(_requirements(line for lines in extras.values() for line in lines)),
        )


def _requirements(lines: Iterator[str] | list[str]) -> Iterator[Requirement]:
    for line in lines:
        try:
            yield Requirement(line)
        except InvalidRequirement:
            continue


def versions(lines: Iterator[Line]) -> Mapping[str, str]:
    """Return the exact version of each package that has one, by name."""
    return {line.name: line.version for line in lines if line.version}
