"""Runs that are long, crowded, empty, or oddly named."""

import time
from functools import cache

import pytest
from hypothesis import given

from kit import Costs, KiB, Limits, Machine, Program, Trace
from kit.tracks import address_spaces, cpu, disk, timeline
from tests.examples import examples
from tests.strategies import Setup
from tests.unit.tracks.looks import payload
from tests.unit.tracks.runs import COUNTER, ENDLESS, run
from tests.unit.tracks.test_pictures import CHECKS, DRAWN
from tests.worlds import worlds

CROWD = """
count = 0
def worker(n):
    global count
    for i in range(n):
        count += 1
    sleep(n)
def main():
    for i in range(29):
        t = spawn(worker, i)
    worker(3)
"""


def whole(trace: Trace) -> int:
    """Roughly how many bytes the keyframes of all views take."""
    return sum(payload(lay_out(trace)) for lay_out in DRAWN)


@cache
def crowded_threads() -> Trace:
    """Thirty threads in one process."""
    return run(Program("crowd", CROWD), cores=2, limits=Limits(ticks=1500))


@cache
def crowded_processes() -> Trace:
    """Twelve processes, of several programs, with faults among them."""
    failing = COUNTER.replace("print(count)", "print(1 // (count - count))")
    programs = [Program(f"p{n}", failing if n % 3 else COUNTER) for n in range(12)]
    return run(*programs, cores=3, ram=512 * KiB, limits=Limits(ticks=1500))


def empty() -> Trace:
    """A machine that nothing was launched on."""
    return Machine(cores=2).run()


def only_loading() -> Trace:
    """A run that ends before its process has been loaded."""
    return run(Program("slow", COUNTER), costs=Costs(load_page=50), limits=Limits(ticks=20))


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("make", [crowded_threads, crowded_processes, empty, only_loading])
def test_extreme_runs(make, check):
    """A crowded, empty or cut run is shown as it happened, as far as it is shown."""
    check(make())


def test_crowds_say_what_is_not_shown():
    """What there is no room for is counted in words."""
    threads = crowded_threads()
    said = {
        lay_out.__name__: [
            text
            for mark in ("more", "more stacks")
            if (mark, "text") in (channels := lay_out(trace).channels)
            for keys in channels[mark, "text"].keys
            for _, text, _ in keys
        ]
        for lay_out, trace in [(cpu, threads), (address_spaces, threads)]
    }
    assert any(text.endswith(" more stacks") for text in said["address_spaces"])
    assert any(text.startswith("and ") and text.endswith(" more") for text in said["cpu"])


@examples(7)
@given(worlds())
def test_whatever_happens_is_drawn(setup: Setup):
    """Forks, exec, swapped pages, contiguous memory: every view can be laid out."""
    trace = setup.run()
    for lay_out in DRAWN:
        assert lay_out(trace).height >= 0


@pytest.mark.slow
def test_endless_run_is_laid_out_quickly_and_small():
    """An endless loop of 100,000 ticks is drawn within seconds and stays within 5 MB."""
    trace = run(Program("endless", ENDLESS))
    assert trace.end == 100_000
    start = time.perf_counter()
    size = whole(trace)
    assert time.perf_counter() - start < 30
    assert size < 5_000_000


@pytest.mark.parametrize("make", [crowded_threads, crowded_processes])
def test_crowds_stay_small(make):
    """Many threads or processes take no more than 2 MB."""
    assert whole(make()) < 2_000_000


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "a&b", "\"'</script>"])
def test_markup_in_names_stays_a_plain_string(name):
    """A name that looks like HTML is neither escaped nor changed, but for being cut."""
    trace = run(Program(name, COUNTER))
    for lay_out, mark in [(disk, "names"), (address_spaces, "processes"), (timeline, "titles")]:
        shown = lay_out(trace).channels[mark, "text"].keys[0][-1][1]
        start = shown.removesuffix(" T1").removesuffix("…")
        assert name.startswith(start)
        assert start == name or shown != start
    assert timeline(trace).text_alternative[0][0] == f"{name} T1 (pid 2):"
