"""What must come out the same wherever Python runs: each fact of the plain layers as a digest.

The tests run this file with CPython, and with Pyodide in Node.js and in a browser, and compare.
It needs the kit and the standard library only.
"""

import hashlib
import importlib
import json
import pkgutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit.explore import explore
from kit.lang.assembly import read_assembly
from kit.lang.disassembly import write_assembly
from kit.quiz import suggest_questions
from kit.quiz.answers import AnswersFile, keep, read
from kit.scenarios import SCENARIOS
from kit.trace import Trace

PLAIN = ("kit.explore", "kit.lang", "kit.quiz", "kit.scenarios", "kit.sim", "kit.trace")
"""The packages that use the standard library only."""
EXPLORED = ("lost_update", "counter_with_lock", "deadlock", "lock_held_at_death")
"""Scenarios all of whose schedules are looked at within a second or so, in a browser too."""


def _digest(*told: object) -> str:
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()


def plain_modules() -> list[str]:
    """Import every module of the plain packages, and return their names."""
    names = []
    for package in PLAIN:
        found = importlib.import_module(package)
        names.append(package)
        names += [one.name for one in pkgutil.walk_packages(found.__path__, f"{package}.")]
    for name in names:
        importlib.import_module(name)
    return sorted(names)


def _of_programs(trace: Trace) -> Iterable[str]:
    """Yield each program as assembly, read again and written again."""
    for program in trace.programs:
        text = write_assembly(program.image)
        yield text
        yield write_assembly(read_assembly(program.name, text))


def _of_file(trace: Trace) -> str:
    """Return the digest of a trace that was saved and loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.trace"
        trace.save(path)
        return Trace.load(path).digest


def _of_answers() -> str:
    """Return the digest of answers that were kept and read back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lesson.answers.json"
        keep(path, AnswersFile("lesson.ipynb"))
        return _digest(read(path))


def facts() -> dict[str, str]:
    """Return a digest for each fact, by its name: "compiled lost_update" and so on."""
    found = {"modules": _digest(*plain_modules()), "answers": _of_answers()}
    for name, scenario in SCENARIOS.items():
        trace = scenario()
        found[f"run {name}"] = trace.digest
        found[f"compiled {name}"] = _digest(*_of_programs(trace))
        found[f"file {name}"] = _of_file(trace)
        found[f"told {name}"] = _digest(*map(trace.narrate, range(trace.end + 1)))
        found[f"measured {name}"] = _digest(trace.metrics())
        found[f"asked {name}"] = _digest(*suggest_questions(trace))
    for name in EXPLORED:
        outcomes = explore(SCENARIOS[name])
        found[f"explored {name}"] = _digest(outcomes, *outcomes.outcomes, *outcomes.races)
    return found


def report() -> str:
    """Return the facts and the Python that they come from, as JSON."""
    told: dict[str, Any] = {"facts": facts(), "platform": sys.platform, "bits": sys.maxsize}
    told["version"] = list(sys.version_info[:2])
    told["heavy"] = sorted({"numpy", "pandas", "ipywidgets", "bqplot"} & set(sys.modules))
    return json.dumps(told)
