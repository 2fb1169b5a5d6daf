"""What tests of questions share."""

from kit.quiz import Choice, Question


def right(question: Question) -> list[str]:
    """Return the texts of the right choices; of an order, in that order."""
    return [question.choices[place].text for place in question.right]


def choice(question: Question, text: str) -> Choice:
    """Return the choice that reads, or begins, so."""
    return next(one for one in question.choices if one.text.startswith(text))


def ideas(question: Question) -> dict[str, str]:
    """Return the misconceptions that are met, with a choice that each leads to."""
    return {one.misconception: one.text for one in question.choices if one.misconception}
