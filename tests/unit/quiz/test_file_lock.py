"""Programs that write answers at the same time, are ended while they do, or find no room."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.quiz.answers import AnswersFile, keep, read
from kit.quiz.file_lock import locked
from tests.unit.quiz.test_answers import ANSWERS_FILE, CHOICE, files_in

pytestmark = pytest.mark.notebook

# Keeps answers one by one, and says of each when it is kept.
WRITER = f"""
import sys
from pathlib import Path
from kit.quiz.answers import AnswersFile, keep
path, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    keep(path, AnswersFile("n.ipynb", {{f"{{who}}-{{number}}": {CHOICE!r}}}))
    print(number, flush=True)
"""
HOLDER = """
import sys, time
from pathlib import Path
from kit.quiz.file_lock import locked
with locked(Path(sys.argv[1]), 5):
    print("held", flush=True)
    sys.stdin.readline()
"""
# What is asked of a kernel whose folder or disk takes nothing, and then does again.
KERNEL = """
import asyncio, errno, json, os, resource, sys
os.environ["KIT_ANSWERS"] = sys.argv[1]
from kit.quiz import Choice, Question
from kit.widgets import Answers, Predict

def question(prompt):
    return Question(prompt, (Choice("one", False, "No."), Choice("two", True, "Yes.")), tick=0)

def closed():
    if sys.argv[2] == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, resource.RLIM_INFINITY))
    else:
        os.chmod(os.path.dirname(sys.argv[1]), 0o555)
        os.seteuid(65534 if os.geteuid() == 0 else os.geteuid())

def opened():
    if sys.argv[2] == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    else:
        os.seteuid(os.getuid())
        os.chmod(os.path.dirname(sys.argv[1]), 0o755)

async def main():
    shown, one, two = Answers(), Predict(question("One?")), Predict(question("Two?"))
    one.answer(1)
    kept = open(sys.argv[1]).read()
    closed()
    two.answer(1)
    told = [two.unsaved, shown.problem, shown.place, shown.summary]
    told.append(open(sys.argv[1]).read() == kept)
    told.append(sorted(json.loads(shown.content)["answers"]) == sorted([one.key, two.key]))
    opened()
    while two.unsaved:
        await asyncio.sleep(0.01)
    told += [shown.problem, shown.place, sorted(json.load(open(sys.argv[1]))["answers"])]
    print(json.dumps([*told, sorted([one.key, two.key])]))

asyncio.run(main())
"""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="limits and owners are those of POSIX")


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python of its own that has said its first word."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() in ("ready", "held")
    return process


def go_on(process: subprocess.Popen[str]) -> None:
    """Let it do the rest."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.thorough)])
def test_two_programs_that_write_at_once_lose_nothing(tmp_path: Path, count: int):
    """However the writes of two processes come together, every answer is in the file."""
    path = tmp_path / "n.answers.json"
    writers = [started(WRITER, path, who, count) for who in "ab"]
    for writer in writers:
        go_on(writer)
    for writer in writers:
        assert writer.communicate()[0].split() == list(map(str, range(count)))
        assert writer.returncode == 0
    assert set(read(path).answers) == {f"{who}-{n}" for who in "ab" for n in range(count)}
    assert files_in(tmp_path) == ["n.answers.json"]


def test_a_program_that_is_killed_while_it_writes_loses_nothing(tmp_path: Path):
    """What it had kept is in the file, and the others go on at once; nothing is left behind."""
    path = tmp_path / "n.answers.json"
    writers = [started(WRITER, path, who, 10_000 if who == "killed" else 40)
               for who in ("killed", "one", "two")]  # fmt: skip
    for writer in writers:
        go_on(writer)
    killed, *others = writers
    assert killed.stdout is not None
    said = [killed.stdout.readline() for _ in range(10)]
    killed.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    said += killed.communicate()[0].split()
    for writer in others:
        writer.communicate()
        assert writer.returncode == 0
    found = set(read(path).answers)
    assert {f"killed-{int(number)}" for number in said} <= found
    assert {f"{who}-{n}" for who in ("one", "two") for n in range(40)} <= found
    keep(path, ANSWERS_FILE)
    assert files_in(tmp_path) == ["n.answers.json"]


def test_the_lock_of_a_program_that_was_killed_is_free(tmp_path: Path):
    """A lock ends with its process, and its file locks nobody out; until then others wait."""
    lock = tmp_path / "lock"
    holder = started(HOLDER, lock)
    with pytest.raises(BlockingIOError, match="another program is writing"), locked(lock, 0.02):
        pass
    holder.kill()
    holder.communicate()
    assert lock.exists()
    with locked(lock, 0.0):
        pass
    assert files_in(tmp_path) == []


def test_who_cannot_have_the_lock_writes_nothing(tmp_path: Path):
    """It neither writes without the lock nor takes it away from its holder."""
    path = tmp_path / "n.answers.json"
    keep(path, ANSWERS_FILE)
    holder = started(HOLDER, path.with_name(".n.answers.json.lock"))
    with pytest.raises(BlockingIOError):
        keep(path, AnswersFile("n.ipynb", {"c": CHOICE}), patience=0.02)
    assert read(path) == ANSWERS_FILE
    assert ".n.answers.json.lock" in files_in(tmp_path)
    go_on(holder)
    holder.communicate()
    keep(path, AnswersFile("n.ipynb", {"c": CHOICE}))
    assert set(read(path).answers) == {"a", "b", "c"}


@POSIX
@pytest.mark.parametrize(
    ("what", "why"), [("full", "File too large"), ("shut", "Permission denied")]
)
def test_no_room_and_no_leave_lose_nothing(folder: Path, what: str, why: str):
    """What was kept stays; what was not is told, exported, and kept when that works again."""
    path = folder / "shut" / "n.answers.json"
    path.parent.mkdir(mode=0o755)
    done = subprocess.run(
        [sys.executable, "-c", KERNEL, path, what], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    unsaved, problem, place, summary, same, exported, *after = json.loads(done.stdout)
    assert unsaved.startswith(f"Not saved, because n.answers.json cannot be used ({why})")
    assert why in problem
    assert (place, summary) == ("", "2 of 2 answered, 2 right")
    assert (same, exported) == (True, True)
    problem, place, kept, wanted = after
    assert (problem, place) == ("", "Saved in n.answers.json next to this notebook.")
    assert kept == wanted
    assert files_in(path.parent) == ["n.answers.json"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path):
    """Who cannot write is told so by the system, and decides what to do."""
    with pytest.raises(OSError, match="lock"):
        keep(tmp_path / "missing" / "n.answers.json", ANSWERS_FILE)
    assert files_in(tmp_path) == []
