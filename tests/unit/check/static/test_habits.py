"""Packages are not installed by cells, and files are not named by paths of one computer."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from kit.check.results import Problem
from kit.check.static import check

INSTALLS = [
    "!pip install matplotlib",
    "%pip install -q matplotlib",
    "pip install matplotlib",
    "!{sys.executable} -m pip install matplotlib",
    "import sys\n!python -m pip --quiet install matplotlib",
    "%conda install -y numpy",
    "!uv add numpy",
    "!apt-get -y install graphviz",
    "%%bash\npip3 install numpy",
    "if True:\n    !pip install numpy",
    "log = !pip install numpy",
    "import os\nos.system('pip install numpy')",
    "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'numpy'])",
]
NONE = [
    "!pip list",
    "%pip freeze",
    "text = 'pip install numpy'",
    "# !pip install numpy",
    "!ls install",
]


SKIPPED = "!pip install numpy"
HERE = [
    "open({!r})",
    "from pathlib import Path\nPath({!r}).read_text()",
    "Exercise('Mend it.', starter, solution={!r})",
    "!cat {}",
    "%run {}",
]
"""Cells that name the file mend.txt, which exists."""
EVERYWHERE = [
    "open('/proc/self/maps')",
    "'/'",
    "'/tmp'",
    "'/home'",
    "open('mend.txt')",
    "'/no/such/file'",
]
WRITTEN = "open({!r}, 'w').write('x')"
"""A cell that writes the file mend.txt."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that happens to exist beside the notebooks."""
    file = tmp_path_factory.mktemp("habits") / "mend.txt"
    file.touch()
    return file


@pytest.fixture(scope="module")
def found(file: Path) -> dict[str, list[Problem]]:
    """What is found in a notebook of each cell, all checked at once."""
    cells = {source: new_code_cell(source) for source in INSTALLS + NONE + EVERYWHERE}
    cells |= {source: new_code_cell(source.format(str(file))) for source in [*HERE, WRITTEN]}
    cells["skipped"] = new_code_cell(SKIPPED, metadata={"tags": ["skip-execution"]})
    paths = {file.with_name(f"{place}.ipynb"): source for place, source in enumerate(cells)}
    for path, source in paths.items():
        nbformat.write(new_notebook(cells=[cells[source]]), path)
    return {paths[result.path]: result.problems for result in check([*paths])}


def told(problems: list[Problem], rule: str) -> list[str]:
    """What a rule says of a cell."""
    return [str(problem) for problem in problems if problem.rule == rule]


@pytest.mark.parametrize("source", INSTALLS)
def test_a_cell_that_installs_is_found(source: str, found: dict[str, list[Problem]]):
    """However it is written, and it is said what to do instead."""
    (said,) = told(found[source], "install")
    assert "name them in binder/requirements.txt" in said


@pytest.mark.parametrize("source", NONE)
def test_other_commands_install_nothing(source: str, found: dict[str, list[Problem]]):
    """What only looks so is left alone."""
    assert told(found[source], "install") == []


def test_a_cell_that_is_skipped_installs_nothing(found: dict[str, list[Problem]]):
    """What is not run is not judged."""
    assert told(found["skipped"], "install") == []


@pytest.mark.parametrize("source", HERE)
def test_a_path_that_is_here_by_chance_is_found(
    source: str, file: Path, found: dict[str, list[Problem]]
):
    """A file that exists on this computer passes here and nowhere else."""
    (said,) = told(found[source], "paths")
    assert f"'{file}', which is a path of one computer" in said


@pytest.mark.parametrize("source", EVERYWHERE)
def test_paths_of_every_computer_are_no_fault(source: str, found: dict[str, list[Problem]]):
    """What a system keeps itself may be shown, and what is not here is told when it is run."""
    assert told(found[source], "paths") == []


def test_what_a_cell_writes_itself_is_no_fault(found: dict[str, list[Problem]]):
    """A file that the cell makes is there on every computer."""
    assert told(found[WRITTEN], "paths") == []
