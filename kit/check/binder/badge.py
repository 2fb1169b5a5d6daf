"""The Binder links in a README."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from kit.check.binder.repository import Repository
from kit.check.results import Problem

LINK = re.compile(r"https?://(?:[\w-]+\.)?mybinder\.org/v2/[^\s)\"'<>\]]+")
GITHUB = re.compile(r"github\.com[:/](?P<name>[^/\s]+/[^/\s]+?)(?:\.git)?/?$", re.IGNORECASE)
COMMIT = re.compile(r"[0-9a-f]{7,40}")
OPENERS = re.compile(
    r"(?:lab|doc|tree|notebooks|voila/render)(?:/workspaces/[^/]+)?(?:/tree)?/(?P<file>[^?#]+)"
)


def problems(repository: Repository) -> Iterator[Problem]:
    """Yield each link that leads to another repository, to no branch, or to no file."""
    for readme in sorted(repository.copy.glob("README*")):
        text = readme.read_text(encoding="utf-8-sig", errors="replace")
        for link in dict.fromkeys(LINK.findall(text)):
            for what, remedy in _wrong(repository, link):
                found = f"a Binder link in {readme.name} {what}"
                yield Problem("badge", found, remedy, details=link)


def _wrong(repository: Repository, link: str) -> Iterator[tuple[str, str]]:
    address = urlsplit(link.replace("&amp;", "&"))
    provider, _, rest = address.path.removeprefix("/v2/").partition("/")
    parts = [unquote(part) for part in rest.rstrip("/").split("/")]
    if provider == "gh":
        if len(parts) != 3:
            yield "does not name owner, repository and branch", "write …/v2/gh/OWNER/NAME/HEAD"
            return
        name = "/".join(parts[:2])
        remotes = _on_github(repository)
        if remotes and name.lower() not in map(str.lower, remotes):
            yield f"leads to {name}, but this is {remotes[0]}", f"write {remotes[0]} there"
        if not _has_branch(repository, parts[2]):
            yield f"names the branch '{parts[2]}', and there is none", "write HEAD, or a branch"
    asked = parse_qs(address.query)
    for option in ("urlpath", "labpath", "filepath"):
        for value in asked.get(option, ()):
            file = _file(option, value)
            if file and not (repository.copy / file).exists():
                yield f"opens {file}, and there is no such file", "correct its name"


def _file(option: str, value: str) -> str:
    """Return which file a link opens, or nothing if it opens none."""
    value = unquote(value).lstrip("/")
    if option != "urlpath":
        return value
    match = OPENERS.match(value)
    return match["file"] if match else ""


def _on_github(repository: Repository) -> list[str]:
    lines = repository.git("remote", "-v").splitlines()
    found = (GITHUB.search(line.split()[1]) for line in lines if len(line.split()) > 1)
    return list(dict.fromkeys(match["name"] for match in found if match))


def _has_branch(repository: Repository, name: str) -> bool:
    """Tell whether there is a branch or tag; also True where this clone cannot know."""
    if name == "HEAD" or COMMIT.fullmatch(name):
        return True
    if repository.git("rev-parse", "--is-shallow-repository") == "true":
        return True
    remotes = repository.git("remote").splitlines()
    fetched = [repository.git("config", "--get-all", f"remote.{r}.fetch") for r in remotes]
    if not fetched or not all("refs/heads/*" in each for each in fetched):
        return True
    known = repository.git("for-each-ref", "--format=%(refname)").splitlines()
    names = {ref.split("/", 2)[2] for ref in known if ref.startswith(("refs/heads/", "refs/tags/"))}
    names |= {ref.split("/", 3)[3] for ref in known if ref.startswith("refs/remotes/")}
    return not known or name in names
