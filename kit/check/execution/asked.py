"""What a notebook asks: that it can be seen, is asked once, and cannot be looked up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit.check.execution.items import NotebookItem
from kit.check.execution.telling import short
from kit.check.leaks import Question, leaks
from kit.check.results import Problem

SHOW = "make it the last line of its cell, without a semicolon, or give it to display()"
AskedItem = dict[str, Any]
"""What `probe.asked` tells of a question or an exercise."""


class Asked(NotebookItem):
    """Looks for questions that nobody sees, are asked twice, or have their answer on the page.

    What is made visible by a click is visible: it is looked at when all widgets were operated.
    """

    def look(self) -> list[Problem]:
        """Return what is wrong with them."""
        if self.parent.partial:
            return []  # what is missing may stand where nothing was run
        kernel = self.parent.running_kernel
        asked = kernel.ask("asked", sorted(kernel.shown)) or []
        # A page such as a gallery is there to try things out, and nothing in it counts.
        if not self.parent.stored.is_lesson:
            return list(self._unseen(asked))
        return [*self._unseen(asked), *self._twice(asked), *self._given_away()]

    def _unseen(self, asked: list[AskedItem]) -> Iterator[Problem]:
        known = self.parent.seen
        for one in asked:
            if not one["seen"] and one["id"] not in known:
                found = f"makes {_article(one['what'])} that is never shown: {one['prompt']!r}"
                yield self._problem(one["id"], "unseen", found, SHOW)
        players: set[str] = set()
        for one in asked:
            player = one["player"]
            if player and not one["playable"] and player not in (*known, *players):
                players.add(player)
                found = (
                    "makes a player that is never shown, and a prediction waits for it: "
                    f"{one['prompt']!r}"
                )
                remedy = "show its stage below the prediction, or leave player out"
                yield self._problem(player, "unseen", found, remedy)

    def _twice(self, asked: list[AskedItem]) -> Iterator[Problem]:
        first: dict[str, AskedItem] = {}
        for one in asked:
            before = first.setdefault(one["key"], one)
            if before is not one:
                cell = self.parent.running_kernel.cell_of(before["id"])
                where = f" in cell {cell.number}" if cell else ""
                found = f"asks again what is asked{where}: {one['prompt']!r}"
                remedy = "ask it once, or about something else: of both only one answer counts"
                yield self._problem(one["id"], "twice", found, remedy)

    def _given_away(self) -> Iterator[Problem]:
        asks = self.parent.running_kernel.ask("predictions") or []
        questions = [question for question in map(Question.of, asks) if question is not None]
        told: set[str] = set()
        for leak in leaks(self.parent.stored, questions, self.parent.printed):
            if leak.question.prompt in told:
                continue
            told.add(leak.question.prompt)
            found = f"the answer to {leak.question.prompt!r} can be read here: {leak.sentence!r}"
            remedy = "say it where it opens after the answer: in Moments, or in a <details> block"
            yield leak.cell.problem("given-away", short(found), remedy)

    def _problem(self, widget: str, rule: str, found: str, remedy: str) -> Problem:
        cell = self.parent.running_kernel.cell_of(widget)
        name = "the cell" if cell else "the notebook"
        return (cell.problem if cell else Problem)(rule, short(f"{name} {found}"), remedy)


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
