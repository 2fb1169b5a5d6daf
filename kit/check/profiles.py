"""Which rules count: a profile for a kind of notebooks, and single rules on and off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.errors import KitError, nearest

COURSE, WIDGETS = "course", "widgets"

PROFILES: dict[str, frozenset[str]] = {
    COURSE: frozenset(),
    WIDGETS: frozenset(
        {
            *("ids", "kernelspec", "code", "style", "outputs", "metadata", "steps", "headings"),
            *("alt", "links", "spelling", "length", "exercise", "seed", "install", "storyline"),
            "minutes",
            *("stderr", "output", "twice", "given-away", "accessibility"),
        }
    ),
}
"""Name of a profile -> the rules that it leaves out.

A course of its own makes sure that its lessons are taught and stored alike. Of any other notebook
all that counts is that it works: it is readable, runs, and its widgets answer.
"""

ALWAYS = frozenset({"readable", "pytest"})
"""Rules that cannot be left out, because without them nothing else is known."""


@dataclass(frozen=True)
class Choice:
    """What somebody wants of the rules, over what the settings of a course say.

    Attributes
    ----------
    profile : str
        One of `PROFILES`; that of the settings if empty.
    on, off : tuple of str
        Names or codes of rules.
    """

    profile: str = ""
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


def check_choice(choice: Choice) -> None:
    """Check that there is such a profile, and such rules.

    Raises
    ------
    KitError
        If not; it says what was meant.
    """
    # The tiers whose rules are looked up read settings themselves.
    from kit.check.rules import rules_called  # noqa: PLC0415

    if choice.profile and choice.profile not in PROFILES:
        raise KitError(
            f"there is no profile '{choice.profile}'; {nearest(choice.profile, PROFILES)}"
        )
    names = {word: {rule.name for rule in rules_called(word)} for word in choice.off}
    names |= {word: names.get(word) or {r.name for r in rules_called(word)} for word in choice.on}
    for word in choice.off:
        if names[word] & ALWAYS:
            raise KitError(f"the rule '{word}' cannot be off; nothing else is known without it")
    both = [word for word in choice.on if word in choice.off]
    if both:
        raise KitError(f"the rule '{both[0]}' is both on and off; keep one of them")


def counts(rule: str, code: str, choices: Iterable[Choice]) -> bool:
    """Tell whether a rule counts.

    Parameters
    ----------
    rule, code : str
        Its name and its code; both may be chosen.
    choices : iterable of Choice
        The later ones have the last word.
    """
    if rule in ALWAYS:
        return True
    wanted = True
    for choice in choices:
        if choice.profile:
            wanted = rule not in PROFILES.get(choice.profile, frozenset())
        named = {rule.casefold(), code.casefold()} - {""}
        if named & set(map(str.casefold, choice.on)):
            wanted = True
        if named & set(map(str.casefold, choice.off)):
            wanted = False
    return wanted
