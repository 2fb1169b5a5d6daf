"""What the real machine cannot do, in a sentence."""

from kit.errors import KitError


class HostError(KitError):
    """The real machine, or the translation to it, cannot do what it was asked for."""
