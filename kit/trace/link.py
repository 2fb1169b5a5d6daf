"""Links to a run: programs, machine and what was done, in the address of a page.

A run is a recipe, so a link needs to hold nothing else: read, the recipe is followed again, and
gives the same run. The recipe is JSON without what is as usual, compressed, in base64url after
``#run=``; ``&t=`` names the tick. A browser sends none of it to a server.

A link is only data, and may come from anybody; how much can come of it is looked at before it is
done.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from kit.errors import KitError, LimitExceeded, TraceError, require_whole
from kit.sim.journal import Install, Launch, PutFile, Recipe, Run, Step
from kit.sim.setup import Setup
from kit.trace.link_content import Damaged, content_of, recipe_of
from kit.trace.machine import Machine
from kit.trace.real import RealTrace
from kit.trace.trace import Trace

PAGE = "run.html"
"""The page of a site that shows what a link leads to."""
LONGEST = 8192
"""Most characters of a link."""
MOST_UNPACKED = 1 << 17
"""Most bytes of what is packed in a link."""
MOST_WORK = 1_000_000
"""Most ticks of all cores together that are run for a link."""

_VERSION = "1"
_RUN = re.compile(r"(?:^|[#&])run=([^&#]*)")
_TICK = re.compile(r"(?:^|[#&])t=([^&#]*)")
_DATA = re.compile(r"[A-Za-z0-9_-]+")
_REMEDY = "copy the whole link again"


class LinkedRun(NamedTuple):
    """What a link leads to.

    Attributes
    ----------
    trace : Trace
    tick : int
        The moment that it shows.
    """

    trace: Trace
    tick: int


def link_of(trace: Trace, tick: int = 0, page: str = PAGE) -> str:
    """Return a link to a moment of a run.

    Parameters
    ----------
    trace : Trace
    tick : int
        From 0 to its end.
    page : str
        Address of the page that shows it; that of a site ends in ``run.html``.

    Raises
    ------
    ArgumentError
        If the run has no such tick.
    TraceError
        If it does not say how it was made, a part of its machine is not one of the kit, or it
        is too long for a link.
    """
    require_whole("link: tick", tick, 0, trace.end)
    return f"{page}#run={packed_run(trace)}&t={tick}"


def packed_run(trace: Trace) -> str:
    """Return what a link says of a run, without the page and the tick.

    Raises
    ------
    TraceError
        As `link_of` says.
    """
    recipe = trace.record.recipe
    if isinstance(trace, RealTrace):
        raise TraceError(
            "link: a real run cannot be done again, so no link leads to it; copy one to the "
            "simulated run"
        )
    if recipe is None:
        raise TraceError(
            "link: the file this run was read from does not say how it was made; run its "
            "notebook again"
        )
    try:
        text = json.dumps(content_of(recipe), separators=(",", ":"), ensure_ascii=False)
    except TypeError as error:
        raise TraceError(
            f"link: {error} is not one of the kit, and a link names nothing else; save the run as "
            "a file, with trace.save"
        ) from None
    content = text.encode("utf-8", "surrogatepass")
    data = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    found = f"{_VERSION}.{data}"
    if len(found) > LONGEST or len(content) > MOST_UNPACKED:
        raise TraceError(
            f"link: this run needs a link of {len(found)} characters, and at most {LONGEST} are "
            "sure to arrive everywhere; save it as a file, with trace.save"
        )
    return found


def read_link(text: str) -> LinkedRun:
    """Return the run that a link leads to, and the tick.

    Parameters
    ----------
    text : str
        The link, or what of it comes after ``#``.

    Raises
    ------
    TraceError
        If it is no link to a run, is damaged, or leads to a run that is too long.
    """
    recipe, tick = read_recipe(text)
    trace = followed(recipe)
    return LinkedRun(trace, min(tick, trace.end))


def read_recipe(text: str) -> tuple[Recipe, int]:
    """Return how the run of a link is made, and the tick; nothing is run.

    Raises
    ------
    TraceError
        If it is no link to a run, or is damaged.
    """
    if not isinstance(text, str):
        raise TraceError(f"link: this is {type(text).__name__}; give a link as a text")
    if len(text) > 2 * LONGEST:
        raise TraceError(f"link: {len(text)} characters are no link to a run; {_REMEDY}")
    found, told = _RUN.search(text.strip()), _TICK.search(text.strip())
    if found is None:
        raise TraceError("link: there is no run in it; a link to one has “#run=” in it")
    version, _, data = found[1].partition(".")
    if version != _VERSION:
        raise TraceError(
            f"link: this kit reads links of version {_VERSION}, and this one has another; "
            f"{_REMEDY}, or take a newer kit"
        )
    tick = told[1] if told else "0"
    if not re.fullmatch(r"[0-9]{1,15}", tick):
        raise TraceError(f"link: the tick is {tick[:20]!r}; give a whole number, as in t=42")
    try:
        return recipe_of(json.loads(_unpacked(data), parse_float=_refuse)), int(tick)
    except Damaged as error:
        raise TraceError(f"link: {error}; {_REMEDY}") from None
    except KitError as error:
        raise TraceError(f"link: its run cannot be made: {error}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError):
        raise TraceError(f"link: what is in it is not what this kit writes; {_REMEDY}") from None


def followed(recipe: Recipe) -> Trace:
    """Return the run of a recipe, made with the checks of `Machine`.

    Raises
    ------
    TraceError
        If something in it cannot be done, or it is too long.
    """
    trace = None
    try:
        machine = _machine(recipe.setup)
        for step in recipe.steps:
            if isinstance(step, Run):
                trace = _run(machine, recipe.setup, step.until)
            else:
                trace = None
                _do(machine, step)
    except TraceError:
        raise
    except KitError as error:
        raise TraceError(f"link: its run cannot be made: {error}") from None
    if trace is None:
        raise TraceError(f"link: there is no run in it; {_REMEDY}")
    return trace


def launched(recipe: Recipe) -> Machine:
    """Return the machine of a recipe with everything launched, before its first tick.

    Raises
    ------
    KitError
        If something of it cannot be done.
    """
    machine = _machine(recipe.setup)
    for step in recipe.steps:
        if isinstance(step, Launch | Install | PutFile):
            _do(machine, step)
    return machine


def _machine(setup: Setup) -> Machine:
    return Machine(**_fields(setup))


def _do(machine: Machine, step: Step) -> None:
    """Do one thing of a recipe that is not to run."""
    if isinstance(step, Launch):
        share = _fields(step.share)
        machine.launch(step.program, step.at, **{**share, "size": share["size"] or None})
    elif isinstance(step, Install):
        machine.install(step.program)
    elif isinstance(step, PutFile):
        machine.put_file(step.name, step.words)
    elif not isinstance(step, Run):
        machine.intervene(step)


def _run(machine: Machine, setup: Setup, until: int | None) -> Trace:
    """Run as far as a recipe says, if that is not too far."""
    most = MOST_WORK // setup.cores
    try:
        # A limit of the machine stops it in any case.
        if setup.limits.ticks > most and (until is None or until > most):
            machine.run(max(most, machine.now))
            if machine.now >= most:
                raise TraceError(
                    f"link: its run goes beyond tick {most}, which is too long for a link"
                )
        return machine.run(until)
    except LimitExceeded as limit:
        if not isinstance(limit.trace, Trace):
            raise
        return limit.trace


def _refuse(number: str) -> None:
    raise Damaged(f"{number[:20]} is no whole number")


def _unpacked(data: str) -> bytes:
    if not _DATA.fullmatch(data):
        raise Damaged("a part of it is missing or was changed")
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(
            base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)), MOST_UNPACKED
        )
    except (zlib.error, ValueError):
        raise Damaged("a part of it is missing or was changed") from None
    if unpacker.unconsumed_tail:
        raise Damaged(f"it unpacks to more than {MOST_UNPACKED >> 10} KiB")
    if not unpacker.eof or unpacker.unused_data:
        raise Damaged("a part of it is missing or was changed")
    return content


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of something by their names, as they are."""
    assert is_dataclass(value), "what a recipe is made of"
    return {field.name: getattr(value, field.name) for field in fields(value)}
