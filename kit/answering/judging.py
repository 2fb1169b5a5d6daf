"""Whether a student's program does what an exercise asks for: no widget, only the judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kit.errors import ArgumentError, KitError, LanguageError, LimitExceeded, require
from kit.explore import Breach, Spec, Verdict, check_program
from kit.lang.program import Program
from kit.trace import Machine, Trace

Launch = Callable[[Program], Machine]
Validator = Callable[[Trace], str]


def launched(program: Program) -> Machine:
    """Return a machine of default settings with a program launched."""
    machine = Machine()
    machine.launch(program)
    return machine


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes
    ----------
    text : str
        A sentence.
    show : callable or None
        Returns a run that shows it; None where none can.
    """

    text: str
    show: Callable[[], Trace | None] | None = None


@dataclass(frozen=True)
class Judgement:
    """What became of a check.

    Attributes
    ----------
    passed : bool
    summary : str
        A sentence, or how the list of findings begins.
    findings : tuple of Finding
        Empty if it passed.
    error : Exception or None
        The mistake in the program, or what failed in the check itself.
    """

    passed: bool
    summary: str
    findings: tuple[Finding, ...] = ()
    error: Exception | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return tuple(finding.text for finding in self.findings)

    @property
    def text(self) -> str:
        """All of it in words."""
        return " ".join([self.summary, *self.messages])


@dataclass(frozen=True)
class Judge:
    """Checks programs.

    Attributes
    ----------
    launch : callable
        Takes a `Program`, returns a `Machine` with it launched.
    spec : Spec or None
        What holds on every schedule.
    validator : callable or None
        Takes the run on that machine, returns "" or what is wrong with it.
    limit : int
        Most states to look at.
    """

    launch: Launch
    spec: Spec | None
    validator: Validator | None
    limit: int

    def machine(self, program: Program) -> Machine:
        """Return a machine with the program launched.

        Raises
        ------
        ArgumentError
            If the function of the exercise returned something else.
        """
        made: object = self.launch(program)
        if not isinstance(made, Machine):
            found = "nothing" if made is None else type(made).__name__
            raise ArgumentError(
                f"Exercise: machine returned {found}; let it end in 'return machine', "
                "with the program launched and nothing run"
            )
        return made

    def run(self, program: Program) -> Trace:
        """Return one run of a program; raises `LimitExceeded` where it has no end."""
        return self.machine(program).run()

    def judge(self, write: Callable[[], Program]) -> Judgement:
        """Check the program that `write` compiles; what is wrong with it is told, not raised."""
        try:
            program = write()
        except LanguageError as error:
            summary = f"Not checked: there is a mistake in line {error.line}."
            return Judgement(False, summary, (Finding(str(error)),), error)
        try:
            return self._judged(program)
        except KitError as error:
            return Judgement(False, "Not right yet:", (Finding(_sentence(str(error))),), error)
        except Exception as error:  # noqa: BLE001 - of the teacher's own functions
            told = f"The check itself failed: {type(error).__name__}: {error}"
            return Judgement(False, "Not checked:", (Finding(_sentence(told)),), error)

    def _judged(self, program: Program) -> Judgement:
        findings: list[Finding] = []
        verdict = None
        if self.spec is not None:
            verdict = check_program(lambda: self.machine(program), self.spec, limit=self.limit)
            findings = [_finding(breach, verdict) for breach in verdict.breaches]
        if self.validator is not None:
            findings += self._validated(self.validator, program, told=bool(findings))
        if not findings:
            return Judgement(True, _praise(verdict))
        undecided = verdict is not None and not verdict.decided and len(findings) == 1
        return Judgement(False, "Not decided:" if undecided else "Not right yet:", tuple(findings))

    def _validated(self, validator: Validator, program: Program, *, told: bool) -> list[Finding]:
        """Return what the teacher's own function finds in a run."""
        try:
            trace = self.run(program)
        except LimitExceeded as limit:
            shown = limit.trace if isinstance(limit.trace, Trace) else None
            show = None if shown is None else lambda: shown
            return [] if told else [Finding(_sentence(str(limit)), show)]
        wrong: object = validator(trace)
        require(
            wrong is None or isinstance(wrong, str),
            f"Exercise: validator returned {wrong!r}; let it return '' or a sentence that says "
            "what is wrong",
        )
        return [Finding(_sentence(str(wrong)), lambda: trace)] if wrong else []


def _praise(verdict: Verdict | None) -> str:
    if verdict is None:
        return "Right."
    number = verdict.outcomes.schedules
    if number == 1:
        return "Right. It has only one schedule."
    return "Right on every schedule" + ("." if number is None else f" ({number:,} schedules).")


def _finding(breach: Breach, verdict: Verdict) -> Finding:
    if breach.kind == "limit":
        return Finding(
            f"It has more states than can be looked at here: {verdict.outcomes.states:,} were "
            "looked at, and not all schedules were covered. Let threads share less, or do it "
            "fewer times."
        )
    return Finding(_sentence(breach.message), breach.witness)


def _sentence(text: str) -> str:
    """Return a message with a capital at its beginning and an end."""
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "?", "!", "…")) else f"{begun}."
