"""How long a lesson takes: counted from its words and from what it asks a reader to do.

A rough measure, the same for all lessons: words as they are read in a technical text in a foreign
language, and for each thing that is done the time that it usually takes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

WORDS_A_MINUTE = 140
DOING: Mapping[str, float] = {
    "Predict": 1.25,
    "Explain": 2.5,
    "Exercise": 5.0,
    "Editor": 3.0,
    "Scheduling": 3.0,
    "sandbox": 3.0,
    "Compare": 1.0,
    "Metrics": 1.0,
    "Outcomes": 1.0,
    "RealMachine": 1.25,
}
"""Call -> the minutes that a reader spends with it."""
REVIEWED = 1.0
"""Minutes of a question about earlier lessons."""
MOMENT = 0.5
"""Minutes of a moment that is worth a look: a tick and what to look for."""
UNFINISHED = "[Teacher:"
"""What a place begins with that is still to be written."""


def minutes_of(text: str, code: Sequence[ast.AST]) -> float | None:
    """Return how many minutes a lesson takes; None for one that is not written yet.

    Nothing is counted either where no call is known, as in a lesson with widgets of its own.

    Parameters
    ----------
    text : str
        What there is to read in it.
    code : sequence of ast.AST
        Its code.
    """
    calls = [call for tree in code for call in _calls(tree)]
    named = [name for name, _ in calls if name in DOING]
    if UNFINISHED in text or not named:
        return None
    reviewed = sum(len(call.args) for name, call in calls if name == "Review")
    moments = sum(map(_is_moment, (node for tree in code for node in ast.walk(tree))))
    done = sum(DOING[name] for name in named) + REVIEWED * reviewed
    moments = moments if any(name == "Moments" for name, _ in calls) else 0
    return len(text.split()) / WORDS_A_MINUTE + done + MOMENT * moments


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield calls by the name of what is called: Predict for Predict.from_trace, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.value if isinstance(function, ast.Attribute) else function
            if isinstance(called, ast.Name):
                yield called.id, node


def _is_moment(node: ast.AST) -> bool:
    """Tell whether this is a tick with what to look for."""
    if not isinstance(node, ast.Tuple) or len(node.elts) not in (2, 3):
        return False
    tick, text = (getattr(one, "value", None) for one in node.elts[:2])
    return type(tick) is int and isinstance(text, str)
