"""A whole check: how all notebooks fared in each tier."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kit.check.results import Result
from kit.errors import plural


@dataclass(frozen=True)
class Tier:
    """How all notebooks fared in one tier.

    Attributes
    ----------
    name : str
        One of `TIERS`.
    results : tuple of Result
        In the order of the notebooks.
    seconds : float
        How long all of them took together.
    left_out : tuple of Path
        Notebooks that were not looked at, because an earlier tier could not read them.
    stopped : str
        Why it did not come to its end, and what to do; nothing if it did.
    skipped : tuple of Path
        Notebooks that are not run because their course says so.
    """

    name: str
    results: tuple[Result, ...]
    seconds: float
    left_out: tuple[Path, ...] = ()
    stopped: str = ""
    skipped: tuple[Path, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all that was to be looked at was, and there is no problem."""
        looked = bool(self.results) or bool(self.skipped)
        whole = looked and not self.left_out and not self.stopped
        return whole and all(result.passed for result in self.results)

    @property
    def line(self) -> str:
        """The tier in one line: what was looked at, and how it went."""
        if self.stopped and not self.results:
            return f"{self.name}: not run: {self.stopped}"
        number = sum(len(result.problems) for result in self.results)
        notebooks = sum(result.path.suffix == ".ipynb" for result in self.results)
        looked = "the repository" if self.name == "binder" else plural(notebooks, "notebook")
        went = "passed" if self.passed else f"failed, {plural(number, 'problem')}"
        not_seen = f", {plural(len(self.left_out), 'notebook')} not run" if self.left_out else ""
        not_seen += f", {plural(len(self.skipped), 'notebook')} skipped" if self.skipped else ""
        end = f"; then stopped: {self.stopped}" if self.stopped else ""
        return f"{self.name}: {went}{not_seen} ({looked}, {self.seconds:.1f} s){end}"


@dataclass(frozen=True)
class Report:
    """A whole check.

    Attributes
    ----------
    tiers : tuple of Tier
        In the order in which they ran.
    notebooks : tuple of Path
    failure : BaseException or None
        What ended the check early, if it was neither a problem nor a `KitError`.
    """

    tiers: tuple[Tier, ...]
    notebooks: tuple[Path, ...]
    failure: BaseException | None = None

    @property
    def passed(self) -> bool:
        """Whether every tier passed."""
        return all(tier.passed for tier in self.tiers)
