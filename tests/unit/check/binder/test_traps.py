from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.check.binder import RULES, plan
from kit.check.binder.repository import copied
from tests.unit.check.binder.repositories import BADGE, GOOD, git, look, make, problems, write

pytestmark = pytest.mark.notebook

POST_BUILD = str(GOOD["binder/postBuild"])
TOML = str(GOOD["pyproject.toml"])


@dataclass(frozen=True)
class Trap:
    """A change that makes a good repository a bad one, and what is said about it."""

    name: str
    rule: str
    says: str
    remedy: str
    files: dict[str, str | None]


def readme(link: str) -> dict[str, str | None]:
    """Return a README with a Binder link."""
    return {"README.md": f"[open]({link})\n"}


def requirements(*lines: str) -> dict[str, str | None]:
    """Return a requirements.txt."""
    return {"binder/requirements.txt": "".join(f"{line}\n" for line in lines)}


TRAPS = (
    Trap(
        "both-folders",
        "repo2docker",
        "repo2docker stops: The repository contains both a 'binder' and a '.binder' directory",
        "keep one of .binder and binder",
        {".binder/requirements.txt": "click==8.1.7\n"},
    ),
    Trap(
        "shadowed-by-folder",
        "shadowed",
        "requirements.txt is overlooked, because there is a folder binder/",
        "move what Binder needs into binder/requirements.txt, and take requirements.txt away",
        {"requirements.txt": "click==8.0.1\n"},
    ),
    Trap(
        "postbuild-outside",
        "shadowed",
        "postBuild is overlooked, because there is a folder binder/",
        "move what Binder needs into binder/postBuild, and take postBuild away",
        {"postBuild": "#!/bin/sh\n"},
    ),
    Trap(
        "unknown-runtime",
        "repo2docker",
        "repo2docker stops: Python version 3.4 on linux-64 is not supported!",
        "name another Python in binder/runtime.txt",
        {"binder/runtime.txt": "python-3.4\n"},
    ),
    Trap(
        "malformed-runtime",
        "repo2docker",
        "repo2docker stops: Invalid runtime.txt: python3.11",
        "write one line such as python-3.11 into binder/runtime.txt",
        {"binder/runtime.txt": "python3.11\n"},
    ),
    Trap(
        "patch-in-runtime",
        "repo2docker",
        "always be specified as 'x.y', e.g. '3.10', got 3.11.4",
        "write one line such as python-3.11 into binder/runtime.txt",
        {"binder/runtime.txt": "python-3.11.4\n"},
    ),
    Trap(
        "bad-apt",
        "repo2docker",
        "repo2docker stops: Found invalid package name !graphviz in apt.txt",
        "put names of Debian packages into binder/apt.txt, one a line",
        {"binder/apt.txt": "!graphviz\n"},
    ),
    Trap(
        "reinstall-option",
        "reinstall",
        "binder/requirements.txt has 1 line like '-e .', so Binder installs everything again after",
        "write pip install --no-deps -e . into binder/postBuild instead",
        requirements("-e ."),
    ),
    Trap(
        "reinstall-file",
        "reinstall",
        "has 1 line like '-r more.txt', so Binder installs everything again after every commit",
        "write what that file has into binder/requirements.txt instead",
        requirements("-r more.txt") | {"binder/more.txt": "# none yet\n"},
    ),
    Trap(
        "reinstall-path",
        "reinstall",
        "has 1 line like '.', so Binder installs everything again after every commit",
        "write pip install --no-deps . into binder/postBuild instead",
        requirements("."),
    ),
    Trap(
        "not-pinned",
        "pinned",
        "binder/requirements.txt gives no exact version for click>=8",
        "write each as name==version, so that a lesson opens next year as it does today",
        requirements("click>=8"),
    ),
    Trap(
        "not-all-pinned",
        "pinned",
        "binder/requirements.txt does not name markupsafe==",
        "list them too; uv pip compile makes the whole list",
        requirements("jinja2==3.1.4"),
    ),
    Trap(
        "impossible",
        "resolves",
        "binder/requirements.txt cannot be installed for Python 3.11.14 on Linux: Because there is "
        "no version of click==99",
        "change it, or make the file again with: uv pip compile --python-version 3.11.14 …",
        requirements("click==99"),
    ),
    Trap(
        "kit-missing",
        "missing",
        "binder/requirements.txt does not bring os-course-kit",
        "add os-course-kit with its version",
        {"pyproject.toml": None},
    ),
    Trap(
        "kit-not-installed",
        "missing",
        "neither binder/requirements.txt nor binder/postBuild installs the kit",
        "write pip install --no-deps -e . into binder/postBuild",
        {"binder/postBuild": POST_BUILD.replace("pip install", "echo")},
    ),
    Trap(
        "course-package-missing",
        "missing",
        "pyproject.toml needs networkx>=3, and binder/requirements.txt does not have it",
        "add it with its version",
        {"pyproject.toml": TOML + 'dependencies = ["networkx>=3"]\n'},
    ),
    Trap(
        "drift-from-lock",
        "drift",
        "differ: click is 8.1.7, not 8.1.6 there",
        "make both again from the same resolution, so that Binder has what is tested",
        requirements("click==8.1.7")
        | {
            "requirements.lock": "click==8.0.4 ; python_full_version < '3.11.5'\n"
            "click==8.1.6 ; python_full_version >= '3.11.5'\n"
        },
    ),
    Trap(
        "not-in-lock",
        "drift",
        "differ: click is 8.1.7, not named at all there",
        "make both again from the same resolution, so that Binder has what is tested",
        requirements("click==8.1.7") | {"requirements.lock": "jinja2==3.1.6\n"},
    ),
    Trap(
        "drift-from-project",
        "drift",
        "has what pyproject.toml does not allow: 8.1.7 of click (wanted: >=8.2)",
        "change one of them",
        requirements("click==8.1.7")
        | {"pyproject.toml": TOML + '[project.optional-dependencies]\nshow = ["click>=8.2"]\n'},
    ),
    Trap(
        "drift-of-python",
        "drift",
        "Binder takes Python 3.11.14, and pyproject.toml wants >=3.12",
        "name such a Python in binder/runtime.txt",
        {"pyproject.toml": TOML.replace(">=3.11", ">=3.12")},
    ),
    Trap(
        "windows-line-ends",
        "script",
        "binder/postBuild has the line ends of Windows, with which Linux does not run it",
        "write '* text=auto eol=lf' into .gitattributes, then run: git add --renormalize .",
        {"binder/postBuild": POST_BUILD.replace("\n", "\r\n")},
    ),
    Trap(
        "no-shebang",
        "script",
        "binder/start does not begin with '#!', so nothing says which shell runs it",
        "make '#!/usr/bin/env bash' its first line",
        {"binder/start": 'exec "$@"\n'},
    ),
    Trap(
        "start-of-nothing",
        "script",
        "binder/start does not hand over to JupyterLab, so nothing starts on Binder",
        'make its last line: exec "$@"',
        {"binder/start": "#!/bin/sh\nexport COURSE=1\n"},
    ),
    Trap(
        "news",
        "news",
        "JupyterLab would ask every visitor whether it may show its news",
        'write into binder/postBuild: jupyter labextension disable "@jupyterlab/apputils-ext',
        {"binder/postBuild": "#!/bin/sh\npip install --no-deps -e .\n"},
    ),
    Trap(
        "ignored-by-git",
        "ignored",
        "git ignores binder/postBuild, so Binder does not get it",
        "run: git add --force binder/postBuild",
        {
            ".gitignore": "postBuild\n",
            "pyproject.toml": None,
            "binder/environment.json": "fetchNews",
        },
    ),
    Trap(
        "badge-to-no-file",
        "badge",
        "a Binder link in README.md opens lessons/b.ipynb, and there is no such file",
        "correct its name",
        readme(f"{BADGE}/HEAD?urlpath=lab%2Ftree%2Flessons%2Fb.ipynb"),
    ),
    Trap(
        "voila-badge-to-no-file",
        "badge",
        "a Binder link in README.md opens lessons/b.ipynb, and there is no such file",
        "correct its name",
        readme(f"{BADGE}/HEAD?urlpath=voila/render/lessons/b.ipynb"),
    ),
    Trap(
        "badge-without-branch",
        "badge",
        "a Binder link in README.md does not name owner, repository and branch",
        "write …/v2/gh/OWNER/NAME/HEAD",
        readme(BADGE),
    ),
)
"""One for each trap of a repository with binder/; others have tests of their own below."""

