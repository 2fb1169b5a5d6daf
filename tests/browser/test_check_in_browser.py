"""What `kit check --browser` says of bad notebooks, and that it leaves all as it was."""

import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from kit.check.browser import RULES, check, copies
from kit.check.browser.copies import Copies
from kit.check.notebooks import find_notebooks
from kit.check.results import Result
from kit.errors import KitError

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "tests" / "data" / "bad_notebooks" / "browser"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
BAD = [name for name, problems in EXPECTED.items() if problems]
GOOD = [name for name, problems in EXPECTED.items() if not problems]
LESSONS = [PROJECT / "lessons" / "09_process_to_threads.ipynb"]


def notebook(name: str) -> Path:
    """The notebook of this name."""
    return FOLDER / f"{name}.ipynb"


def kernels() -> int:
    """How many kernels this process has, through its servers."""
    commands = []
    for process in psutil.Process().children(recursive=True):
        # Others may end while they are counted.
        with suppress(psutil.NoSuchProcess):
            commands.append(" ".join(process.cmdline()))
    return sum("ipykernel" in command for command in commands)


def all_of(paths: list[Path]) -> list[tuple[Result, int]]:
    """The results for some notebooks, each with the number of kernels at that time."""

    def run() -> Iterator[tuple[Result, int]]:
        for result in check(paths):
            yield result, kernels()

    # The browser of the other tests, if there is one, has this thread's event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: list(run())).result()


