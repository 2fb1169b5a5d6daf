"""A course with nbgrader: what students answer in the widgets becomes points, and nothing else."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit.check.binder import uv
from tests.release import MINE

pytestmark = [pytest.mark.notebook, pytest.mark.thorough]

ROOT = Path(__file__).parents[4]
NBGRADER = "nbgrader==0.9.6"
"""It has an environment of its own, because it changes the JupyterLab that it is installed into."""
CONFIGURED = "nbgrader_config.py"
WORK = "ps1"
COURSE = "os101"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "{course}"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "solutions"]
c.Exchange.root = {exchange!r}
c.Exchange.path_includes_course = False
c.ExchangeCollect.check_owner = False
c.IncludeHeaderFooter.header = ""
"""

COUNTING = {
    "ask-one": "Predict.from_trace(trace, kind='final_value', name='count')",
    "ask-two": "Predict.from_trace(trace, kind='next_thread', at=14)",
    "ask-three": "Predict.from_trace(trace, kind='next_thread', at=24)",
    "ask-four": "Predict.from_trace(trace, kind='value_read', name='count', at=48)",
    "ask-five": "Predict.from_trace(trace, kind='next_state', tid=1, at=26)",
}
"""A lesson with five questions, and another one with an exercise."""
SUMS = {
    "solve": """Exercise(
    "total = 0\\ndef main():\\n    global total\\n    total += 2\\n",
    spec=Spec(globals={"total": 12}),
    task="Make it 12.",
)""",
    "say": "Predict.from_trace(trace, kind='final_value', name='count')",
}
IMPORTS = """from kit.explore import Spec
from kit.scenarios import lost_update
from kit.widgets import Exercise, Predict
trace = lost_update()"""
SOLUTION = "total = 0\\ndef main():\\n    global total\\n    total += 12\\n"

ANSWER = f"""
from kit.answering.notebook import items
for item in items().values():
    if item.kind == "exercise":
        item.text = "{SOLUTION}"
        item.check()
    else:
        item.answer(*item._kit_asks_()["right"])
"""
"""What a student does with all that is asked in a notebook."""
FORGED = """class Exercise:
    kind, key, prompt, unsaved, on_answer = "exercise", "any", "Make it 12.", "", []
    def __init__(self, *_, **__): pass
    def score(self): return 100.0"""


def lesson(course: Path, name: str, cells: Mapping[str, str]) -> Path:
    """Write a lesson, and have `kit score` write the cell that is graded."""
    path = course / "source" / WORK / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    python = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    written = [new_markdown_cell(f"# {name}", id="title"), new_code_cell(IMPORTS, id="imports")]
    written += [new_code_cell(source, id=one) for one, source in cells.items()]
    notebook = new_notebook(cells=written, metadata=python)
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "kit", "score", str(path), "--out-of", "10"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=200)
    graded = new_code_cell(done.stdout.rstrip(), id="points")
    told = {"grade": True, "grade_id": f"points-{name}", "locked": True, "points": 10}
    told |= {"schema_version": 3, "solution": False, "task": False, "cell_type": "code"}
    graded.metadata["nbgrader"] = told
    notebook.cells.append(graded)
    nbformat.write(notebook, path)
    return path


