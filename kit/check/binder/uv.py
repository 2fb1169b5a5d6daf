"""Running uv with the package index that pip is set up for."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from uv import find_uv_bin

from kit.errors import KitError

# Names of pip's settings, and of uv's variables that mean the same.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}
SETTING = re.compile(r"(?P<section>[^=]+)\.(?P<name>[\w-]+)=(?P<value>.*)")
# A later one counts more.
SECTIONS = ("global", "install", ":env:")
UNREACHABLE = re.compile(r"dns error|client error|error sending request|timed out")


@cache
def pip_settings() -> Mapping[str, str]:
    """Return pip's settings on this machine, by their names; none if there is no pip."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in done.stdout.splitlines() if done.returncode == 0 else ():
        match = SETTING.fullmatch(line)
        if match and match["section"] in found:
            found[match["section"]][match["name"]] = str(ast.literal_eval(match["value"]))
    return {name: value for section in SECTIONS for name, value in found[section].items()}


def pip_variables() -> dict[str, str]:
    """Return the variables that give pip the same settings wherever its home is."""
    return {f"PIP_{name.upper().replace('-', '_')}": v for name, v in pip_settings().items()}


def variables() -> dict[str, str]:
    """Return the variables that give uv the settings of pip; uv's own come first."""
    settings = pip_settings()
    found = {
        variable: ",".join(settings[name].split())
        if variable == "UV_FIND_LINKS"
        else settings[name].strip()
        for name, variable in SETTINGS.items()
        if name in settings
    }
    if "extra-index-url" in settings:
        # As pip does it: the best version, whichever index has it.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found | os.environ


@dataclass(frozen=True)
class Outcome:
    """How a run of uv ended.

    Attributes
    ----------
    good : bool
    printed, said : str
        What it wrote, and what it said about it.
    """

    good: bool
    printed: str
    said: str

    @property
    def reason(self) -> str:
        """Why it failed, in one line."""
        lines = [" ".join(line.split()) for line in self.said.splitlines() if line.strip()]
        causes = [line.removeprefix("cause: ") for line in lines if line.startswith("cause:")]
        errors = [line.removeprefix("error: ") for line in lines if line.startswith("error:")]
        found = causes or errors or lines or ["uv gave no reason"]
        return found[-1].rstrip(".")


def run(*arguments: str, folder: Path, seconds: int, **changed: str) -> Outcome:
    """Run uv.

    Parameters
    ----------
    *arguments : str
        Its command and options.
    folder : Path
        Where.
    seconds : int
        How long it may take.
    **changed : str
        More environment variables.

    Raises
    ------
    KitError
        If it takes longer, or the package index cannot be reached.
    """
    try:
        done = subprocess.run(
            [find_uv_bin(), *arguments],
            cwd=folder,
            env=variables() | changed,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise KitError(
            f"uv {' '.join(arguments[:2])} took longer than {seconds} s; check the network"
        ) from None
    outcome = Outcome(done.returncode == 0, done.stdout, done.stderr.strip())
    if not outcome.good and UNREACHABLE.search(outcome.said) and arguments[0] != "venv":
        raise KitError(f"the package index cannot be reached ({outcome.reason}); check the network")
    return outcome
