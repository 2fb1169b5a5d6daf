"""Whether the browser halves of the widgets are those that the Python halves need.

Each library of widgets has two halves with versions of their own. The Python half says in
each widget which versions of its JavaScript will do; JupyterLab and Notebook load the first
copy of an extension in the folders of Jupyter, whichever package brought it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.check.doctor.diagnostic import Diagnostic, Level, install, install_extra
from kit.check.doctor.disabled import Disabled, disabled
from kit.check.doctor.versions import installed

SUBJECT = "widgets"


@dataclass(frozen=True)
class Library:
    """A library of widgets.

    Attributes
    ----------
    extension : str
        Name of its JavaScript half.
    package : str
        The Python package that brings that half.
    module, widget : str
        Where one of its widgets is, which knows what version it needs.
    """

    extension: str
    package: str
    module: str
    widget: str


MANAGER = "@jupyter-widgets/jupyterlab-manager"
LIBRARIES = (
    Library(MANAGER, "jupyterlab_widgets", "ipywidgets", "DOMWidget"),
    Library("bqscales", "bqscales", "bqscales", "LinearScale"),
    Library("bqplot", "bqplot", "bqplot", "Figure"),
    Library("anywidget", "anywidget", "anywidget", "AnyWidget"),
)
# Of ipywidgets a widget names the version of the protocol, which has another number than the
# extension: https://ipywidgets.readthedocs.io/en/stable/user_install.html has both.
MANAGERS = {"1": "^3", "2": "^5"}


@dataclass(frozen=True)
class Copy:
    """An extension in one of the folders of Jupyter."""

    folder: Path
    version: str


def check() -> Iterator[Diagnostic]:
    """Yield what is found about each library of widgets."""
    if importlib.util.find_spec("jupyterlab_server") is None:
        found = "not compared with what JupyterLab loads, because it is not installed"
        yield Diagnostic(SUBJECT, "note", found, install_extra("lessons"))
        return
    try:
        copies, off = _copies(), disabled()
    except (OSError, ValueError, KeyError) as error:
        found = f"JupyterLab cannot read its extensions or their settings: {error}"
        yield Diagnostic(SUBJECT, "wrong", found, "mend that file, or take it away")
        return
    for library in LIBRARIES:
        yield from _of(library, copies.get(library.extension, ()), off)


def _copies() -> dict[str, list[Copy]]:
    """Return all copies of each extension; the first of each is the one that is loaded."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_federated_extensions

    copies: dict[str, list[Copy]] = {}
    for folder in dict.fromkeys(jupyter_path("labextensions")):
        try:
            there = get_federated_extensions([folder])
        except (OSError, ValueError, KeyError) as error:
            raise ValueError(f"{folder}: {error}") from None
        for name, data in there.items():
            copies.setdefault(name, []).append(Copy(Path(data["ext_path"]), str(data["version"])))
    return copies


def needed(library: Library) -> str:
    """Return which versions of its JavaScript a library needs, as npm writes a range.

    Parameters
    ----------
    library : Library
    """
    with warnings.catch_warnings():
        # bqscales declares a trait the way of an older traitlets.
        warnings.simplefilter("ignore", DeprecationWarning)
        widget = getattr(importlib.import_module(library.module), library.widget)
    asked = str(widget.class_traits()["_model_module_version"].default_value)
    return MANAGERS.get(asked.partition(".")[0], asked) if library.extension == MANAGER else asked


def fits(version: str, wanted: str) -> bool:
    """Tell whether a version is in a range, by the rules of npm.

    Parameters
    ----------
    version, wanted : str
        Such as "0.6.1" and "^0.6.1".
    """
    # JupyterLab before 4.6 had it itself.
    has_builder = importlib.util.find_spec("jupyter_builder") is not None
    place = "jupyter_builder.jupyterlab_semver" if has_builder else "jupyterlab.semver"
    return bool(importlib.import_module(place).satisfies(version, wanted, True))


def _of(library: Library, copies: Sequence[Copy], off: Sequence[Disabled]) -> Iterator[Diagnostic]:
    name, has = library.extension, installed(library.package)
    again = install("--force-reinstall", "--no-deps", f"{library.package}=={has}")
    if has is None:
        found = f"{library.package} is not installed, which brings {name}"
        yield Diagnostic(SUBJECT, "wrong", found, install(library.package))
        return
    if not copies:
        found = f"{library.package} {has} is installed, but JupyterLab finds no {name} of it"
        yield Diagnostic(SUBJECT, "wrong", found, again)
        return
    wrong = [*_versions(library, copies, again), *(_off(one) for one in off if one.hits(name))]
    yield from wrong
    if not any(diagnostic.level == "wrong" for diagnostic in wrong):
        python = f"{library.module} {_python(library)} in Python"
        found = f"{name} {copies[0].version} in JupyterLab fits {python}"
        yield Diagnostic(SUBJECT, "well", found)


def _python(library: Library) -> str:
    return installed(library.module) or "?"


def _versions(library: Library, copies: Sequence[Copy], again: str) -> Iterator[Diagnostic]:
    """Yield whether the copy that is loaded has a version that will do, and hides another."""
    name, wanted, (used, *hidden) = library.extension, needed(library), copies
    loaded = f"JupyterLab loads {name} {used.version} from {used.folder}"
    ours = used.folder.is_relative_to(Path(sys.prefix))
    if not fits(used.version, wanted):
        python = f"{library.module} {_python(library)} needs {wanted}"
        remedy = again if ours else _take_away(used, hidden, again)
        yield Diagnostic(SUBJECT, "wrong", f"{loaded}, but {python}", remedy)
        return
    if hidden and not ours:
        same = all(copy.version == used.version for copy in hidden)
        level: Level = "note" if same else "wrong"
        found = f"{loaded}, which hides {hidden[0].version} in {hidden[0].folder}"
        yield Diagnostic(SUBJECT, level, found, _take_away(used, hidden, again))


def _take_away(used: Copy, hidden: Sequence[Copy], again: str) -> str:
    remedy = f"take the folder {used.folder} away"
    if os.environ.get("JUPYTER_PATH"):
        remedy += ", or out of the variable JUPYTER_PATH"
    return remedy if hidden else f"{remedy}, then run: {again}"


def _off(one: Disabled) -> Diagnostic:
    return Diagnostic(SUBJECT, "wrong", f"{one.pattern} is disabled in {one.file}", one.remedy)