@pytest.fixture(scope="module")
def before() -> dict[Path, bytes]:
    """Every file of the folder as it was."""
    return {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def at_start() -> int:
    """The number of kernels that run for other tests."""
    return kernels()


@pytest.fixture(scope="module")
def unreadable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty file that is named like a notebook."""
    path = tmp_path_factory.mktemp("unreadable") / "empty.ipynb"
    path.touch()
    return path


@pytest.fixture(scope="module")
def checked(
    request: pytest.FixtureRequest, before: dict[Path, bytes], at_start: int, unreadable: Path
) -> list[tuple[Result, int]]:
    """The bad notebooks of this session, good ones between them, and a lesson, in one run."""
    mine = [item for item in request.session.items if item.path == Path(__file__)]
    asked = {item.callspec.params.get("name") for item in mine if hasattr(item, "callspec")}
    bad = [name for name in BAD if name in asked]
    half = len(bad) // 2
    names = [*bad[:half], GOOD[0], *bad[half:], GOOD[1]]
    lessons = LESSONS if any("lesson" in getattr(i, "fixturenames", ()) for i in mine) else ()
    return all_of([*map(notebook, names), unreadable, *lessons])


@pytest.fixture(scope="module")
def results(checked: list[tuple[Result, int]]) -> dict[Path, Result]:
    """The result for each notebook."""
    return {result.path: result for result, _ in checked}


FIRST = ("click_throws", "kernel_dies", "message_raises", "render_throws", "renders_nothing")


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n in FIRST else pytest.mark.thorough) for n in BAD],
)
def test_bad_notebook_is_told(results: dict[Path, Result], name: str):
    """Each bad notebook has exactly the problems it was made to have, in the order of its cells."""
    found = results[notebook(name)]
    assert found.tier == "browser"
    wanted = EXPECTED[name]
    assert [problem.rule for problem in found.problems] == [want["rule"] for want in wanted]
    for problem, want in zip(found.problems, wanted, strict=True):
        assert want["says"] in str(problem)
        # Where no cell is named, it depends on who is faster which one it was.
        assert "cell" not in want or problem.cell == want["cell"]
        assert problem.cell is None or problem.cell_id


@pytest.mark.parametrize("name", GOOD)
def test_good_notebook_passes_between_bad_ones(results: dict[Path, Result], name: str):
    """A good notebook passes, with its own files, whatever those before it did to the page."""
    found = results[notebook(name)]
    assert found.passed, [p.details for p in found.problems]
    assert found.figures["widgets"] == 6


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_lesson_passes(results: dict[Path, Result], lesson: Path):
    """A lesson of the project passes, and what it shows has been looked at."""
    found = results[lesson]
    assert found.passed, [p.details for p in found.problems]
    assert found.figures["widgets"] >= 4
    assert 0 < found.figures["beyond cells (s)"] < found.seconds


def test_every_notebook_and_every_rule_has_a_case():
    """No notebook of the folder goes without an expectation, and no rule without a notebook."""
    assert {notebook(name) for name in EXPECTED} == set(find_notebooks([FOLDER]))
    assert {problem["rule"] for name in BAD for problem in EXPECTED[name]} == set(RULES)


def test_nothing_is_left_behind(
    checked: list[tuple[Result, int]], before: dict[Path, bytes], at_start: int
):
    """Notebooks stay as they were, what cells write stays elsewhere, and each kernel is ended."""
    after = {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert after == before
    # The one of the notebook before may be on its way out.
    assert max(running for _, running in checked) <= at_start + 2


def test_unreadable_notebook_is_told(results: dict[Path, Result], unreadable: Path):
    """What is no notebook is a problem of that notebook, not of the check."""
    assert [problem.rule for problem in results[unreadable].problems] == ["readable"]


def test_missing_browser_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Without a browser the error says how to get one."""
    monkeypatch.setenv("KIT_BROWSER", "no-such-browser")
    with pytest.raises(KitError, match=r"KIT_BROWSER, or run: python -m kit\.check\.browser"):
        all_of([tmp_path / "any.ipynb"])


def test_missing_playwright_is_explained(monkeypatch: pytest.MonkeyPatch):
    """Without Playwright the error says what to install, before anything is started."""
    monkeypatch.setitem(sys.modules, "playwright", None)
    with pytest.raises(KitError, match=r"run: pip install 'os-course-kit\[browser\]'"):
        check([])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with lessons, data beside them, and much that no notebook reads."""
    course = tmp_path / "course"
    for name in (
        "pyproject.toml",
        "data/numbers.csv",
        "lessons/first.ipynb",
        "lessons/.ipynb_checkpoints/first-checkpoint.ipynb",
        ".git/config",
        "env/pyvenv.cfg",
        "env/lib/big.py",
        "node_modules/x.js",
    ):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(name, encoding="utf-8")
    return course


def files_below(folder: Path) -> set[str]:
    """The files in a folder, by their paths in it."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_whole_course_is_copied_but_for_ballast(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A notebook's copy has all around it that it may read, and nothing else."""
    monkeypatch.setattr(copies, "BIGGEST_FILE", 100)
    (course / "data" / "huge.bin").write_bytes(bytes(101))
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "more.csv").touch()
    (course / "linked").symlink_to(tmp_path / "far")
    root = tmp_path / "root"
    name = Copies(root).name_of(course / "lessons" / "first.ipynb")
    assert name == "1-course/lessons/first.ipynb"
    assert files_below(root / "1-course") == {
        "pyproject.toml",
        "data/numbers.csv",
        "lessons/first.ipynb",
    }
    assert (root / "1-course" / "linked" / "more.csv").exists()


def test_big_course_is_not_copied(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of a course that is too big only the notebook's own folder is copied."""
    monkeypatch.setattr(copies, "BIGGEST_COURSE", 20)
    root = tmp_path / "root"
    assert Copies(root).name_of(course / "lessons" / "first.ipynb") == "1-lessons/first.ipynb"
    assert files_below(root) == {"1-lessons/first.ipynb"}


def test_notebooks_without_a_course_are_copied_with_their_folders(tmp_path: Path):
    """Notebooks of one name in two folders have two copies, and a hidden one has one too."""
    names = ("one/a.ipynb", "two/a.ipynb", "two/.hidden/a.ipynb")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    root = tmp_path / "root"
    made = Copies(root)
    copied = {name: made.name_of(tmp_path / name) for name in names}
    assert list(copied.values()) == ["1-one/a.ipynb", "2-two/a.ipynb", "2-two/.hidden/a.ipynb"]
    for name, copy in copied.items():
        assert (root / copy).read_text(encoding="utf-8") == name
