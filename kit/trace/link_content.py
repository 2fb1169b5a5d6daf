"""What is in a link: a recipe as plain data, without what is as usual.

Nothing in it is believed: names lead to the kit's own classes alone, which check what they are
given, and numbers are looked at before anything is made of their size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

from kit.errors import KitError
from kit.lang.program import Program
from kit.sim.cache import Cache
from kit.sim.contiguous import Contiguous
from kit.sim.free_list import HeapPolicy
from kit.sim.interventions import Inject, Kill, RunNext, Write
from kit.sim.journal import Install, Launch, PutFile, Recipe, Run, Step
from kit.sim.page_table import PageTable
from kit.sim.process import LaunchOptions
from kit.sim.replacement import Replacement
from kit.sim.schedulers import POLICIES
from kit.sim.segmentation import Segmentation
from kit.sim.settings import Costs, Limits
from kit.sim.setup import Setup
from kit.trace.recipes import pack_program, unpack_program

MOST_STEPS = 500
"""Most things that are done to a machine."""
MOST_FRAMES = 4096
"""Most pages that RAM and the swap area have room for."""
MOST_LEVELS = 64
"""Most levels of a policy, each of which has a queue."""
MOST_BITS = 64
"""How long a number may be."""

_PARTS: dict[str, tuple[type[Any], ...]] = {
    "scheduler": tuple(POLICIES),
    "costs": (Costs,),
    "limits": (Limits,),
    "replacement": (Replacement,),
    "heap": (HeapPolicy,),
    "contiguous": (Contiguous,),
    "cache": (Cache,),
    "page_table": (PageTable,),
    "segmentation": (Segmentation,),
}
"""Of which classes each setting is that is more than a number."""
_INTERVENTIONS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Kill, Inject, RunNext, Write)
}
_MOST_OF: dict[str, int] = {
    "ticks": 1 << 60,
    "processes": 1024,
    "threads": 1024,
    "files": 1024,
    "output": 1_000_000,
}
"""How high the limits of a machine may be."""


class Damaged(KitError):  # noqa: N818 - an adjective says it best
    """What is in a link is not whole, or more than a link may ask for."""


def content_of(recipe: Recipe) -> Any:
    """Return a recipe as plain data.

    Raises
    ------
    TypeError
        If a part of it is not one of the kit.
    """
    programs = dict.fromkeys(s.program for s in recipe.steps if isinstance(s, Launch | Install))
    numbers = {program: number for number, program in enumerate(programs)}
    steps = [_packed_step(step, numbers) for step in recipe.steps]
    return [[*map(pack_program, programs)], _unusual(recipe.setup), steps]


def _packed_step(step: Step, numbers: dict[Program, int]) -> list[Any]:
    if isinstance(step, Launch):
        return ["launch", numbers[step.program], step.at, _unusual(step.share)]
    if isinstance(step, Install):
        return ["install", numbers[step.program]]
    if isinstance(step, PutFile):
        return ["file", step.name, list(step.words)]
    if isinstance(step, Run):
        return ["run", *([] if step.until is None else [step.until])]
    name = type(step).__name__
    if _INTERVENTIONS.get(name) is not type(step):
        raise TypeError(name)
    return [name, _unusual(step)]


def _unusual(value: Any) -> dict[str, Any]:
    """Return the fields of something that are not as they usually are."""
    parts = _PARTS if isinstance(value, Setup) else {}
    told = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
    return {
        name: _packed(one, parts.get(name, ()))
        for name, (one, usual) in told.items()
        if usual is MISSING or one != usual or type(one) is not type(usual)
    }


def _packed(value: Any, kinds: tuple[type[Any], ...]) -> Any:
    """Return a value as plain data; `kinds` are the classes that it may be of."""
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, tuple):
        return [_packed(item, ()) for item in value]
    if type(value) not in kinds:
        raise TypeError(type(value).__name__)
    content = _unusual(value)
    return content if len(kinds) == 1 else [type(value).__name__, content]


def recipe_of(content: Any) -> Recipe:
    """Return the recipe that `content_of` has made plain data of.

    Raises
    ------
    Damaged, KitError, LookupError, TypeError, ValueError, AttributeError
        If it is not what that function returns, or nothing can be made of it.
    """
    sources, settings, listed = _list(content)
    programs = tuple(unpack_program(*_list(source)) for source in _list(sources))
    if len(_list(listed)) > MOST_STEPS:
        raise Damaged(f"more than {MOST_STEPS} things are done in it")
    setup = _made(Setup, settings)
    _check_setup(setup)
    steps = tuple(_step(*_list(step), programs=programs) for step in listed)
    return Recipe(setup, steps)


def _check_setup(setup: Setup) -> None:
    for name, most in _MOST_OF.items():
        value = getattr(setup.limits, name)
        if value > most:
            raise Damaged(f"a limit of {value} {name} is more than the {most} of a link")
    if (setup.ram + setup.swap) // setup.page_size > MOST_FRAMES:
        raise Damaged(f"more than {MOST_FRAMES} pages of memory are more than a link may ask for")


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return value


def _made(kind: type[Any], content: Any) -> Any:
    """Return one of the kit's own classes, with these fields."""
    if not isinstance(content, dict):
        raise TypeError(type(content).__name__)
    levels = content.get("levels", 1)
    if isinstance(levels, int) and levels > MOST_LEVELS:
        # The class makes a list of them before anything else can be checked.
        raise Damaged(f"{levels} levels of a policy are more than the {MOST_LEVELS} of a link")
    parts = _PARTS if kind is Setup else {}
    return kind(**{name: _value(one, parts.get(name, ())) for name, one in content.items()})


def _value(value: Any, kinds: tuple[type[Any], ...]) -> Any:
    """Return a value of plain data; `kinds` are the classes that it may be of, if any."""
    if value is None or (isinstance(value, bool | int | str) and not kinds):
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise Damaged("a number in it is too large")
        return value
    if not kinds:
        return tuple(_value(item, ()) for item in _list(value))
    if len(kinds) == 1:
        return _made(kinds[0], value)
    chosen, content = _list(value)
    return _made({kind.__name__: kind for kind in kinds}[chosen], content)


def _launch(programs: tuple[Program, ...], number: int, at: int, share: Any = None) -> Launch:
    return Launch(_one(programs, number), at, _made(LaunchOptions, share or {}))


def _one(programs: tuple[Program, ...], number: Any) -> Program:
    if type(number) is not int or number < 0:
        raise TypeError(type(number).__name__)
    return programs[number]


def _step(kind: str, *told: Any, programs: tuple[Program, ...]) -> Step:
    if kind in _INTERVENTIONS:
        (content,) = told
        step: Step = _made(_INTERVENTIONS[kind], content)
        return step
    makers: dict[str, Callable[..., Step]] = {
        "launch": lambda number, at, share: _launch(programs, number, at, share),
        "install": lambda number: Install(_one(programs, number)),
        "file": lambda name, words: PutFile(name, tuple(_list(words))),
        "run": lambda until=None: Run(until),
    }
    return makers[kind](*told)
