"""Rules of a check: one class each, whose docstring is its page; see `kit rules`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import ClassVar

from kit.check.results import TIERS
from kit.errors import KitError, nearest


class Rule:
    """Something that a check looks for.

    The docstring of a rule is for those who have broken it: its first line says what holds if
    there is no problem, and what follows says why that matters.

    Attributes
    ----------
    code : str
        "KC" and a number, of hundreds those of its tier; it never stands for another rule.
    name : str
        What problems and reports call it; unique in its tier.
    remedy : str
        What to do, as a sentence that begins with a verb, without a full stop; a problem may
        know better.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    remedy: ClassVar[str]

    @classmethod
    def tier(cls) -> str:
        """Return the tier that it belongs to."""
        return [*TIERS][int(cls.code[2]) - 1]

    @classmethod
    def holds(cls) -> str:
        """Return in a sentence what holds if there is no problem."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]

    @classmethod
    def page(cls) -> str:
        """Return all that there is to know of it."""
        told = inspect.cleandoc(cls.__doc__ or "")
        return f"{cls.code} {cls.name} ({cls.tier()})\n\n{told}\n\nWhat to do: {cls.remedy}."


Rules = dict[str, type[Rule]]
"""Name -> the rule, in one tier."""


def by_name(*rules: type[Rule]) -> Rules:
    """Return the rules of a tier by their names."""
    return {rule.name: rule for rule in rules}


def all_rules() -> list[type[Rule]]:
    """Return the rules of all tiers, by code."""
    # Each tier imports this module.
    from kit.check import binder, browser, execution, static  # noqa: PLC0415

    tiers = (static.RULES, execution.RULES, browser.RULES, binder.RULES)
    return sorted((rule for tier in tiers for rule in tier.values()), key=lambda rule: rule.code)


def code_of(tier: str, name: str) -> str:
    """Return the code of a rule that a problem names; in the rehearsal it may be a browser's."""
    found = [rule for rule in all_rules() if rule.name == name]
    return min(found, key=lambda rule: rule.tier() != tier).code if found else ""


def rules_called(word: str) -> list[type[Rule]]:
    """Return the rule of a code, or those of a name.

    Raises
    ------
    KitError
        If there is none.
    """
    found = [one for one in all_rules() if word.casefold() in (one.code.casefold(), one.name)]
    if not found:
        known = [*dict.fromkeys(word for one in all_rules() for word in (one.name, one.code))]
        raise KitError(f"there is no rule '{word}'; {nearest(word, known)}")
    return found


def as_table(rules: Iterable[type[Rule]]) -> str:
    """Return rules as a table in Markdown."""
    lines = ["| code | rule | tier | what holds | what to do |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {rule.code} | {rule.name} | {rule.tier()} | {rule.holds()} | {rule.remedy} |"
        for rule in rules
    ]
    return "\n".join(lines) + "\n"
