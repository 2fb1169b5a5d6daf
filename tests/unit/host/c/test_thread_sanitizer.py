"""ThreadSanitizer, which watches real threads, held to `explore`, which knows every schedule."""

import re
import subprocess
from pathlib import Path

import pytest

from kit.explore import explore
from kit.host.c import translate
from kit.scenarios import SCENARIOS

pytestmark = [pytest.mark.notebook, pytest.mark.thorough]

COMMAND = ("gcc", "-std=c11", "-g", "-O0", "-fwrapv", "-pthread", "-fsanitize=thread", "program.c")
FRAME = re.compile(r"#0 \w+ .*program\.c:(\d+)")


def reported(name: str, folder: Path) -> tuple[str, set[int]]:
    """Return what ThreadSanitizer says of a scenario, and the lines of the lesson that it names."""
    (program,) = SCENARIOS[name].machine().run(until=0).programs
    c_program = translate(program)
    (folder / "program.c").write_text(c_program.text, encoding="utf-8")
    subprocess.run([*COMMAND, "-o", "program"], cwd=folder, check=True)
    done = subprocess.run(["./program"], cwd=folder, capture_output=True, text=True, check=False)
    places = {int(number) for number in FRAME.findall(done.stderr)}
    return done.stderr, {c_program.lines[place] for place in places if place in c_program.lines}


@pytest.mark.parametrize("name", ["counter_with_lock", "producer_consumer", "several_cores"])
def test_a_program_without_a_race_runs_clean(name: str, tmp_path: Path):
    """Where no schedule has a race, nothing is reported."""
    assert explore(SCENARIOS[name]).races == ()
    assert reported(name, tmp_path) == ("", set())


@pytest.mark.parametrize("name", ["lost_update", "threads_share", "switching_costs"])
def test_a_race_is_reported_at_the_line_that_explore_names(name: str, tmp_path: Path):
    """Both accesses are where some schedule has them next to each other."""
    races = explore(SCENARIOS[name]).races
    text, lines = reported(name, tmp_path)
    assert "WARNING: ThreadSanitizer: data race" in text
    assert lines & {access.line for race in races for access in (race.first, race.second)}
