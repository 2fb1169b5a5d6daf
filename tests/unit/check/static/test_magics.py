"""Names that IPython binds are defined, and others are still found."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from kit.check.static import check
from kit.check.static.magics import bound_names

GOOD = {
    "capture": ["%%capture told\nprint(1)", "print(told.stdout)"],
    "capture without one stream": ["%%capture --no-stderr told\nprint(1)", "told"],
    "capture in time": ["%%time\n%%capture told\nx = 1", "print(told, x)"],
    "bash": ["%%bash --out said --err wrong\necho hello", "print(said, wrong)"],
    "script": ["%%script --out=said bash\necho hello", "said"],
    "run": ["%run -i other.py", "first + double(second) + os.sep"],
    "run without ending": ["%run other", "first"],
    "run what takes all": ["%run takes_all.py", "anything"],
    "run a notebook": ["%run other.ipynb", "anything"],
    "run a module": ["%run -m other", "anything"],
    "last result": ["6 * 7", "_ + 1", "__, ___, _i, _ii, _iii"],
    "numbered": ["6 * 7", "_1 + 1", "print(_i1, In[1], Out[1], _ih, _oh, _dh)"],
    "shell": ["!true", "print(_exit_code)"],
    "assigned": ["files = !ls", "home = %env HOME", "table = %sql select 1", "files, home, table"],
    "time": ["%time x = sum([1, 2])", "x"],
    "time in a block": ["if True:\n    %time x = 1\nx"],
    "time a cell": ["%%time\nx = 1", "x"],
    "prun": ["%prun x = 1", "x"],
    "timeit": ["import math", "%timeit math.sqrt(2)"],
    "import used by a command": ["import math", "!echo {math.pi}"],
    "IPython's own": ["get_ipython()", "display(1)", "quit", "exit"],
    "stored": ["%store -r x y", "x + y"],
    "all that is stored": ["%store -r", "x"],
    "pylab": ["%pylab inline", "plot(arange(3))"],
    "extension": ["%load_ext something", "x"],
    "unknown magic": ["%%cython\ndef f(): pass", "f()"],
    "unknown line magic": ["%R -o frame", "frame"],
    "macro": ["%macro again 1", "again"],
    "file": ["%%writefile mine.py\nx = 1", "import mine\nmine.x"],
    "without a sign": ["ls", "pwd", "cd .", "1"],
    "program": ["%%program counter N=3\nN = 1\ndef main(): print(undefined)", "counter"],
    "program by the kit": ["import kit", "%%program counter\ndef main(): pass", "counter"],
    "text": ["text = '''\n%run no.py\n'''\ntext"],
}
BAD = {
    "a name": (["%time x = 1", "y"], "y"),
    "before it is captured": (["told.stdout", "%%capture told\n1"], "told"),
    "in the statement": (["%time x = y"], "y"),
    "not in the file": (["%run other.py", "third"], "third"),
    "a command that binds nothing": (["%matplotlib inline", "%cd .", "plt"], "plt"),
    "in a captured cell": (["%%capture told\nprint(no)"], "no"),
    "other than the program": (["%%program one\nxx = 1", "xx"], "xx"),
    "loaded with the kit": (["%load_ext kit", "%%program one\nx = 1", "other"], "other"),
    "without a store": (["%store x", "y"], "y"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the rule on style says of a notebook for each name, all checked at once."""
    folder = tmp_path_factory.mktemp("magics")
    (folder / "other.py").write_text("import os\nfirst = second = 1\ndef double(x): return 2 * x\n")
    (folder / "takes_all.py").write_text("from os.path import *\n")
    sources = GOOD | {name: cells for name, (cells, _) in BAD.items()}
    paths = {folder / f"{place}.ipynb": name for place, name in enumerate(sources)}
    for path, name in paths.items():
        cells = [new_code_cell(source) for source in sources[name]]
        nbformat.write(new_notebook(cells=cells), path)
    return {
        paths[result.path]: [one.found for one in result.problems if one.rule == "style"]
        for result in check([*paths])
    }


@pytest.mark.parametrize("name", GOOD)
def test_names_that_ipython_binds_are_defined(name: str, found: dict[str, list[str]]):
    """What runs in JupyterLab is not called an unknown name or an unused import."""
    assert found[name] == []


@pytest.mark.parametrize("name", BAD)
def test_other_names_are_still_unknown(name: str, found: dict[str, list[str]]):
    """A command does not hide what is wrong."""
    (told,) = found[name]
    assert f"undefined name `{BAD[name][1]}`" in told


def test_a_function_may_bind_a_global(tmp_path: Path):
    """A name that a cell's function binds is one that later cells may need of it."""
    source = "def choose(name):\n    global picture\n    picture = name"
    assert bound_names(source, tmp_path) == {"choose", "picture"}
