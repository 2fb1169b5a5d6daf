"""The second tier: nbval executes a notebook, and the kit looks where nbval does not."""

from kit.check.execution.rules import RULES
from kit.check.execution.run import check

__all__ = ["RULES", "check"]
