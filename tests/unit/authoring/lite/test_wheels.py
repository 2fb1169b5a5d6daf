"""What the site for browser-only Jupyter brings along, and what Pyodide has already."""

from importlib.metadata import PackageNotFoundError

import pytest
from packaging.utils import canonicalize_name

from kit import KitError
from kit.authoring.lite import wheels

pytestmark = pytest.mark.notebook


def test_pyodide_has_versions_that_fit():
    """Each package that is taken from Pyodide is there in a version that all who need it allow."""
    theirs = wheels.of_pyodide()
    taken = set()
    for by, wanted in wheels.requirements():
        version = theirs.get(canonicalize_name(wanted.name))
        if version is not None:
            taken.add(wanted.name)
            assert wanted.specifier.contains(version), f"{by} needs {wanted}, there is {version}"
    assert {"numpy", "pandas", "click", "tqdm", "traitlets"} <= taken


def test_what_is_brought_along_are_the_widgets():
    """Nothing of Pyodide's is brought along, nothing of the kernel's, and no widget is left out."""
    own = wheels.own()
    assert {"anywidget", "bqplot", "bqscales", "ipywidgets"} <= own.keys()
    assert own.keys().isdisjoint(wheels.of_pyodide())
    assert own.keys().isdisjoint(wheels.OF_THE_KERNEL)
    drawing = {"anywidget", "bqplot", "bqscales", "jupyterlab-widgets"}
    assert wheels.with_extensions().keys() == drawing


def test_a_package_that_is_missing_here_is_named(monkeypatch: pytest.MonkeyPatch):
    """Without the widgets installed nobody can know their versions, which is one sentence."""
    asked = wheels.distribution

    def without_bqplot(name: str) -> object:
        if name == "bqplot":
            raise PackageNotFoundError(name)
        return asked(name)

    monkeypatch.setattr(wheels, "distribution", without_bqplot)
    with pytest.raises(KitError, match=r"^bqplot is not installed; install the kit again$"):
        wheels.own()
