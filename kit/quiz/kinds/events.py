"""Questions about the order in which things happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kit.errors import ArgumentError, explain_arguments, require_whole
from kit.quiz.kinds.kind import Details, spread
from kit.quiz.looking import check_at
from kit.quiz.question import ORDER, Choice, Question
from kit.trace import Trace
from kit.trace.narration.brief import Happening, happenings

LEAST, MOST = 2, 7


@explain_arguments
def order_of(trace: Trace, at: int, count: int = 4) -> Question:
    """Ask for the order of what happens next.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick before the first of the events.
    count : int
        How many events, 2 to 7; fewer are asked for if there are no more.

    Notes
    -----
    Wrong idea: spawn or fork runs the new one to its end before it returns.
    """
    check_at("order_of", trace, at)
    require_whole("order_of: count", count, LEAST, MOST)
    everything = list(happenings(trace.history))
    happening = [one for one in everything if one.tick > at]
    chosen = _choose(happening, count)
    if len(chosen) < LEAST:
        last = sorted({one.tick for one in everything})[-2:-1]
        remedy = f"ask before tick {last[0]}" if last else "leave it out"
        raise ArgumentError(f"order_of: less than two things happen after tick {at}; {remedy}")
    texts = [one.text for one in chosen]
    shown = sorted(texts)
    if shown == texts:
        shown.reverse()
    choices = {
        one.text: Choice(one.text, True, _feedback(one, chosen), _idea(one, chosen), one.tick)
        for one in chosen
    }
    return Question(
        _prompt(at, chosen, happening),
        tuple(choices[text] for text in shown),
        chosen[-1].tick,
        kind="order_of",
        at=at,
        form=ORDER,
        order=tuple(shown.index(text) for text in texts),
        why=f"Right: at ticks {', '.join(str(one.tick) for one in chosen)}.",
        run=trace.digest,
    )


def _prompt(at: int, chosen: Sequence[Happening], happening: Sequence[Happening]) -> str:
    """Return what is asked; what happens again before the last of it is asked for once."""
    until = [one.text for one in happening if one.tick <= chosen[-1].tick]
    again = any(until.count(one.text) > 1 for one in chosen)
    once = ", each for the first time" if again else ""
    return f"After tick {at}: in which order does this happen{once}?"


def _choose(happening: Sequence[Happening], count: int) -> list[Happening]:
    """Return events of different kinds, each the first one that reads so; then others."""
    firsts: dict[str, Happening] = {}
    for one in happening:
        firsts.setdefault(one.text, one)
    chosen: list[Happening] = []
    for fresh in (True, False):
        for one in firsts.values():
            sorts = {other.sort for other in chosen}
            ticks = {other.tick for other in chosen}
            new = one.sort not in sorts if fresh else one not in chosen
            if len(chosen) < count and new and one.tick not in ticks:
                chosen.append(one)
    return sorted(chosen, key=lambda one: one.tick)


def _feedback(one: Happening, chosen: Sequence[Happening]) -> str:
    ordinals = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
    sentence = f"This happens {ordinals[chosen.index(one)]}, at tick {one.tick}."
    if _idea(one, chosen):
        sentence += " Creating a thread or a process does not wait for it: both continue."
    return sentence


def _idea(one: Happening, chosen: Sequence[Happening]) -> str:
    """Return the idea of those who put something in the place of this."""
    for made in chosen:
        theirs = any(other.key == made.key for other in chosen if other.tick > one.tick)
        if made.makes and made.tick < one.tick and one.doer == made.doer and theirs:
            return "spawn_waits"
    return ""


def propose_order_of(trace: Trace) -> Iterator[Details]:
    """Yield the beginning, and ticks before something is made, waits or is shared."""
    telling = trace.happened("fork", "thread", "block", "acquire", "pipe", "send", "call", "fault")
    ticks = dict.fromkeys([0, *(max(0, event.tick - 1) for event in telling)])
    for at in spread(ticks, 6):
        yield {"at": at}
