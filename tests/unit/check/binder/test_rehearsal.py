import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from kit.check.binder import environment, imports
from kit.check.binder.environment import Environment
from kit.check.binder.rehearsal import rehearse
from kit.check.binder.repository import Repository, copied
from kit.check.results import Problem
from tests.unit.check.binder.repositories import make, write

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(sys.platform == "win32", reason="Binder's scripts are for Linux"),
]


def code(*sources: str) -> str:
    """Return the text of a notebook with these cells."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    """A repository that installs one small package."""
    with copied(make(tmp_path)) as repository:
        yield repository


@pytest.fixture
def made(repository: Repository) -> Environment:
    """An empty environment for it."""
    made = environment.make(repository, PYTHON)
    assert isinstance(made, Environment)
    return made


def test_failing_post_build_ends_the_rehearsal(tmp_path: Path):
    """A postBuild that fails is a problem with its last words, and nothing comes after it."""
    folder = make(tmp_path)
    script = "#!/usr/bin/env bash\nset -eu\npython -c 'import click'\necho no luck >&2\nexit 7\n"
    write(folder, {"binder/postBuild": script, "binder/requirements.txt": "click==8.1.7\n"})
    with copied(folder) as repository:
        installed, built = rehearse(repository, PYTHON, folder / "lessons" / "a.ipynb")
    assert installed.path == folder / "binder" / "requirements.txt"
    assert installed.passed
    assert installed.figures["install (s)"] > 0
    assert 0.1 < installed.figures["installed size (MB)"] < 100
    assert built.path == folder / "binder" / "postBuild"
    (problem,) = built.problems
    assert problem.rule == "post-build"
    assert problem.found == "binder/postBuild ends with code 7: no luck"
    assert set(built.figures) == {"postBuild (s)"}


def test_script_runs_in_the_environment_and_the_copy(repository: Repository, made: Environment):
    """A script has the environment's Python and pip, and the repository as folder and home."""
    lines = (
        'test "$(python -c "import sys; print(sys.prefix)")" = "$VIRTUAL_ENV"',
        "python -m pip --version",
        'test "$PWD" = "$HOME"',
        "test -f pyproject.toml",
    )
    text = "#!/bin/sh\nset -ex\n" + "\n".join(lines) + "\n"
    (repository.copy / "binder" / "postBuild").write_text(text, encoding="utf-8")
    assert environment.run_script(made, "binder/postBuild") is None


def test_script_with_line_ends_of_windows_fails(repository: Repository, made: Environment):
    """What is told of line ends is true: Linux does not find a shell of that name."""
    script = repository.copy / "binder" / "postBuild"
    script.write_bytes(b"#!/usr/bin/env bash\r\ntrue\r\n")
    problem = environment.run_script(made, "binder/postBuild")
    assert problem is not None
    assert problem.found.startswith("binder/postBuild ends with code 127")


def test_script_that_does_not_end_is_stopped(repository: Repository, made: Environment):
    """A postBuild that hangs is stopped, with all that it has started."""
    script = repository.copy / "binder" / "postBuild"
    script.write_text("#!/bin/sh\necho waiting\nsleep 600 &\nsleep 600\n", encoding="utf-8")
    problem = environment.run_script(made, "binder/postBuild", seconds=0.5)
    assert problem is not None
    assert problem.found == "binder/postBuild still runs after 0.5 s: waiting"


def test_requirements_that_cannot_be_installed(repository: Repository, made: Environment):
    """A version that does not exist is a problem that names it."""
    write(repository.copy, {"binder/requirements.txt": "click==99\n"})
    problem = environment.install(made, "binder/requirements.txt")
    assert problem is not None
    assert problem.rule == "install"
    assert "there is no version of click==99" in problem.found


def test_python_that_is_not_here(repository: Repository):
    """A Python that this machine cannot get is a problem that says so."""
    problem = environment.make(repository, "3.99")
    assert isinstance(problem, Problem)
    assert problem.found == (
        "the rehearsal needs Python 3.99, and it can neither be found nor fetched here"
    )


def test_imports_of_notebooks_that_are_meant_to_fail(repository: Repository, made: Environment):
    """What the course excludes from its checks may import whatever it likes."""
    settings = '[tool.kit.check]\nexclude = ["tests/data"]\n'
    bad = {"tests/data/bad.ipynb": code("import cv2"), "lessons/a.ipynb": code("import json")}
    write(repository.copy, {**bad, "pyproject.toml": ""})
    assert [one.found for one in imports.problems(made)] == [
        "tests/data/bad.ipynb imports cv2, which Binder does not install"
    ]
    write(repository.copy, {"pyproject.toml": settings})
    assert list(imports.problems(made)) == []


def test_imports_that_binder_does_not_have(repository: Repository, made: Environment):
    """Each notebook is told what it imports in vain; modules beside it and attempts are fine."""
    write(
        repository.copy,
        {
            "lessons/helper.py": "",
            "lessons/a.ipynb": code(
                "%matplotlib inline\nimport helper, json\nimport pandas.testing as t",
                "from numpy import array",
                "try:\n    import rich\nexcept ImportError:\n    pass",
            ),
            "lessons/b.ipynb": code("%pip install networkx", "import networkx"),
            "lessons/c.ipynb": "not a notebook",
        },
    )
    (problem,) = imports.problems(made)
    assert problem.rule == "missing"
    assert problem.found == ("lessons/a.ipynb imports numpy, pandas, which Binder does not install")
