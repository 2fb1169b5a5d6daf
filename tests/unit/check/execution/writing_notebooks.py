"""Small notebooks for tests."""

from pathlib import Path

import nbformat

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write(path: Path, *sources: str, kernel: dict[str, str] = PYTHON) -> Path:
    """Write a notebook of code cells."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path
