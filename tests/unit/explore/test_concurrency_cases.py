"""Concurrent programs from textbooks, whose faults are known, against what `explore` finds."""

import re
from pathlib import Path

import pytest

from kit import Program
from kit.explore import Outcomes, explore

CASES = Path(__file__).parents[2] / "data" / "concurrency_cases"
NAMES = sorted(path.stem for path in CASES.glob("*.kit"))
SLOW = {"rw_condition_notify"}
STUCK = {"deadlock", "stuck"}


def expected(text: str) -> dict[str, str]:
    """What is written on top of a case: fault, deadlock, endless, races."""
    (line,) = re.findall(r"^# expect: (.*)$", text, re.MULTILINE)
    return dict(part.split("=") for part in line.split(" "))


def found(outcomes: Outcomes) -> dict[str, str]:
    """The same of what was explored."""

    def some(test: str) -> str:
        return "yes" if any(getattr(outcome, test) for outcome in outcomes.outcomes) else "no"

    races = ",".join(sorted({race.name for race in outcomes.races}))
    return {
        "fault": some("faults"),
        "deadlock": some("deadlock"),
        "endless": some("endless"),
        "races": races,
    }


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.thorough] if n in SLOW else []) for n in NAMES],
)
def test_explore_finds_what_is_known(name):
    """Each fault that a program has is found, and no other; every witness shows its outcome."""
    text = (CASES / f"{name}.kit").read_text(encoding="utf-8")
    outcomes = explore(Program(name, text))
    assert outcomes.complete
    assert found(outcomes) == expected(text)
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        end = trace.at(trace.end).processes[1]
        assert end.globals.items() >= outcome.globals[1].items()
        assert end.exit_code == outcome.exit_codes[1]
        assert trace.output(1) == outcome.output[1]
        assert any(event.kind in STUCK for event in trace.events) == outcome.deadlock
        faults = tuple(e.fault for e in trace.events if e.kind == "fault")
        assert faults == outcome.faults.get(1, ())
