"""The rules of the Binder tier; the lesson of its rehearsal has those of the browser tier."""

from __future__ import annotations

from kit.check.rules import Rule, by_name


class Repo2docker(Rule):
    """Repo2docker understands the repository."""

    code, name = "KC401", "repo2docker"
    remedy = "mend the file that it names"


class Buildpack(Rule):
    """Binder installs from requirements.txt, and from nothing else.

    A file of conda or Docker makes Binder overlook it.
    """

    code, name = "KC402", "buildpack"
    remedy = "keep requirements.txt in binder/, and remove the other file"


class Shadowed(Rule):
    """No file is overlooked because of another one.

    Of several places Binder looks at the first only.
    """

    code, name = "KC403", "shadowed"
    remedy = "keep the one in binder/, and remove the other"


class Ignored(Rule):
    """Git keeps every file that Binder needs."""

    code, name = "KC404", "ignored"
    remedy = "take it out of .gitignore, and add it to git"


class Runtime(Rule):
    """The file runtime.txt says which Python Binder takes."""

    code, name = "KC405", "runtime"
    remedy = "write python- and the version into binder/runtime.txt"


class Reinstall(Rule):
    """Binder keeps what it installed when only a lesson changes.

    Otherwise visitors wait for minutes after each change of a lesson.
    """

    code, name = "KC406", "reinstall"
    remedy = "install nothing from the repository itself in requirements.txt"


class Pinned(Rule):
    """Every package has an exact version.

    Otherwise the version that is installed tomorrow may not be the one that works today.
    """

    code, name = "KC407", "pinned"
    remedy = "write name==version for each package"


class Resolves(Rule):
    """These versions can be installed together, for that Python, on Linux."""

    code, name = "KC408", "resolves"
    remedy = "choose versions that fit together, as `make lock` or uv does"


class Missing(Rule):
    """Every package that the lessons need is installed."""

    code, name = "KC409", "missing"
    remedy = "add the package with its version to requirements.txt"


class Drift(Rule):
    """Binder, the lock file and pyproject.toml agree on versions."""

    code, name = "KC410", "drift"
    remedy = "make the list for Binder from the lock file again"


class Script(Rule):
    """The scripts postBuild and start can be run on Linux."""

    code, name = "KC411", "script"
    remedy = "save it with the line ends of Linux, and make it executable"


class News(Rule):
    """JupyterLab does not ask visitors about its news."""

    code, name = "KC412", "news"
    remedy = "let postBuild switch the announcements off"


class Badge(Rule):
    """The Binder links of the README lead to this repository and to files in it."""

    code, name = "KC413", "badge"
    remedy = "mend the address of the link"


class Python(Rule):
    """The rehearsal has the Python that Binder takes."""

    code, name = "KC414", "python"
    remedy = "install that Python, or let uv fetch it"


class Install(Rule):
    """The packages can be installed."""

    code, name = "KC415", "install"
    remedy = "mend the line of requirements.txt that is named"


class PostBuild(Rule):
    """The script postBuild runs to its end."""

    code, name = "KC416", "post-build"
    remedy = "run it in a clone, and mend what fails"


class Server(Rule):
    """JupyterLab starts."""

    code, name = "KC417", "server"
    remedy = "look at what it has printed"


RULES = by_name(
    Repo2docker,
    Buildpack,
    Shadowed,
    Ignored,
    Runtime,
    Reinstall,
    Pinned,
    Resolves,
    Missing,
    Drift,
    Script,
    News,
    Badge,
    Python,
    Install,
    PostBuild,
    Server,
)
"""Name -> the rule."""
