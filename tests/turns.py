"""Which of the tests that only `make thorough` runs are in turn, where it is asked for a part.

``TURN`` in the environment, a whole number, asks for a quarter of them: four numbers in a row come
to all. CI counts commits, so it is the same quarter whenever a commit is tested again.
"""

from collections.abc import Sequence

VARIABLE = "TURN"
TURNS = 4


def in_turn(keys: Sequence[str], turn: int) -> list[bool]:
    """Tell of each key whether it is in turn; equal keys are so together.

    Parameters
    ----------
    keys : sequence of str
        In the order of the tests.
    turn : int
    """
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [(places[key] + turn) % TURNS == 0 for key in keys]
