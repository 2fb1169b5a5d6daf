"""What to do about the exceptions that notebooks raise most often."""

from __future__ import annotations

import difflib
import importlib.machinery
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

from kit.check.execution.troubles import Trouble

UNDEFINED = re.compile(r"NameError: name '(\w+)' is not defined")
NO_MAGIC = re.compile(r"UsageError: (?:Cell|Line) magic .* not found")
_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_NAME = re.compile(r"ImportError: cannot import name '(\w+)' from '([\w.]+)'")
_FILE = re.compile(r"FileNotFoundError: .*?'((?:/|~|[A-Za-z]:\\).*)'")
_NETWORK = re.compile(
    r"(?:URLError|gaierror|ConnectionError|ConnectionRefusedError|ConnectionResetError|ConnectError"
    r"|ConnectTimeout|ReadTimeout|MaxRetryError|NameResolutionError|NewConnectionError|ProxyError"
    r"|RemoteDisconnected|ServerDisconnectedError|ClientConnector\w*Error)\b"
    r"|OSError: \[Errno (?:101|113)\]|HTTPError: .*\b(?:403|407|502|503|504)\b"
)
_CLOSE = 0.75
"""How alike a misspelt name has to be."""
_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""What to install for modules that are called otherwise."""


def explained(trouble: Trouble, folder: Path, names_of: Callable[[str], Iterable[str]]) -> Trouble:
    """Return an exception with what to do about it, as far as it says so itself.

    Parameters
    ----------
    trouble : Trouble
    folder : Path
        Where the notebook runs.
    names_of : callable
        Returns the names in a module that the kernel has loaded.
    """
    if found := _MODULE.match(trouble.text):
        return replace(trouble, remedy=_missing_module(found[1], folder))
    if found := _NAME.match(trouble.text):
        near = _nearest(found[1], names_of(found[2]))
        text = trouble.text.partition(" (")[0]
        where = f"look what {found[2]} has"
        return replace(trouble, text=text, remedy=f"did you mean '{near}'?" if near else where)
    if _NETWORK.match(trouble.text):
        text = f"{trouble.text} (no network, or no answer from there)"
        remedy = "keep what it loads next to the notebook: a class may have no network either"
        return replace(trouble, text=text, remedy=remedy)
    if _FILE.match(trouble.text):
        remedy = "put the file next to the notebook, and write its path as seen from there"
        return replace(trouble, remedy=remedy)
    return trouble


def _missing_module(name: str, folder: Path) -> str:
    package, _, inner = name.partition(".")
    if inner and (spec := _spec(package)) is not None:
        places = spec.submodule_search_locations or ()
        near = _nearest(inner, (one.name for one in pkgutil.iter_modules(list(places))))
        return f"did you mean '{package}.{near}'?" if near else f"look what {package} has"
    beside = [file.stem for file in folder.glob("*.py")]
    known = {*sys.stdlib_module_names, *packages_distributions(), *beside}
    near = _nearest(package, (one for one in known if not one.startswith("_")))
    wanted = _DISTRIBUTIONS.get(package, package)
    install = f"run `pip install {wanted}`, and add it to binder/requirements.txt"
    return f"did you mean '{near}'? if not, {install}" if near else install


def _spec(package: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=3, cutoff=_CLOSE)
    # Hardly anybody mistypes the first letter.
    close.sort(key=lambda one: one[0] != name[0])
    return close[0] if close else ""