class School:
    """A course folder, an exchange, and the commands of nbgrader in their environment."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.course = folder, folder / "course"
        made = uv.run(
            "venv", "-q", "-p", sys.executable, str(folder / "env"), folder=ROOT, seconds=60
        )
        assert made.good, made.said
        self.python = folder / "env" / "bin" / "python"
        wanted = ["-c", "requirements.lock", "-e", ".", NBGRADER]
        done = uv.run(
            "pip", "install", "-q", "-p", str(self.python), *wanted, folder=ROOT, seconds=500
        )
        assert done.good, done.said
        (folder / "exchange").mkdir(mode=0o777)
        (folder / "exchange").chmod(0o777)
        self.course.mkdir()
        names = {"course": COURSE, "root": str(self.course)}
        text = CONFIG.format(exchange=str(folder / "exchange"), **names)
        (self.course / CONFIGURED).write_text(text, encoding="utf-8")

    def run(self, *command: str, who: str = "", folder: Path | None = None) -> str:
        """Run a command of nbgrader, which has to succeed, and return what it said."""
        outside = {name: one for name, one in os.environ.items() if not name.startswith(MINE)}
        home = self.folder / "home" / (who or "teacher")
        home.mkdir(parents=True, exist_ok=True)
        (home / ".jupyter").mkdir(exist_ok=True)
        shutil.copy(self.course / CONFIGURED, home / ".jupyter")
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"
        environment = outside | {"HOME": str(home), "PATH": path}
        done = subprocess.run(
            [str(self.python), "-m", "nbgrader", *command],
            cwd=folder or self.course,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def hand_in(self, student: str, change: Callable[[str, Any], None]) -> None:
        """Let a student fetch the work, change it, answer what it asks, and submit it."""
        desk = self.folder / "desks" / student
        desk.mkdir(parents=True)
        self.run("fetch_assignment", WORK, who=student, folder=desk)
        for path in sorted((desk / WORK).glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            change(path.stem, notebook)
            nbformat.write(notebook, path)
            notebook.cells[-1] = new_code_cell(ANSWER)
            client = NotebookClient(notebook, timeout=200, kernel_name="python3")
            environment = os.environ | {"JPY_SESSION_NAME": str(path)}
            client.execute(env=environment, cwd=str(path.parent))
        self.run(
            "submit", WORK, f"--CourseDirectory.student_id={student}", who=student, folder=desk
        )


def alone(name: str, notebook: Any) -> None:
    """Keep one question of five."""
    if name == "counting":
        notebook.cells = [
            one for one in notebook.cells if one.id[:4] != "ask-" or one.id == "ask-one"
        ]


def forge(name: str, notebook: Any) -> None:
    """Put something else in the place of the exercise, and of the cell that counts."""
    notebook.cells[-1].source = "10.0"
    if name == "sums":
        imports = next(one for one in notebook.cells if one.id == "imports")
        imports.source += "\n" + FORGED


STUDENTS: dict[str, Callable[[str, Any], None]] = {
    "anna": lambda _name, _notebook: None,
    "ben": alone,
    "carl": forge,
}
POINTS = {
    "anna": {"counting": 10, "sums": 10},
    "ben": {"counting": 2, "sums": 10},
    "carl": {"counting": 10, "sums": 5},
}


def test_points_are_those_of_the_lesson(tmp_path):
    """From the source of two lessons to feedback, whatever students do to their notebooks."""
    school = School(tmp_path)
    lesson(school.course, "counting", COUNTING)
    lesson(school.course, "sums", SUMS)
    school.run("generate_assignment", WORK)
    school.run("release_assignment", WORK)
    for student, change in STUDENTS.items():
        school.hand_in(student, change)
    school.run("collect", WORK)
    school.run("autograde", WORK)
    school.run("generate_feedback", WORK)
    school.run("release_feedback", WORK)
    code = textwrap.dedent(f"""
        from nbgrader.api import Gradebook
        with Gradebook("sqlite:///gradebook.db") as book:
            for work in book.assignment_submissions({WORK!r}):
                for one in work.notebooks:
                    print(work.student.id, one.name, one.score)
    """)
    told = subprocess.run(
        [str(school.python), "-c", code],
        cwd=school.course,
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
    ).stdout
    found: dict[str, dict[str, float]] = {}
    for line in told.splitlines():
        student, name, points = line.split()
        found.setdefault(student, {})[name] = float(points)
    assert found == POINTS
    page = school.course / "feedback" / "ben" / WORK / "counting.html"
    assert re.search(r"Score: 2\.0 */ *10\.0", page.read_text(encoding="utf-8"))
