"""Rules on headings: one title, levels, and the six steps of a lesson."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from kit.check.markdown import Heading
from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule

STEPS = ("Predict", "Explore", "Change", "Explain", "Transfer")
"""The headings of a lesson, of level 2, in order; its goal stands below the title."""


class Headings(StaticRule):
    """One title, no level left out, no two headings alike.

    A reader with a screen reader goes from heading to heading, and links lead to headings.
    """

    code, name = "KC111", "headings"
    remedy = "begin with one # heading, and go down one level at a time"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield what is wrong with the title, levels left out, and headings that are alike."""
        headings = context.headings
        yield from _title(context)
        for (_, before), (cell, heading) in pairwise(headings):
            if heading.level > before.level + 1:
                found = f"'{heading}' comes after '{before}', so a level is left out"
                better = Heading(before.level + 1, heading.text)
                yield cell.problem("headings", found, f"write '{better}'")
        first: dict[str, Cell] = {}
        for cell, heading in headings:
            if not heading.text:
                remedy = "write a text after it, or remove it"
                yield cell.problem("headings", "there is a heading without text", remedy)
            elif heading.anchor in first:
                other = first[heading.anchor].number
                found = f"there is a heading '{heading.text}' in cell {other} too"
                remedy = "word one of them differently, so that links can reach both"
                yield cell.problem("headings", found, remedy)
            else:
                first[heading.anchor] = cell


def _title(context: LintContext) -> Iterator[Problem]:
    titles = [(cell, heading) for cell, heading in context.headings if heading.level == 1]
    if not titles:
        remedy = "begin its first cell with '# ' and a title"
        yield Problem("headings", "the notebook has no title", remedy)
        return
    cell, title = titles[0]
    if cell.number != 1 or context.headings[0][1] != title:
        remedy = "let the notebook begin with it"
        yield cell.problem("headings", f"the title '{title}' is not at the beginning", remedy)
    for cell, other in titles[1:]:
        remedy = f"write '{Heading(2, other.text)}'"
        yield cell.problem("headings", f"'{other}' is a second title", remedy)


class Steps(StaticRule):
    """A lesson has goal, predict, explore, change, explain and transfer, in this order.

    Students who have predicted first look for something, and learn more from what they see.
    """

    code, name = "KC110", "steps"
    remedy = "add the missing heading, or bring the steps into this order"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield what a lesson lacks of its goal and its steps, and which one is out of order."""
        if not context.is_lesson:
            return
        if context.prose:
            cell, text = context.prose[0]
            if not any(bold.startswith("Goal") for bold in text.bold):
                remedy = "write '**Goal.** After about … minutes you can …' below the title"
                yield cell.problem("steps", "the lesson does not begin with its goal", remedy)
        places: dict[str, int] = {}
        for place, (_, heading) in enumerate(context.headings):
            if heading.level == 2 and heading.text in STEPS:
                places.setdefault(heading.text, place)
        for step in STEPS:
            if step not in places:
                yield _missing(context, step)
        for step in _misplaced(places):
            found = f"the step '## {step}' is out of order"
            remedy = f"bring the steps into the order {', '.join(STEPS)}"
            yield context.headings[places[step]][0].problem("steps", found, remedy)


def _missing(context: LintContext, step: str) -> Problem:
    for cell, heading in context.headings:
        if heading.text.casefold().rstrip(".:!?") == step.casefold():
            found = f"the step '## {step}' is written '{heading}'"
            return cell.problem("steps", found, f"write '## {step}'")
    place = STEPS.index(step)
    before = f"'## {STEPS[place - 1]}'" if place else "the goal"
    remedy = f"add a cell of text with this heading, after {before}"
    return Problem("steps", f"the lesson has no heading '## {step}'", remedy)


def _misplaced(places: dict[str, int]) -> list[str]:
    """Return the fewest steps without which the others are in order."""
    present = [step for step in STEPS if step in places]
    for number in range(len(present), -1, -1):
        for kept in combinations(present, number):
            if all(places[one] < places[other] for one, other in pairwise(kept)):
                return [step for step in present if step not in kept]
    return []
