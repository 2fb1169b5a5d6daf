"""A student's program is judged by the model; it is run for real only by a teacher's call."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.notebook

STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.system")
"""What Python tells of when another program is about to be started."""
JUDGED = f"""
import sys
started = []
sys.addaudithook(lambda event, given: started.append(event) if event in {STARTS!r} else None)
from kit.explore import Spec
from kit.widgets import Exercise
TEXT = "def main():\\n    if fork() == 0:\\n        exec('mine')\\n    kill(getppid())\\n"
TEACHER
exercise = Exercise(TEXT, spec=Spec(output="7"), validator=validator, solution=TEXT)
judged = exercise.judge(TEXT)
print(judged.passed, sorted(set(started)), "kit.host" in sys.modules)
"""
BY_THE_TEACHER = (
    "from kit import Program, host\n"
    "def validator(trace):\n"
    "    return host.run(Program('p', 'def main(): print(7)'), way='python').output(2)\n"
)


def judged(teacher: str) -> str:
    """Return whether a program passed, what was started meanwhile, and if the host was loaded."""
    code = JUDGED.replace("TEACHER", teacher)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_grading_runs_nothing_for_real():
    """A program that forks, kills and starts others is explored, and nothing is started."""
    assert judged("def validator(trace): return ''") == "False [] False"


def test_a_teacher_can_ask_for_a_real_run():
    """A function of the teacher's own may run something, because it says so."""
    assert judged(BY_THE_TEACHER) == "False ['subprocess.Popen'] True"
