"""What an examination finds, and how a remedy is written."""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import Literal

Level = Literal["well", "note", "wrong"]


@dataclass(frozen=True)
class Diagnostic:
    """One thing that was looked at.

    Attributes
    ----------
    subject : str
        What it was, in a word or two, such as "kernel".
    level : {"well", "note", "wrong"}
        A note is worth knowing but stops no lesson, such as a part that is not installed.
    found : str
        What was found, as a sentence without a full stop at its end.
    remedy : str
        What to do, most often a command; nothing if all is well.
    """

    subject: str
    level: Level
    found: str
    remedy: str = ""


def this_python(*arguments: str) -> str:
    """Return a command for this very Python, as a shell takes it.

    Parameters
    ----------
    *arguments : str
        What follows the name of the program.
    """
    command = [sys.executable, *arguments]
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


def install(*arguments: str) -> str:
    """Return the command that installs something into this environment.

    Parameters
    ----------
    *arguments : str
        Options, and what to install.
    """
    if importlib.util.find_spec("pip") is not None:
        return this_python("-m", "pip", "install", *arguments)
    # An environment that uv has made has no pip.
    python = this_python()
    return f"uv pip install --python {python} {shlex.join(arguments)}"


def install_extra(extra: str) -> str:
    """Return the command that adds an extra of the kit.

    Parameters
    ----------
    extra : str
        Such as "lessons".
    """
    return install(f"os-course-kit[{extra}]")
