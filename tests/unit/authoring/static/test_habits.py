"""Packages are not installed by cells, and files are not named by paths of one computer."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from kit.authoring.static import check

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


def found(folder: Path, source: str, rule: str, *tags: str) -> list[str]:
    """What a rule says of a cell."""
    path = folder / "lesson.ipynb"
    metadata = {"tags": list(tags)} if tags else {}
    nbformat.write(new_notebook(cells=[new_code_cell(source, metadata=metadata)]), path)
    (result,) = check([path])
    return [str(problem) for problem in result.problems if problem.rule == rule]


@pytest.mark.parametrize("source", INSTALLS)
def test_a_cell_that_installs_is_found(source: str, tmp_path: Path):
    """However it is written, and it is said what to do instead."""
    (told,) = found(tmp_path, source, "install")
    assert "name them in binder/requirements.txt" in told


@pytest.mark.parametrize("source", NONE)
def test_other_commands_install_nothing(source: str, tmp_path: Path):
    """What only looks so is left alone."""
    assert found(tmp_path, source, "install") == []


def test_a_cell_that_is_skipped_installs_nothing(tmp_path: Path):
    """What is not run is not judged."""
    assert found(tmp_path, "!pip install numpy", "install", "skip-execution") == []


@pytest.mark.parametrize(
    "source",
    [
        "open({!r})",
        "from pathlib import Path\nPath({!r}).read_text()",
        "Exercise('Mend it.', starter, solution={!r})",
        "!cat {}",
        "%run {}",
    ],
)
def test_a_path_that_is_here_by_chance_is_found(source: str, tmp_path: Path):
    """A file that exists on this computer passes here and nowhere else."""
    file = tmp_path / "mend.txt"
    file.touch()
    (told,) = found(tmp_path, source.format(str(file)), "paths")
    assert f"'{file}', which is a path of one computer" in told


@pytest.mark.parametrize(
    "source",
    ["open('/proc/self/maps')", "'/'", "'/tmp'", "'/home'", "open('mend.txt')", "'/no/such/file'"],
)
def test_paths_of_every_computer_are_no_fault(source: str, tmp_path: Path):
    """What a system keeps itself may be shown, and what is not here is told when it is run."""
    (tmp_path / "mend.txt").touch()
    assert found(tmp_path, source, "paths") == []


def test_what_a_cell_writes_itself_is_no_fault(tmp_path: Path):
    """A file that the cell makes is there on every computer."""
    file = tmp_path / "made.txt"
    file.touch()
    assert found(tmp_path, f"open({str(file)!r}, 'w').write('x')", "paths") == []
