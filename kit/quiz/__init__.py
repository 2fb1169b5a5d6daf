"""Questions whose answers are computed from a trace."""

from kit.quiz.kinds import KINDS, ask, final_value, next_thread
from kit.quiz.question import Choice, Question, question

__all__ = ["KINDS", "Choice", "Question", "ask", "final_value", "next_thread", "question"]
