import subprocess

import pytest

from kit.authoring.site.places import binder_link, checked_name, repository_of, top_of
from kit.errors import KitError

BADGE = "[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/a/b-c/HEAD)"


def test_repository_from_the_settings(tmp_path):
    """What stands in [tool.kit] comes before the badge."""
    (tmp_path / "README.md").write_text(BADGE)
    assert repository_of(tmp_path) == "a/b-c"
    (tmp_path / "pyproject.toml").write_text('[tool.kit]\nrepository = "x/y"\n')
    assert repository_of(tmp_path) == "x/y"


def test_no_repository(tmp_path):
    """Where nothing names one there is none, and no link."""
    assert repository_of(tmp_path) == ""
    assert binder_link("", "lessons/a.ipynb") == ""


@pytest.mark.parametrize("text", ["repository = 1", 'repository = "<x>"'])
def test_wrong_setting(tmp_path, text):
    """What is no name of a repository is told with its place."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.kit]\n{text}\n")
    with pytest.raises(KitError, match=r"\[tool.kit\] repository is .*; give owner/name"):
        repository_of(tmp_path)


def test_broken_settings(tmp_path):
    """Settings that cannot be read are told in a sentence."""
    (tmp_path / "pyproject.toml").write_text("[")
    with pytest.raises(KitError, match="this is no TOML"):
        repository_of(tmp_path)


def test_checked_name():
    """A name is an owner and a repository."""
    assert checked_name("a/b", "it") == "a/b"
    with pytest.raises(KitError, match="it is 'a'"):
        checked_name("a", "it")


def test_binder_opens_the_notebook():
    """The link opens the notebook in JupyterLab; its path is quoted."""
    link = binder_link("a/b", "my lessons/1.ipynb")
    assert link == ("https://mybinder.org/v2/gh/a/b/HEAD?urlpath=lab/tree/my%20lessons/1.ipynb")


def test_top(tmp_path):
    """The top is that of the git repository, or else the folder of the file."""
    file = tmp_path / "lessons" / "a.ipynb"
    file.parent.mkdir()
    file.touch()
    assert top_of(file) == file.parent
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert top_of(file) == tmp_path.resolve()
