"""Every schedule of a small concurrent program: what it can come to, and how."""

from kit.explore.busy import BusyWait, busy_waiting
from kit.explore.check import Breach, Verdict, check_program
from kit.explore.explore import explore
from kit.explore.no_return import PointOfNoReturn, point_of_no_return, told_apart
from kit.explore.outcome import Outcome
from kit.explore.outcomes import ExplorationResult
from kit.explore.refinement import Refinement, refines
from kit.explore.results import Final
from kit.explore.sampling import Sample
from kit.explore.search_result import Race
from kit.explore.spec import Spec

__all__ = [
    "Breach",
    "BusyWait",
    "ExplorationResult",
    "Final",
    "Outcome",
    "PointOfNoReturn",
    "Race",
    "Refinement",
    "Sample",
    "Spec",
    "Verdict",
    "busy_waiting",
    "check_program",
    "explore",
    "point_of_no_return",
    "refines",
    "told_apart",
]
