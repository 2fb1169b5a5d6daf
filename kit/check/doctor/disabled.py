"""Which extensions of JupyterLab are disabled, by which file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.check.doctor.diagnostic import this_python

KEYS = ("disabledExtensions", "lockedExtensions")


@dataclass(frozen=True)
class Disabled:
    """What a file disables.

    Attributes
    ----------
    pattern : str
        An extension, one of its plugins, or a regular expression for names.
    file : Path
    level : str or None
        What ``jupyter labextension --level`` calls that place; None if it knows no such place.
    locked : bool
        Whether a page of JupyterLab cannot enable it.
    """

    pattern: str
    file: Path
    level: str | None
    locked: bool

    def hits(self, extension: str) -> bool:
        """Tell whether an extension, or a part of it, is meant.

        Parameters
        ----------
        extension : str
        """
        if self.pattern == extension or self.pattern.startswith(f"{extension}:"):
            return True
        try:
            return re.match(self.pattern, extension) is not None
        except re.error:
            return False

    @property
    def remedy(self) -> str:
        """How to enable it."""
        if self.level is None:
            return f"take {self.pattern} out of {self.file}"
        where = (self.pattern, f"--level={self.level}")
        enable = this_python("-m", "jupyter", "labextension", "enable", *where)
        if not self.locked:
            return enable
        return f"{this_python('-m', 'jupyter', 'labextension', 'unlock', *where)} && {enable}"


def disabled() -> list[Disabled]:
    """Return what is disabled for JupyterLab in this environment, however many files say so.

    Raises
    ------
    ValueError
        If a file cannot be read; the message names it.
    """
    from jupyterlab_server.config import get_page_config

    settings = _app_settings()
    said = [(file, level, _read(file)) for file, level in _files(settings)]
    # The library knows which file counts most; the files only say who it was.
    effective = get_page_config([], app_settings_dir=str(settings))["disabledExtensions"]
    locked = {name for _, _, content in said for name in _names(content.get(KEYS[1], ()))}
    return [
        Disabled(name, file, level, name in locked)
        for file, level, content in said
        for name in _names(content.get(KEYS[0], ()))
        if name in effective
    ]


def _app_settings() -> Path:
    app = os.environ.get("JUPYTERLAB_DIR") or Path(sys.prefix) / "share" / "jupyter" / "lab"
    return Path(app) / "settings"


def _files(settings: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield the files that can disable something, with what the command calls their place."""
    from jupyter_core import paths

    levels = dict.fromkeys(map(Path, paths.SYSTEM_CONFIG_PATH[:1]), "system")
    levels[Path(paths.ENV_CONFIG_PATH[0])] = "sys_prefix"
    levels[Path(paths.jupyter_config_dir())] = "user"
    for folder in map(Path, paths.jupyter_config_path()):
        of_lab = folder / "labconfig"
        more = [(file, None) for file in sorted((of_lab / "page_config.d").glob("*.json"))]
        yield from ((of_lab / "page_config.json", levels.get(folder)), *more)
    yield settings / "page_config.json", None


def _read(file: Path) -> dict[str, Any]:
    import json5

    try:
        content = json5.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (OSError, ValueError) as error:
        raise ValueError(f"{file}: {error}") from None
    return content if isinstance(content, dict) else {}


def _names(listed: Iterable[str] | dict[str, bool]) -> list[str]:
    """Return what is listed, or has the value true."""
    return [n for n, on in listed.items() if on] if isinstance(listed, dict) else list(listed)