ALONGSIDE = {"ignored-by-git": ["missing"]}
"""Further problems that such a change brings with it, by name of the trap."""


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap_is_found(tmp_path: Path, trap: Trap):
    """A repository that is good but for one trap has one problem, which says what to do."""
    folder = make(tmp_path)
    write(folder, trap.files)
    found = problems(folder)
    first = next(problem for problem in found if problem.rule == trap.rule)
    assert trap.says in first.found
    assert first.remedy.startswith(trap.remedy)
    expected = sorted([trap.rule, *ALONGSIDE.get(trap.name, [])])
    assert sorted(problem.rule for problem in found) == expected


def test_good_repository_has_no_problem(tmp_path: Path):
    """The repository that all traps are made from has no problem itself."""
    assert problems(make(tmp_path)) == []


def test_every_rule_that_needs_no_rehearsal_has_a_trap():
    """No rule is without a test that breaks it."""
    rehearsed = {"python", "install", "post-build", "server"}
    elsewhere = {"buildpack", "runtime"}
    assert {trap.rule for trap in TRAPS} == set(RULES) - rehearsed - elsewhere


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "there is no binder/runtime.txt, so Binder takes Python 3.10"),
        ("python-3\n", "binder/runtime.txt says 'python-3', and Binder takes Python 3.10"),
        ("Python-3.12\n", "binder/runtime.txt says 'Python-3.12', and Binder takes Python 3.10"),
    ],
)
def test_runtime_that_repo2docker_does_not_follow(tmp_path: Path, text: str | None, says: str):
    """Where runtime.txt names no Python, the one that repo2docker takes is told."""
    folder = make(tmp_path)
    write(folder, {"binder/runtime.txt": text})
    problem = next(problem for problem in problems(folder) if problem.rule == "runtime")
    assert problem.found == says
    assert problem.remedy.startswith("write python-3.10 into binder/runtime.txt, or a newer one")


