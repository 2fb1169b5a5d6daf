import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from kit import KitError, __version__
from kit.authoring.course import repository
from kit.authoring.course.repository import NO_REPOSITORY, PYTHON, make_course
from kit.authoring.site.places import course_title
from kit.check.settings import Settings

pytestmark = pytest.mark.notebook

ROOT = Path(__file__).parents[4]
NASTY = "A *bold* [link](http://x) <script>alert(1)</script> | `c` & $x$ _y_ \\ {{ title }} #"


def names(folder: Path) -> set[str]:
    """All files in a folder, by name, relative to it."""
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def pins(path: Path) -> dict[str, set[str]]:
    """Package -> the versions a list of requirements names for it."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([a-z0-9._-]+)(?:\[.*\])?==([^\s;]+)", path.read_text()):
        found.setdefault(name, set()).add(version)
    return found


def test_course_has_everything(tmp_path: Path):
    """A course has a lesson, Binder files, a check, and nothing else, no hidden remains either."""
    course = make_course(tmp_path / "my-course")
    assert names(tmp_path / "my-course") == set(course.files)
    assert list(tmp_path.iterdir()) == [tmp_path / "my-course"]
    assert {"lessons/01_first_lesson.ipynb", "binder/requirements.txt", "README.md"} <= {
        *course.files
    }
    assert course.lesson.is_file()
    assert not (tmp_path / "my-course" / ".git").exists()


def test_title_is_made_from_the_folder(tmp_path: Path):
    """Without a title the course is called as its folder, written as words."""
    course = make_course(tmp_path / "my-first_course")
    assert course.title == "My first course"
    assert (course.folder / "README.md").read_text().startswith("# My first course\n")


def test_title_is_text_everywhere(tmp_path: Path):
    """Markup and template marks in a title show as they are written."""
    course = make_course(tmp_path / "course", title=NASTY)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(
        (course.folder / "README.md").read_text()
    )
    heading = tokens[1].children
    assert heading is not None
    html = [child.content for child in heading if child.type == "html_inline"]
    assert html == ["<span>", "</span>"] * 2  # around a dollar, which would begin a formula
    text = [child.content for child in heading if child.type in ("text", "text_special")]
    assert len(heading) == len(html) + len(text)
    assert "".join(text) == NASTY


def test_the_title_is_that_of_the_site(tmp_path: Path):
    """`kit build` finds it where `kit init` has written it, whatever characters it has."""
    course = make_course(tmp_path / "course", title=NASTY + ' "quoted"')
    assert course_title(None, course.lesson) == NASTY + ' "quoted"'


def test_visitors_of_binder_get_no_solutions(tmp_path: Path):
    """postBuild, run in a clone, takes them away, and nothing else."""
    folder = make_course(tmp_path / "course").folder
    (folder / "week 1" / "solutions").mkdir(parents=True)
    (folder / "week 1" / "solutions" / "a.txt").touch()
    before = names(folder)
    jupyter = tmp_path / "bin" / "jupyter"
    jupyter.parent.mkdir()
    jupyter.write_text("#!/bin/sh\n")
    jupyter.chmod(0o755)
    path = f"{jupyter.parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["./binder/postBuild"], cwd=folder, env={"PATH": path}, check=True)
    gone = before - names(folder)
    assert "lessons/solutions/threads.txt" in gone
    assert all("/solutions/" in name for name in gone)
    assert not (folder / "week 1" / "solutions").exists()
    ours = (ROOT / "binder" / "postBuild").read_text().splitlines()[-1]
    assert ours == (folder / "binder" / "postBuild").read_text().splitlines()[-1]


@pytest.mark.parametrize(
    "named",
    [
        "anna/os-lessons",
        "https://github.com/anna/os-lessons",
        "https://github.com/anna/os-lessons.git",
        "git@github.com:anna/os-lessons.git",
    ],
)
def test_readme_links_lead_to_binder(tmp_path: Path, named: str):
    """Badge and links open the lesson that is there, in the repository that was named."""
    course = make_course(tmp_path / "course", repository=named)
    readme = (course.folder / "README.md").read_text()
    links = re.findall(r"https://mybinder\.org/v2/gh/([^)\s]+)", readme)
    assert len(links) == 2
    for link in links:
        start, opened = link.split("/HEAD?urlpath=lab/tree/")
        assert start == "anna/os-lessons"
        assert (course.folder / opened).is_file()
    assert NO_REPOSITORY not in readme
    assert "anna/os-lessons" in course.next_steps[2]


def test_readme_says_what_to_fill_in(tmp_path: Path):
    """Without a repository the README and the next steps say what stands for it."""
    course = make_course(tmp_path / "course")
    readme = (course.folder / "README.md").read_text()
    assert readme.count(NO_REPOSITORY) == 3
    assert "Before you share this" in readme
    assert NO_REPOSITORY in course.next_steps[2]


def test_links_of_the_readme_exist(tmp_path: Path):
    """Every local link and every file that the README names is there."""
    course = make_course(tmp_path / "course")
    readme = (course.folder / "README.md").read_text()
    local = re.findall(r"\]\((?!http)([^)]+)\)", readme) + re.findall(r"(?m)^\| `([^`]+)`", readme)
    assert len(local) == 5
    for target in local:
        assert (course.folder / target).exists(), target


def test_one_list_of_versions_for_binder_and_ci(tmp_path: Path):
    """Binder and the check on GitHub have one Python and one list, the kit pinned too."""
    folder = make_course(tmp_path / "course", kit="release").folder
    workflow = yaml.safe_load((folder / ".github/workflows/check.yml").read_text())
    steps = workflow["jobs"]["lessons"]["steps"]
    options = {name: value for step in steps for name, value in step.get("with", {}).items()}
    assert (folder / "binder/runtime.txt").read_text() == f"python-{options['python-version']}\n"
    commands = [step["run"] for step in steps if "run" in step]
    assert "python -m pip install -r binder/requirements.txt" in commands
    assert pins(folder / "binder/requirements.txt")["os-course-kit"] == {__version__}
    assert not (folder / "requirements.txt").exists()
    lines = (folder / "binder/requirements.txt").read_text().splitlines()
    assert all(line.startswith("#") or "==" in line for line in lines)


def test_versions_are_those_the_kit_is_tested_with():
    """The list that comes with the kit is part of the lock, and holds what Binder has here."""
    own = pins(ROOT / "kit/authoring/course/pins.txt")
    lock = pins(ROOT / "requirements.lock")
    assert {name for name, versions in own.items() if not versions <= lock[name]} == set()
    here = pins(ROOT / "binder/requirements.txt")
    assert {name for name, versions in here.items() if own.get(name) != versions} == set()
    assert {"jupyterlab", "nbval", "ruff", "bqplot"} <= own.keys()
    assert (ROOT / "binder/runtime.txt").read_text().strip() == f"python-{PYTHON}"


def test_scripts_are_for_linux(tmp_path: Path):
    """Files have Linux' line ends on every system, and postBuild says so to git too."""
    folder = make_course(tmp_path / "course").folder
    for name in names(folder):
        assert b"\r" not in (folder / name).read_bytes(), name
    assert "eol=lf" in (folder / ".gitattributes").read_text()
    if os.name == "posix":
        assert os.access(folder / "binder/postBuild", os.X_OK)
        (tmp_path / "usual").mkdir()
        assert folder.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_settings_of_the_course_apply(tmp_path: Path):
    """The course's own settings can be read, and none above it apply."""
    (tmp_path / "pyproject.toml").write_text("[tool.kit.check]\ncell_seconds = 1\n")
    course = make_course(tmp_path / "course")
    assert Settings.near(course.lesson) == Settings()


