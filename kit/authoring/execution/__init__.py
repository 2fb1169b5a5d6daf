"""The second tier: nbval executes a notebook, and the kit looks where nbval does not."""

from kit.authoring.execution.rules import RULES
from kit.authoring.execution.run import check

__all__ = ["RULES", "check"]
