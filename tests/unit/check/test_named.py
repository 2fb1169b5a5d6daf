from pathlib import Path

import nbformat
import pytest

from kit.check.named import files_named_by
from kit.check.notebooks import Notebook

FILES = (
    *("plan.png", "pages.csv", "demo.mp4", "data/a.csv", "data/b.csv", "data/deep/c.csv", "x.txt"),
    *("helper.py", "beside.csv", "shapes/__init__.py", "shapes/round.py", "more.md", "inner.png"),
    *("other.ipynb", "a b.png"),
)


@pytest.fixture
def folder(tmp_path):
    """A folder full of files."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "helper.py").write_text("open('beside.csv')\n", encoding="utf-8")
    (tmp_path / "more.md").write_text("![x](inner.png)\n", encoding="utf-8")
    return tmp_path


def named(folder: Path, *cells: str, markdown: str = "") -> set[str]:
    """Which files a notebook with these cells names."""
    path = folder / "lesson.ipynb"
    all_cells = [nbformat.v4.new_markdown_cell(markdown)]
    all_cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=all_cells), path)
    found = [file for file, _ in files_named_by(Notebook.read(path))]
    assert len(found) == len(set(found))
    return {file.relative_to(folder).as_posix() for file in found}


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("![a](plan.png)", {"plan.png"}),
        ("![a](a%20b.png) [b](<a b.png>)", {"a b.png"}),
        ('<video src="demo.mp4" poster="plan.png"></video>', {"demo.mp4", "plan.png"}),
        ('<div style="background: url(plan.png)">x</div>', {"plan.png"}),
        ("[more](more.md#x)", {"more.md", "inner.png"}),
        ("[other](other.ipynb) [web](https://a.b/plan.png) `plan.png`", set()),
    ],
)
def test_texts_name_files(folder, text, files):
    """By links, pictures, films and styles; a text that is named names others in turn."""
    assert named(folder, markdown=text) == files


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("open('pages.csv')", {"pages.csv"}),
        ("import pandas\npandas.read_csv('./data/a.csv')", {"data/a.csv"}),
        ("from pathlib import Path\n(Path('data') / 'a.csv').read_text()", {"data/a.csv"}),
        ("place = 'data'\nopen(f'{place}/b.csv')", {"data/b.csv"}),
        ("import os\nopen(os.path.join('data', 'a.csv'))", {"data/a.csv"}),
        ("import os\nos.listdir('data')", {"data/a.csv", "data/b.csv", "data/deep/c.csv"}),
        (
            "from pathlib import Path\nlist(Path('data').glob('*.csv'))",
            {"data/a.csv", "data/b.csv"},
        ),
        ("import glob\nglob.glob('data/b*')", {"data/b.csv"}),
        ("import helper", {"helper.py", "beside.csv"}),
        ("from shapes.round import circle", {"shapes/__init__.py", "shapes/round.py"}),
        ("%run helper.py", {"helper.py", "beside.csv"}),
        ("!cat x.txt", {"x.txt"}),
        ("%%bash\nwc -l x.txt", {"x.txt"}),
        ("from IPython.display import HTML\nHTML('<img src=\"plan.png\">')", {"plan.png"}),
        ("from IPython.display import Markdown\nMarkdown('![p](plan.png)')", {"plan.png"}),
        ("text = 'no file\\nat all'\nopen('nowhere.csv')\n'data'", set()),
        ("print('*' * 3, '**/*')", set()),
        ("open('other.ipynb')", set()),
        ("this is no Python", set()),
    ],
)
def test_code_names_files(folder, code, files):
    """By literal paths, joined or listed, by modules, and by what it shows."""
    assert named(folder, code) == files


@pytest.mark.parametrize(
    "code",
    [
        "with open('x.txt', 'w') as file:\n    file.write('x')\nopen('x.txt')",
        "from pathlib import Path\nPath('x.txt').write_text('x')\nopen('x.txt')",
        "frame.to_csv('x.txt')",
        "figure.savefig('x.txt')",
        "%%writefile x.txt\nhello",
        "!ls > x.txt",
    ],
)
def test_what_a_notebook_writes_itself_is_not_needed(folder, code):
    """A file that it makes need not be there before."""
    assert named(folder, code, "open('x.txt')") == set()
