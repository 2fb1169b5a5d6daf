"""The rounds of a question: itself, and the instances that are asked after wrong answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from kit.answering.choosing import can_be_chosen
from kit.quiz import Question
from kit.quiz.ideas import idea_in
from kit.quiz.instances import ENOUGH, shown_instance


class Rounds:
    """Which instance of a question is asked now, and which one was answered last.

    Parameters
    ----------
    question : Question
    instances : sequence of Question
        What is asked after two wrong answers each, in this order.

    Attributes
    ----------
    questions : tuple of Question
        The question and its instances.
    misses : list of list of int
        The wrong answers, two of each round that is over.
    answered : Question
        What the last answer was given to; before that the question itself.
    """

    def __init__(self, question: Question, instances: Sequence[Question]) -> None:
        self.questions = (question, *instances)
        self.misses: list[list[int]] = []
        self.answered = question
        self._given = False

    @property
    def now(self) -> Question:
        """The question that is asked now."""
        return self.questions[shown_instance(len(self.misses), len(self.questions) - 1)]

    @property
    def is_open(self) -> bool:
        """Whether what is asked now has no answer yet."""
        return not self._given or self.now is not self.answered

    def check(self, chosen: Sequence[int]) -> bool:
        """Take an answer to what is asked now; return whether it is right."""
        self.answered, self._given = self.now, True
        right = self.answered.is_right(chosen)
        over = ENOUGH * self.questions.index(self.answered)
        if right:
            self.misses = self.misses[:over]
        elif len(self.questions) > 1 and len(self.misses) < ENOUGH * len(self.questions):
            self.misses = [*self.misses, list(chosen)]
        return right

    def catch_up(self, told: Mapping[str, Any]) -> None:
        """Take the wrong answers before the one that a page tells of, if no message told of them.

        While a kernel is busy, a page keeps back what it has to tell, and then tells the last only.
        """
        misses = told.get("misses")
        if not self._are_misses(misses):
            return
        before = misses if told.get("correct") else misses[:-1]
        if len(before) > len(self.misses):
            self.misses = [list(chosen) for chosen in before]

    def leave_out(self, asked: Question) -> bool:
        """Drop the instance that is the same as a question; return whether there was one."""
        kept = [one for one in self.questions[1:] if one.key != asked.key]
        dropped = len(kept) < len(self.questions) - 1
        self.questions = (self.questions[0], *kept)
        return dropped

    def start_again(self) -> None:
        """Forget all answers."""
        self.misses, self.answered, self._given = [], self.questions[0], False

    def record(self, chosen: Sequence[int]) -> dict[str, Any]:
        """Return what is kept beside the last answer: wrong ones, the instance, and its idea."""
        kept: dict[str, Any] = {"misses": self.misses} if self.misses else {}
        idea = idea_in(self.answered, chosen)
        if idea:
            kept["idea"] = idea
        if self.answered is not self.questions[0]:
            kept["instance"] = self.answered.key
        return kept

    def restore(self, record: Mapping[str, Any]) -> bool:
        """Take what was kept; return whether it fits, and change nothing if it does not."""
        name, misses = record.get("instance"), record.get("misses", [])
        answered = next((one for one in self.questions if name == one.key), None)
        if name is None:
            answered = self.questions[0]
        if answered is None or not can_be_chosen(answered, record.get("chosen")):
            return False
        if not self._are_misses(misses):
            return False
        self.misses = [list(chosen) for chosen in misses]
        self.answered, self._given = answered, True
        return True

    def _are_misses(self, misses: object) -> TypeGuard[list[list[int]]]:
        most = ENOUGH * len(self.questions) if len(self.questions) > 1 else 0
        if not isinstance(misses, list) or len(misses) > most:
            return False
        others = len(self.questions) - 1
        asked = [self.questions[shown_instance(number, others)] for number in range(len(misses))]
        return all(map(can_be_chosen, asked, misses))
