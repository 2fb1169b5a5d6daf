"""Files that repo2docker overlooks without a word, and scripts that Linux cannot run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.check.binder.repository import BINDER_FOLDERS, FILES, Repository
from kit.check.results import Problem

# Each comes before those after it, in the same folder; runtime.txt and the scripts count
# for all of them but the Dockerfile.
ORDER = ("Dockerfile", "environment.yml", "environment.yaml", "Pipfile", "requirements.txt")
NEWS = "@jupyterlab/apputils-extension:announcements"
NEWS_OFF = re.compile(r"apputils-extension:announcements|fetchNews")


def problems(repository: Repository) -> Iterator[Problem]:
    """Yield what would be overlooked, or would not run."""
    yield from repository.ignored()
    if all((repository.copy / folder).is_dir() for folder in BINDER_FOLDERS):
        return  # repo2docker refuses that, so nobody knows which of them is meant
    yield from _in_the_root(repository)
    yield from _in_one_folder(repository)
    for name in map(repository.name, ("postBuild", "start")):
        if repository.has(name):
            yield from _script(repository, name)
    yield from _news(repository)


def _in_the_root(repository: Repository) -> Iterator[Problem]:
    """Yield files beside the folder that repo2docker looks into instead."""
    folder = repository.binder_folder
    # A Dockerfile there most often has another purpose.
    for file in FILES[1:] if folder else ():
        text = repository.read(file)
        if text is not None and text != repository.read(f"{folder}/{file}"):
            yield Problem(
                "shadowed",
                f"{file} is overlooked, because there is a folder {folder}/",
                f"move what Binder needs into {folder}/{file}, and take {file} away",
            )


def _in_one_folder(repository: Repository) -> Iterator[Problem]:
    there = [name for name in map(repository.name, ORDER) if repository.has(name)]
    for name in there[1:]:
        first, file = there[0], name.rpartition("/")[2]
        remedy = f"take {first} away"
        if not first.endswith("Dockerfile"):
            remedy = f"move what it has into {repository.name('requirements.txt')}, and {remedy}"
        yield Problem("shadowed", f"{file} is overlooked, because there is {first}", remedy)


def _script(repository: Repository, name: str) -> Iterator[Problem]:
    content = (repository.copy / name).read_bytes()
    if b"\r\n" in content:
        yield Problem(
            "script",
            f"{name} has the line ends of Windows, with which Linux does not run it",
            "write '* text=auto eol=lf' into .gitattributes, then run: git add --renormalize .",
        )
    if not content.startswith(b"#!"):
        yield Problem(
            "script",
            f"{name} does not begin with '#!', so nothing says which shell runs it",
            "make '#!/usr/bin/env bash' its first line",
        )
    if name.endswith("start") and b"$@" not in content:
        found = f"{name} does not hand over to JupyterLab, so nothing starts on Binder"
        yield Problem("script", found, 'make its last line: exec "$@"')


def _news(repository: Repository) -> Iterator[Problem]:
    """Yield a problem if nothing that Binder runs or reads mentions the news."""
    folder = repository.copy / repository.binder_folder
    files = (
        [file for file in folder.rglob("*") if file.is_file()]
        if repository.binder_folder
        else [folder / "postBuild", folder / "start"]
    )
    texts = (f.read_text(encoding="utf-8", errors="replace") for f in files if f.is_file())
    if not any(NEWS_OFF.search(text) for text in texts):
        yield Problem(
            "news",
            "JupyterLab would ask every visitor whether it may show its news",
            f'write into {repository.name("postBuild")}: jupyter labextension disable "{NEWS}"',
        )