def test_offered_hook_is_one_of_the_kit(tmp_path: Path):
    """What pre-commit is offered is a hook that this version of the kit has."""
    folder = make_course(tmp_path / "course", kit="release").folder
    offered = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"][0]
    known = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert offered["rev"] == f"v{__version__}"
    assert {hook["id"] for hook in offered["hooks"]} <= {hook["id"] for hook in known}


def test_empty_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A course can be made in the folder one is in, if that is empty."""
    monkeypatch.chdir(tmp_path)
    course = make_course(".", title="Here")
    assert names(tmp_path) == set(course.files)
    assert {path.name for path in tmp_path.iterdir()} == {f.split("/")[0] for f in course.files}


@pytest.mark.parametrize(
    ("name", "options", "advice"),
    [
        ("used", {}, "this folder is not empty; choose another name"),
        ("file", {}, "this exists and is no folder; choose another name"),
        ("nowhere/course", {}, "there is no such folder; make it first"),
        ("course", {"title": " "}, "give one line of 1 to 200 characters"),
        ("course", {"title": "two\nlines"}, "give one line of 1 to 200 characters"),
        ("course", {"repository": "anna"}, "as in anna/my-course"),
        ("course", {"repository": "https://gitlab.com/a/b"}, "as in anna/my-course"),
        ("course", {"repository": "a/b?urlpath=c"}, "as in anna/my-course"),
        ("c" * 300, {"title": "Mine"}, "choose another place"),
    ],
)
def test_mistake_changes_nothing(tmp_path: Path, name: str, options: dict[str, str], advice: str):
    """A mistake is answered in one sentence, and nothing is made or changed."""
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(KitError, match=re.escape(advice)) as caught:
        make_course(tmp_path / name, **options)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == {"used/notes.txt", "file"}
    assert len(list(tmp_path.iterdir())) == 2


def test_failure_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """When something fails half-way, no half-made course is left, nor anything else."""

    def full(made: Path) -> None:
        assert (made / "README.md").exists()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(repository, "_git_init", full)
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with pytest.raises(KitError, match="No space left on device; choose another place"):
            make_course(tmp_path / name, git=True)
    assert list(tmp_path.rglob("*")) == [tmp_path / "empty"]


def test_git_only_when_asked(tmp_path: Path):
    """With --git the course is a git repository, in which nothing is committed yet."""
    course = make_course(tmp_path / "course", git=True)
    command = ["git", "status", "--porcelain", "--untracked-files=all"]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True, check=True)
    assert {line.removeprefix("?? ") for line in done.stdout.splitlines()} == set(course.files)


def test_missing_git_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without git on the machine, --git is refused before anything is made."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KitError, match="install it, or leave --git out"):
        make_course(tmp_path / "course", git=True)
    assert list(tmp_path.iterdir()) == []


def test_command_says_what_to_do_next(tmp_path: Path):
    """`kit init` makes the course and prints three steps."""
    command = [sys.executable, "-m", "kit", "init", "my course", "--repository", "anna/os"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0] == "my course is made. What to do next:"
    assert len(lines) == 4
    assert "kit preview 'my course/lessons/01_first_lesson.ipynb'" in lines[1]
    assert "kit check 'my course/lessons'" in lines[2]
    assert (tmp_path / "my course" / "README.md").is_file()
