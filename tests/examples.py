"""How many examples hypothesis tries of a property."""

from hypothesis import settings


def examples(number: int) -> settings:
    """Return settings for so many examples in `make test`, and in proportion in other profiles."""
    usual = settings.get_profile("default").max_examples
    return settings(max_examples=max(1, number * settings.default.max_examples // usual))
