"""Pictures that are laid out beside the kernel, together with the run that they show."""

import asyncio
import gc
import threading
import weakref

import pytest

from kit import Trace
from kit.tracks import timeline
from kit.widgets import Cpu, Stage, Timeline, sandbox
from kit.widgets.pictures.layouts import forget, lay_out_before, picture_of
from tests.unit.widgets.running import hello, until, workers


def count(times=2):
    """A run to be shown."""
    return hello(times)


class Told(Timeline):
    """A timeline that tells in which thread it is laid out."""

    threads: list[threading.Thread]

    @staticmethod
    def lay_out(trace: Trace, **options):
        """Lay it out."""
        Told.threads.append(threading.current_thread())
        return timeline(trace, **options)


def test_a_picture_is_laid_out_with_its_run():
    """Only the first picture is laid out on the event loop; each other one once, in the thread."""
    Told.threads = []

    async def main():
        made = sandbox(count, times=(1, 5), view=Told)
        for times in (3, 4):
            made.controls["times"].value = times
            await until(lambda: not made.running)
        assert made.trace.output(2) == "0\n1\n2\n3\n"
        made.close()

    asyncio.run(main())
    assert len(Told.threads) == 3
    assert Told.threads[0] is threading.main_thread()
    assert threading.main_thread() not in Told.threads[1:]


def test_a_long_layout_is_cancelled():
    """Cancelling during the layout stops it; the picture stays, and no trace is kept."""
    begun, traces = threading.Event(), []

    class Slow(Timeline):
        @staticmethod
        def lay_out(trace: Trace, **options):
            while traces and trace is traces[0]():
                begun.set()
                trace.at(0)
            return timeline(trace, **options)

    def run(times=2):
        made = hello(times)
        if times == 3:
            traces.append(weakref.ref(made))
        return made

    async def main():
        made = sandbox(run, times=(1, 5), view=Slow)
        made.controls["times"].value = 3
        await asyncio.to_thread(begun.wait)
        made.cancel()
        await until(lambda: not workers())
        assert made.trace.output(2) == "0\n1\n"
        made.close()

    asyncio.run(main())
    gc.collect()
    assert traces[0]() is None


@pytest.mark.parametrize("show", [Stage, Timeline, Cpu])
def test_what_is_usual_is_what_a_new_widget_asks_for(show):
    """The layouts that are made for a first picture are those that its widgets show."""
    shown = show(hello())
    for layout in show.usual_layouts():
        assert layout in shown.player.layouts
    assert len(show.usual_layouts()) == len(shown.player.layouts)


def test_a_picture_is_handed_out_once():
    """What was laid out is given once, and forgotten when nobody asks."""
    trace = hello()
    options = {"lanes": "core"}
    lay_out_before(trace, [(timeline, options)])
    first = picture_of(trace, timeline, options)
    assert picture_of(trace, timeline, options) is not first
    lay_out_before(trace, [(timeline, options)])
    forget(trace)
    forget(trace)
    assert picture_of(trace, timeline, options) is not first


def test_a_layout_that_fails_is_told_where_it_is_shown():
    """An error of a layout in the thread is the outcome of showing it."""

    class Broken(Timeline):
        @staticmethod
        def lay_out(trace: Trace, **options):
            if trace.output(2).count("\n") == 3:
                raise ValueError("no room")
            return timeline(trace, **options)

    async def main():
        made = sandbox(count, times=(1, 5), view=Broken)
        made.controls["times"].value = 3
        await until(lambda: not made.running)
        assert isinstance(made.error, ValueError)
        assert made.status.state == "failed"
        made.close()

    asyncio.run(main())
