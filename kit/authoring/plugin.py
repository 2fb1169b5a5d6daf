"""What the checker of notebooks is told about this course; see `kit.check.course`."""

from __future__ import annotations

from kit.authoring.coverage.minutes import minutes_of
from kit.authoring.storyline import PICTURES, STORYLINE
from kit.check.course import Call, Course
from kit.quiz.answers import without_answers
from kit.scenarios import SCENARIOS


def unseeded(call: Call) -> tuple[str, str] | None:
    """Return what is wrong with a call that holds a lottery and names no seed."""
    if not call.function.startswith("kit.") or {"seed", "**"} & call.options.keys():
        return None
    name = call.function.removesuffix(".machine").rpartition(".")[2]
    remedy = f"write {name}(…, seed=1), so that readers know the draw and can change it"
    if name == "Machine" and _is_lottery(call.options.get("scheduler", "")):
        return "Machine has a lottery as its scheduler and names no seed", remedy
    in_library = call.function.startswith("kit.scenarios.") and name in SCENARIOS
    drawn = in_library and "lottery" in call.options.values()
    if drawn and "seed" in SCENARIOS[name].parameters:
        return f"the scenario {name} has a lottery and names no seed", remedy
    return None


def _is_lottery(function: str) -> bool:
    return function.startswith("kit.") and function.endswith(".Lottery")


COURSE = Course(
    STORYLINE,
    PICTURES,
    exercise="Exercise",
    program="Program",
    magic="program",
    package="kit",
    unseeded=unseeded,
    minutes=minutes_of,
    environment=without_answers,
)
