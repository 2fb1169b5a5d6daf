"""Lines that leave a cache because of others: what a trace says of it, and where they are then."""

from collections import Counter

from kit import Cache, KiB, Machine, Program, Replacement, Trace

SHARED = """
count = 0
def worker(rounds):
    global count
    for i in range(rounds):
        count += 1
def overwriter(rounds):
    global count
    for i in range(rounds):
        count = 9
def main():
    first = spawn(worker, 6)
    second = spawn(overwriter, 20)
    join(first)
    join(second)
    print(count)
"""


def shared() -> Trace:
    """The run of two threads, each on a core of its own, that write one variable."""
    machine = Machine(cores=2, cache=Cache(16, 64, 2))
    machine.launch(Program("shared", SHARED))
    return machine.run()


def test_a_line_goes_to_and_fro_in_words():
    """It is dropped where another core writes, and written back where it was changed before."""
    trace = shared()
    whole = "\n".join(
        sentence
        for event in trace.happened("snoop")
        for told in [trace.narration(event.tick)]
        for sentence in (told.first, *told.details)
    )
    assert "The cache of core 0 drops the line at" in whole
    assert "The cache of core 1 drops the line at" in whole
    assert "It was dirty, so it is written back first." in whole
    assert "writes its changed line at" in whole


def test_a_line_that_was_changed_is_in_one_cache():
    """At every tick: what a core has written no other core has, too."""
    trace = shared()
    caches, seen = trace.history.caches, 0
    for tick in range(trace.end + 1):
        held = [line for core in caches for lines in core.at(tick).sets for line in lines]
        numbers = Counter(line.number for line in held)
        changed = {line.number for line in held if line.dirty}
        assert {numbers[number] for number in changed} <= {1}, tick
        seen += len(numbers) < len(held)
    assert seen, "no line is ever in two caches"


MANY_PAGES = """
data = [1] * 1024
def main():
    for i in range(0, 1024, 64):
        data[i] = i
    for i in range(0, 1024, 64):
        print(data[i])
"""


def test_a_frame_with_other_contents_is_in_no_cache():
    """What a page that moved to disk had in a cache is dropped, and it is said of which frame."""
    paging = {"demand": True, "swap": 32 * KiB, "replacement": Replacement("lru")}
    machine = Machine(ram=8 * KiB, cache=Cache(256, 64, 2), **paging)
    machine.launch(Program("many", MANY_PAGES))
    trace = machine.run()
    (core,) = trace.history.caches
    dropped = trace.happened("cache_drop")
    assert dropped
    for event in dropped:
        before, now = (
            {line.number for lines in core.at(tick).sets for line in lines}
            for tick in (event.tick - 1, event.tick)
        )
        gone = set(event.details["lines"])
        assert gone <= before
        # Of what comes into the frame, the word that is asked for may be in the cache at once.
        assert len(gone & now) <= 1
        said = "\n".join(trace.narration(event.tick).details)
        assert f"lines: frame {event.frame} gets other contents." in said.replace("line:", "lines:")
