"""`kit check`: do the notebooks run? nbval executes them, in a real kernel."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from kit.errors import KitError

CELL_SECONDS = 60
"""How long one cell may take."""

_SETTINGS = Path(__file__).parent / "pytest.ini"


def find_notebooks(paths: Iterable[str | Path]) -> list[Path]:
    """Return the notebooks that `paths` name, folders searched through, in order.

    Raises
    ------
    KitError
        If a path does not exist, is no notebook, or holds none.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(
                notebook
                for notebook in path.rglob("*.ipynb")
                if not any(part.startswith(".") for part in notebook.relative_to(path).parts)
            )
            if not inside:
                raise KitError(f"{path}: there is no notebook in this folder; name another one")
            found.extend(inside)
        elif not path.exists():
            raise KitError(f"{path}: there is no such file; check the spelling")
        elif path.suffix != ".ipynb":
            raise KitError(f"{path}: this is no notebook; give a file that ends in .ipynb")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def check(paths: Sequence[str | Path]) -> int:
    """Execute notebooks from top to bottom; return pytest's exit code, 0 if all is well.

    Parameters
    ----------
    paths : sequence of path
        Notebooks, or folders with notebooks.

    Raises
    ------
    KitError
        If a path is wrong, or nbval is not installed.
    """
    if importlib.util.find_spec("nbval") is None:
        raise KitError("nbval is not installed; run: pip install 'os-course-kit[check]'")
    notebooks = find_notebooks(paths)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval-lax",
        "--nbval-current-env",
        f"--nbval-cell-timeout={CELL_SECONDS}",
        "-c",
        str(_SETTINGS),
        f"--rootdir={Path.cwd()}",
        "-p",
        "no:cacheprovider",
        *(str(notebook.resolve()) for notebook in notebooks),
    ]
    return subprocess.run(command, check=False).returncode