@pytest.mark.parametrize(
    ("file", "how"),
    [
        ("environment.yml", "conda and environment.yml"),
        ("Pipfile", "pipenv and the Pipfile"),
        ("Dockerfile", "the Dockerfile alone"),
    ],
)
def test_file_that_comes_before_requirements(tmp_path: Path, file: str, how: str):
    """What repo2docker takes instead of requirements.txt is named, and what is overlooked."""
    folder = make(tmp_path)
    text = {"environment.yml": "dependencies: []\n", "Dockerfile": "FROM scratch\n"}.get(file, "")
    write(folder, {f"binder/{file}": text})
    found = {problem.rule: problem.found for problem in problems(folder)}
    assert found["buildpack"] == f"Binder would build with {how}"
    assert found["shadowed"] == f"requirements.txt is overlooked, because there is binder/{file}"


def test_folder_without_requirements(tmp_path: Path):
    """A repository that installs nothing is told so, and is not rehearsed."""
    folder = make(tmp_path)
    write(folder, {"binder/requirements.txt": None})
    found = [problem.found for problem in problems(folder)]
    assert found == ["there is no binder/requirements.txt, so Binder installs nothing"]


def test_package_without_binder_folder(tmp_path: Path):
    """Beside a package's pyproject.toml everything is installed anew after every commit."""
    write(
        make(tmp_path),
        {
            "pyproject.toml": TOML + "[build-system]\nrequires = []\n",
            **{f"binder/{file}": None for file in ("requirements.txt", "runtime.txt", "postBuild")},
            **{file: GOOD[f"binder/{file}"] for file in ("runtime.txt", "postBuild")},
            "requirements.txt": GOOD["binder/requirements.txt"],
        },
    )
    (tmp_path / "binder").rmdir()
    (problem,) = problems(tmp_path)
    assert problem.rule == "reinstall"
    assert problem.remedy == "move requirements.txt and its like into a folder binder/"


def test_badge_for_another_repository_or_branch(tmp_path: Path):
    """A link to another owner's repository, or to a branch that is not there, is found."""
    folder = make(tmp_path)
    write(folder, readme(f"{BADGE}/master?urlpath=lab"))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All of it")
    git(folder, "remote", "add", "origin", "git@github.com:bert/course.git")
    assert [problem.found for problem in problems(folder)] == [
        "a Binder link in README.md leads to anna/course, but this is bert/course",
        "a Binder link in README.md names the branch 'master', and there is none",
    ]
    git(folder, "branch", "master")
    git(folder, "remote", "add", "upstream", "https://github.com/Anna/Course")
    assert problems(folder) == []


def test_lesson_that_git_ignores(tmp_path: Path):
    """A lesson that only its author has is a problem."""
    folder = make(tmp_path)
    write(folder, {".gitignore": "*b.ipynb\n", "lessons/b.ipynb": GOOD["lessons/a.ipynb"]})
    found = [p.found for p in look(folder, folder / "lessons" / "b.ipynb")[1].problems]
    assert "git ignores lessons/b.ipynb, so Binder does not get it" in found


def test_badge_that_a_partial_clone_cannot_judge(tmp_path: Path):
    """A clone of one branch does not know the others, so it does not deny them."""
    folder = make(tmp_path / "whole")
    write(folder, readme(f"{BADGE}/other?urlpath=git-pull%3Frepo%3Dx"))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All of it")
    git(folder, "branch", "other")
    source = folder.as_uri()
    git(tmp_path, "clone", "--quiet", "--single-branch", "--branch=main", source, "one")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=main", source, "shallow")
    assert problems(tmp_path / "one") == []
    assert problems(tmp_path / "shallow") == []


def test_what_is_taken_is_shown(tmp_path: Path):
    """A good repository shows which Python and how many files repo2docker takes."""
    first, second = look(make(tmp_path))
    assert first.figures == {"files taken, for Python 3.11": 3}
    assert second.figures == {}
    with copied(tmp_path) as repository:
        planned = plan.ask(repository)
        assert isinstance(planned, plan.Plan)
        assert planned.release.startswith("3.11.")
        assert planned.files(repository) == tuple(
            f"binder/{name}" for name in ("requirements.txt", "runtime.txt", "postBuild")
        )
