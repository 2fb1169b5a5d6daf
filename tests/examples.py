"""How many examples hypothesis tries of a property."""

from hypothesis import settings

USUAL = 30
"""What the numbers are in proportion to."""


def examples(number: int) -> settings:
    """Return settings for so many examples where another property gets `USUAL`."""
    return settings(max_examples=max(1, number * settings.default.max_examples // USUAL))
