"""The site for browser-only Jupyter, as it is built."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit import KitError, __version__
from kit.authoring.lite import wheels
from kit.authoring.lite.build import build_lite
from kit.authoring.lite.runtime import VERSION

pytestmark = pytest.mark.notebook

LESSONS = Path(__file__).parents[4] / "lessons"
KERNEL = "@jupyterlite/pyodide-kernel-extension"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site with all lessons."""
    folder = tmp_path_factory.mktemp("sites") / "lite"
    build_lite([LESSONS], folder, title="A <b>course</b>")
    return folder


def read(path: Path) -> Any:
    """What a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_lessons_are_listed(site: Path):
    """JupyterLite finds every lesson by its own index, and no solution."""
    listed = {entry["name"] for entry in read(site / "api/contents/all.json")["content"]}
    assert {path.name for path in LESSONS.glob("*.ipynb")} <= listed
    assert "solutions" not in listed
    assert not (site / "files" / "solutions").exists()
    for name in listed:
        assert (site / "files" / name).exists()


@pytest.mark.slow
def test_wheels_are_indexed(site: Path):
    """The kernel finds the kit and the widgets, with the digests of what is really there."""
    index = read(site / "pypi/all.json")
    expected = {"os-course-kit": __version__, **wheels.own()}
    assert {name: next(iter(entry["releases"])) for name, entry in index.items()} == expected
    for entry in index.values():
        (release,) = next(iter(entry["releases"].values()))
        wheel = site / "pypi" / release["filename"]
        assert wheel.name.endswith("-none-any.whl")
        assert release["digests"]["sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    with zipfile.ZipFile(next((site / "pypi").glob("os_course_kit-*.whl"))) as kit:
        assert "kit/widgets/static/player.js" in kit.namelist()


@pytest.mark.slow
def test_widgets_have_their_javascript_in_the_version_of_their_python(site: Path):
    """Every package that draws has its extension in the site, and the kernel's Pyodide is ours."""
    settings = read(site / "jupyter-lite.json")["jupyter-config-data"]
    names = {extension["name"] for extension in settings["federated_extensions"]}
    assert {"anywidget", "bqplot", "bqscales", "@jupyter-widgets/jupyterlab-manager"} <= names
    assert read(site / "extensions/bqplot/package.json")["name"] == "bqplot"
    for extension in settings["federated_extensions"]:
        assert (site / "extensions" / extension["name"] / extension["load"]).is_file()
    scripts = (site / "extensions" / KERNEL / "static").glob("*.js")
    assert any(f"pyodide/v{VERSION}/full" in script.read_text("utf-8") for script in scripts)
    assert settings["appName"] == "A <b>course</b>"


def test_what_is_not_ours_is_not_overwritten(tmp_path: Path):
    """A folder with something else in it stays as it is."""
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KitError, match="holds something else"):
        build_lite([LESSONS], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_no_notebook_is_told(tmp_path: Path):
    """A folder without notebooks makes no site."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(KitError):
        build_lite([tmp_path / "empty"], tmp_path / "site")
    assert not (tmp_path / "site").exists()
