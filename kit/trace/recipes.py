"""Programs and recipes as JSON: settings and steps by the names of their classes and fields."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from kit.lang.program import Program
from kit.sim.cache import Cache
from kit.sim.contiguous import Contiguous
from kit.sim.free_list import HeapPolicy
from kit.sim.journal import OWN, Recipe
from kit.sim.page_table import PageTable
from kit.sim.process import LaunchOptions
from kit.sim.replacement import Replacement
from kit.sim.schedulers import POLICIES
from kit.sim.segmentation import Segmentation
from kit.sim.settings import Costs, Limits
from kit.sim.setup import Setup

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *OWN,
        *POLICIES,
        Cache,
        Contiguous,
        Costs,
        HeapPolicy,
        Limits,
        PageTable,
        Recipe,
        Replacement,
        Segmentation,
        Setup,
    )
} | {"Share": LaunchOptions}
"""The parts of a recipe by their names in a file, which stay what they were at first."""
_NAMES = {kind: name for name, kind in _KINDS.items()}


def pack_program(program: Program) -> list[str]:
    """Return what a program is made of again; its language only if it is not the usual one."""
    usual = program.language == "python"
    return [program.name, program.text, *([] if usual else [program.language])]


def unpack_program(name: str, text: str, language: str = "python") -> Program:
    """Return the program that `pack_program` made this of."""
    return Program(name, text, language=language)


def pack_recipe(recipe: Recipe | None) -> Any:
    """Return what `unpack_recipe` makes an equal recipe of.

    None if there is none, or if a part of it is not of the kit: a file must never name
    code to be run.
    """
    try:
        return None if recipe is None else _pack(recipe)
    except TypeError:
        return None


def _pack(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    if isinstance(value, Program):
        return {"Program": value.name}
    kind = type(value)
    if kind not in _NAMES or not is_dataclass(kind):
        raise TypeError(kind.__name__)
    return {_NAMES[kind]: {field.name: _pack(getattr(value, field.name)) for field in fields(kind)}}


def unpack_recipe(packed: Any, programs: tuple[Program, ...]) -> Recipe | None:
    """Return the recipe that was packed.

    Parameters
    ----------
    packed
        What `pack_recipe` returned.
    programs : tuple of Program
        Those of the trace.

    Raises
    ------
    LookupError, TypeError, ArgumentError
        If it is damaged.
    """
    recipe = _unpack(packed, {program.name: program for program in programs})
    if recipe is not None and not isinstance(recipe, Recipe):
        raise TypeError("there is no recipe in it")
    return recipe


def _unpack(packed: Any, programs: dict[str, Program]) -> Any:
    if isinstance(packed, list):
        return tuple(_unpack(item, programs) for item in packed)
    if not isinstance(packed, dict):
        return packed
    ((name, content),) = packed.items()
    if name == "Program":
        return programs[content]
    return _KINDS[name](**{key: _unpack(item, programs) for key, item in content.items()})
