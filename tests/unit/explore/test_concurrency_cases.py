"""Concurrent programs from textbooks, whose faults are known, against what `explore` finds."""

import re
import time
from pathlib import Path

import pytest

from kit import Program
from kit.explore import ExplorationResult, Outcome, explore

CASES = Path(__file__).parents[2] / "data" / "concurrency_cases"
NAMES = sorted(path.stem for path in CASES.glob("*.kit"))
STUCK = {"deadlock", "stuck"}
SHOWN = 6
"""Outcomes whose witnesses are looked at, of a program that has hundreds."""
CPU_SECONDS = 10
"""What one program may take; together they take less than a minute."""

LARGE = (
    "bakery3",
    "barbershop",
    "cigarette_smokers",
    "fib_bench",
    "filter3",
    "mcs_lock",
    "readers_count_unprotected",
    "roller_coaster",
    "rw_split_semaphores",
    "rw_writer_preference",
    "santa",
    "santa_deer_kept",
    "treiber_stack_heap",
    "unisex_bathroom",
)
"""Those with the most states."""


def expected(text: str) -> dict[str, str]:
    """What is written on top of a case."""
    (line,) = re.findall(r"^# expect: (.*)$", text, re.MULTILINE)
    return dict(part.split("=") for part in line.split(" "))


def invariant_of(text: str) -> str:
    """The invariant that is written on top of a case; "" if there is none."""
    return "".join(re.findall(r"^# invariant: (.*)$", text, re.MULTILINE))


def found(outcomes: ExplorationResult, about: dict[str, str]) -> dict[str, str]:
    """What was found of the same things; "?" is not looked at."""

    def how_many(test: str, asked: str) -> str:
        """Whether no outcome is like that, some are, or all."""
        number = sum(bool(getattr(outcome, test)) for outcome in outcomes.outcomes)
        if asked == "always":
            return "always" if number == len(outcomes.outcomes) else "yes"
        return "yes" if number else "no"

    ended = [o for o in outcomes.outcomes if not (o.faults or o.deadlock or o.endless)]
    facts = {
        "fault": how_many("faults", about["fault"]),
        "deadlock": how_many("deadlock", about["deadlock"]),
        "endless": how_many("endless", about["endless"]),
        "races": ",".join(sorted({race.name.partition("[")[0] for race in outcomes.races})),
        "invariant": "holds" if outcomes.invariant_holds else "broken",
        "outputs": "|".join(sorted({o.output[2].strip() for o in ended})),
    }
    for what in ("values", "max"):
        name = about.get(what, "").partition(":")[0]
        values = {o.globals[2][name] for o in ended} if name else set()
        highest = {max(values)} if values and what == "max" else values
        facts[what] = "/".join(f"{name}:{value}".replace(" ", "") for value in sorted(highest))
    return facts


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LARGE)) for name in NAMES]
)
def test_explore_finds_what_is_known(name):
    """Each fault that a program has is found, and no other; every witness shows its outcome."""
    text = (CASES / f"{name}.kit").read_text(encoding="utf-8")
    about = expected(text)
    start = time.process_time()
    spurious = "# option: spurious" in text
    outcomes = explore(Program(name, text), invariant=invariant_of(text), spurious=spurious)
    assert outcomes.complete
    facts = found(outcomes, about)
    assert time.process_time() - start < CPU_SECONDS
    for what, known in about.items():
        if what == "races" and known != "?":
            assert facts[what] == ",".join(sorted(known.split(",")))
        elif what == "max":
            for one in known.split(","):
                assert found(outcomes, {**about, "max": one})["max"] == one
        elif known != "?":
            assert facts[what] == known, what
    for outcome in outcomes.outcomes[:SHOWN]:
        shows(outcomes, outcome)


def shows(outcomes: ExplorationResult, outcome: Outcome) -> None:
    """The witness of an outcome ends as it says."""
    trace = outcomes.witness(outcome)
    if outcome.endless:
        assert trace.end > 0
        return
    processes = trace.at(trace.end).processes
    for pid in outcome.exit_codes:
        assert processes[pid].globals.items() >= outcome.globals[pid].items()
        assert processes[pid].exit_code == outcome.exit_codes[pid]
        assert trace.output(pid) == outcome.output[pid]
    assert any(event.kind in STUCK for event in trace.events) == outcome.deadlock
    faults = tuple(e.fault for e in trace.events if e.kind == "fault")
    assert faults == tuple(fault for all_of_one in outcome.faults.values() for fault in all_of_one)
