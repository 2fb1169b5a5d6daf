"""Rules on headings: one title, levels, and the six steps of a lesson."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from kit.check.languages import before_in, names_in
from kit.check.markdown import Heading
from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule


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

    Students who have predicted first look for something, and learn more from what they see. What
    is asked about earlier lessons (`Review`) comes under a heading "Before", ahead of them all. A
    heading may go on after the name of its step. In a course of another ``language`` the steps
    have names of that language, or those that ``steps`` gives them.
    """

    code, name = "KC110", "steps"
    remedy = "add the missing heading, or bring the steps into this order"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield what a lesson lacks of its goal and its steps, and which one is out of order."""
        if not context.is_lesson:
            return
        goal, *steps = names_in(context.settings.language, context.settings.steps)
        if context.prose:
            cell, text = context.prose[0]
            if not any(begins_with(bold, goal) for bold in text.bold):
                remedy = f"write '**{goal[0]}.** After about … minutes you can …' below the title"
                yield cell.problem("steps", "the lesson does not begin with its goal", remedy)
        order = [names[0] for names in steps]
        places = _places(context, steps)
        for step in order:
            if step not in places:
                yield _missing(context, step, order)
        before = before_in(context.settings.language)
        places |= _places(context, [before], whole=True)
        order = [before[0], *order]
        for step in _misplaced(places, order):
            found = f"the step '## {step}' is out of order"
            remedy = f"bring the steps into the order {', '.join(order)}"
            yield context.headings[places[step]][0].problem("steps", found, remedy)


def _places(
    context: LintContext, steps: Sequence[Sequence[str]], *, whole: bool = False
) -> dict[str, int]:
    """Return at which of the headings each step is; as a whole, if nothing may follow its name."""
    places: dict[str, int] = {}
    for place, (_, heading) in enumerate(context.headings):
        for names in steps:
            fits = heading.text in names if whole else begins_with(heading.text, names)
            if heading.level == 2 and fits:
                places.setdefault(names[0], place)
    return places


def begins_with(text: str, names: Sequence[str]) -> bool:
    """Tell whether a heading begins with one of some names, whatever follows that is no letter."""
    return any(re.match(rf"{re.escape(name)}(?!\w)", text) for name in names)


def _missing(context: LintContext, step: str, order: Sequence[str]) -> Problem:
    for cell, heading in context.headings:
        if begins_with(heading.text.casefold(), [step.casefold()]):
            found = f"the step '## {step}' is written '{heading}'"
            return cell.problem("steps", found, f"write '## {step}'")
    place = order.index(step)
    before = f"'## {order[place - 1]}'" if place else "the goal"
    remedy = f"add a cell of text with this heading, after {before}"
    return Problem("steps", f"the lesson has no heading '## {step}'", remedy)


def _misplaced(places: dict[str, int], order: Sequence[str]) -> list[str]:
    """Return the fewest steps without which the others are in order."""
    present = [step for step in order if step in places]
    for number in range(len(present), -1, -1):
        for kept in combinations(present, number):
            if all(places[one] < places[other] for one, other in pairwise(kept)):
                return [step for step in present if step not in kept]
    return []
