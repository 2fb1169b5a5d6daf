"""The rules of the Binder tier: what each of its problems is about."""

from __future__ import annotations

RULES = {
    "repo2docker": "repo2docker understands the repository",
    "buildpack": "Binder installs from requirements.txt, and from nothing else",
    "shadowed": "no file is overlooked because of another one",
    "ignored": "git keeps every file that Binder needs",
    "runtime": "runtime.txt says which Python Binder takes",
    "reinstall": "Binder keeps what it installed when only a lesson changes",
    "pinned": "every package has an exact version",
    "resolves": "these versions can be installed together, for that Python, on Linux",
    "missing": "every package that the lessons need is installed",
    "drift": "Binder, the lock file and pyproject.toml agree on versions",
    "script": "postBuild and start can be run on Linux",
    "news": "JupyterLab does not ask visitors about its news",
    "badge": "the Binder links of the README lead to this repository and to files in it",
    "python": "the rehearsal has the Python that Binder takes",
    "install": "the packages can be installed",
    "post-build": "postBuild runs to its end",
    "server": "JupyterLab starts",
}
"""Names of the rules, with what holds when a repository keeps them.

What is wrong with the lesson of the rehearsal has the rules of the browser tier.
"""
