"""Questions whose answers are computed from a trace."""

from kit.quiz.kinds import KINDS, ask
from kit.quiz.kinds.accesses import faults
from kit.quiz.kinds.events import order_of
from kit.quiz.kinds.failure import alive
from kit.quiz.kinds.figures import how_many
from kit.quiz.kinds.output import value_printed
from kit.quiz.kinds.places import segment
from kit.quiz.kinds.processor import next_thread
from kit.quiz.kinds.schedules import possible_values
from kit.quiz.kinds.sharing import shared
from kit.quiz.kinds.states import next_state
from kit.quiz.kinds.times import metric
from kit.quiz.kinds.values import final_value, value_read
from kit.quiz.misconceptions import MISCONCEPTIONS, Misconception
from kit.quiz.question import Choice, Feedback, Idea, Question, question
from kit.quiz.suggestions import Suggestion, suggest_questions

__all__ = [
    "KINDS",
    "MISCONCEPTIONS",
    "Choice",
    "Feedback",
    "Idea",
    "Misconception",
    "Question",
    "Suggestion",
    "alive",
    "ask",
    "faults",
    "final_value",
    "how_many",
    "metric",
    "next_state",
    "next_thread",
    "order_of",
    "possible_values",
    "question",
    "segment",
    "shared",
    "suggest_questions",
    "value_printed",
    "value_read",
]
