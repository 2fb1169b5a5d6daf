"""What repo2docker would make of a repository, asked of repo2docker itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.check.binder.repository import BINDER_FOLDERS, FILES, Repository
from kit.check.results import Problem
from kit.errors import KitError, plural

PROBE = Path(__file__).with_name("repo2docker_probe.py")
PATIENCE = 60
"""Seconds after which repo2docker is taken to hang."""

RUNTIME = re.compile(r"python-(?P<version>\d+\.\d+)")
OTHER_FILES = ("-r", "-c", "--requirement", "--constraint")
BUILDPACKS = {
    "CondaBuildPack": "conda and environment.yml",
    "DockerBuildPack": "the Dockerfile alone",
    "PipfileBuildPack": "pipenv and the Pipfile",
}


@dataclass(frozen=True)
class Plan:
    """What repo2docker would do.

    Attributes
    ----------
    buildpack : str
        Its word for how it would install, such as "PythonBuildPack".
    python : str
        Which Python, such as "3.11".
    release : str
        The same to the last number, such as "3.11.14", which is what markers of
        requirements ask for; nothing if it is not known.
    local : sequence of str
        Lines of requirements.txt that make it wait for the whole repository.
    dockerfile, log : str
        What it would hand to Docker, and what it said.
    supported : sequence of str
        The versions of Python it can take, oldest first.
    """

    buildpack: str
    python: str
    release: str
    local: Sequence[str]
    dockerfile: str
    log: str
    supported: Sequence[str]

    @property
    def is_python(self) -> bool:
        """Whether it installs from requirements.txt."""
        return self.buildpack == "PythonBuildPack"

    def files(self, repository: Repository) -> tuple[str, ...]:
        """Return the files that it takes, by name."""
        names = (repository.name(file) for file in FILES)
        # What is in these is in the Dockerfile, without their names.
        read = map(repository.name, ("runtime.txt", "apt.txt")) if self.is_python else ()
        taken = set(read)
        return tuple(
            name
            for name in names
            if repository.has(name) and (name in taken or name in self.dockerfile)
        )


def ask(repository: Repository) -> Plan | Problem:
    """Ask repo2docker what it would do with a repository; no Docker is needed.

    Returns
    -------
    Plan or Problem
        A problem if it stops with an error.

    Raises
    ------
    KitError
        If it does not answer.
    """
    # Without -P the modules beside the program would hide installed ones.
    command = [sys.executable, "-P", str(PROBE), str(repository.copy)]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise KitError(
            f"{repository.origin}: repo2docker gave no answer within {PATIENCE} s; try again"
        ) from None
    if done.returncode:
        return _refusal(done.stderr, repository)
    answer = json.loads(done.stdout)
    return Plan(**answer)


def _refusal(said: str, repository: Repository) -> Problem:
    lines = said.strip().splitlines() or ["it gave no reason"]
    reason = re.sub(r"^(\w+\.)*\w*(Error|Exception): ", "", lines[-1]).rstrip(".")
    name = repository.name
    remedies = {
        "runtime.txt": f"write one line such as python-3.11 into {name('runtime.txt')}",
        "python_version must": f"write one line such as python-3.11 into {name('runtime.txt')}",
        "is not supported": f"name another Python in {name('runtime.txt')}",
        "However they are exclusive": f"keep one of {' and '.join(BINDER_FOLDERS)}",
        "apt.txt": f"put names of Debian packages into {name('apt.txt')}, one a line",
    }
    remedy = next(
        (remedy for part, remedy in remedies.items() if part in reason),
        "mend what it names, and try again with: jupyter-repo2docker --no-build --debug .",
    )
    return Problem("repo2docker", f"repo2docker stops: {reason}", remedy, details=said.strip())


def problems(plan: Plan, repository: Repository) -> Iterator[Problem]:
    """Yield what is not as a course for Python should have it."""
    requirements = repository.name("requirements.txt")
    if not plan.is_python:
        how = BUILDPACKS.get(plan.buildpack, plan.buildpack)
        yield Problem(
            "buildpack",
            f"Binder would build with {how}",
            f"put everything into {requirements}, and take away what comes before it",
        )
    elif not repository.has(requirements):
        yield Problem(
            "buildpack",
            f"there is no {requirements}, so Binder installs nothing",
            f"make it, with the packages of the lessons: uv pip compile -o {requirements} …",
        )
    if plan.is_python:
        yield from _runtime(plan, repository)
    if plan.local:
        first = plan.local[0]
        found = f"{requirements} has {plural(len(plan.local), 'line')} like '{first}'"
        remedy = f"write pip install --no-deps {first} into {repository.name('postBuild')} instead"
        if first.startswith(OTHER_FILES):
            remedy = f"write what that file has into {requirements} instead"
        yield Problem(
            "reinstall",
            f"{found}, so Binder installs everything again after every commit",
            remedy,
        )
    elif (
        plan.is_python
        and not repository.binder_folder
        and "pip install --no-cache-dir ." in (plan.dockerfile)
    ):
        yield Problem(
            "reinstall",
            "the repository is a Python package itself, so Binder installs everything again after "
            "every commit",
            "move requirements.txt and its like into a folder binder/",
        )


def _runtime(plan: Plan, repository: Repository) -> Iterator[Problem]:
    name = repository.name("runtime.txt")
    newest = plan.supported[-1]
    remedy = f"write python-{plan.python} into {name}, or a newer one up to python-{newest}"
    text = repository.read(name)
    if text is None:
        found = f"there is no {name}, so Binder takes Python {plan.python}"
        yield Problem("runtime", found, remedy)
        return
    match = RUNTIME.fullmatch(text.strip())
    if match is None or match["version"] != plan.python:
        found = f"{name} says '{text.strip()[:80]}', and Binder takes Python {plan.python}"
        yield Problem("runtime", found, remedy)
