"""Caches: lines, sets and write-back as the textbooks define them, and what they cost."""

import re
from collections import defaultdict, deque
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError, Cache, Contiguous, Costs, Machine, Program, RoundRobin, Trace
from kit.lang.instructions import WORD
from kit.sim.cache import Caches
from kit.trace.narration.sentences import MOST_WORDS, count_words
from kit.trace.references import executed
from tests.examples import examples
from tests.memory_cases import MEMORY_CASES
from tests.running import told

SUM = """
log = [1] * 32
def main():
    for i in range(32):
        log[i] += 1
"""


@pytest.mark.parametrize("case", MEMORY_CASES["caches"])
def test_hits_and_misses_are_the_textbooks(case: dict[str, Any]):
    """Each reference hits or misses as one finds by hand."""
    caches = Caches(1, Cache(lines=case["lines"], line=WORD, ways=case["ways"]))
    found = [caches.lookup(0, word, writing=False).hit for word in case["words"]]
    assert ["hit" if hit else "miss" for hit in found] == case["outcome"]


def test_a_dirty_line_is_written_back_when_it_leaves():
    """A write stays in the cache; RAM gets it when another line takes the place."""
    caches = Caches(1, Cache(lines=2, line=WORD, ways=1))
    assert caches.lookup(0, 0, writing=True) == (False, 0, -1, False)
    assert caches.lookup(0, 2, writing=False) == (False, 0, 0, True)
    assert caches.lookup(0, 4, writing=False) == (False, 0, 2, False)


class Model:
    """The same by the definition: for each core and set a list of lines, the latest last."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.lines: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.dirty: set[tuple[int, int]] = set()

    def use(self, core: int, address: int, writing: bool) -> tuple[bool, int, int]:
        """Return whether that was a hit, which line left, and how many were written back."""
        line, evicted, back = address // self.cache.line, -1, 0
        place = line % (self.cache.lines // self.cache.ways)
        for other, index in list(self.lines):
            if other != core and index == place and line in self.lines[other, place]:
                back += (other, line) in self.dirty
                self.dirty.discard((other, line))
                if writing:
                    self.lines[other, place].remove(line)
        held = self.lines[core, place]
        hit = line in held
        if hit:
            held.remove(line)
        elif len(held) == self.cache.ways:
            evicted = held.pop(0)
            back += (core, evicted) in self.dirty
            self.dirty.discard((core, evicted))
        held.append(line)
        if writing:
            self.dirty.add((core, line))
        return hit, evicted, back

    def drop(self, first: int, last: int) -> None:
        """Forget the lines from one to before another."""
        for (core, _), held in self.lines.items():
            for line in [line for line in held if first <= line < last]:
                held.remove(line)
                self.dirty.discard((core, line))


def accesses(trace: Trace) -> dict[int, deque[tuple[int, bool]]]:
    """Core -> physical address and whether it is written of each access, in order."""
    size, found = trace.settings.page_size, []
    for number, key in enumerate(trace.record.threads):
        process = trace.history.processes[key[0]]
        for done in executed(trace.record, trace.history, key):
            uses = [(process.code_base + done.instruction * WORD, False)]
            uses += [done.touched] if done.touched is not None else []
            for virtual, writing in uses:
                content = process.pages[virtual // size].at(done.tick - 1)
                content = content or process.pages[virtual // size].at(done.tick)
                assert content is not None
                physical = content.frame * size + virtual % size
                found.append((done.tick, done.core, number, physical, writing))
    by_core: dict[int, deque[tuple[int, bool]]] = defaultdict(deque)
    for _, core, _, physical, writing in sorted(found, key=lambda one: one[:2]):
        by_core[core].append((physical, writing))
    return by_core


def written_back(event: Any) -> bool:
    """Whether an event writes a line back."""
    return event.kind in ("cache_miss", "snoop") and event.written_back


@examples(15)
@given(
    cache=st.builds(
        lambda sets, ways, line: Cache(sets * ways, line, ways),
        st.sampled_from([1, 2, 8]),
        st.integers(1, 3),
        st.sampled_from([8, 32, 64]),
    ),
    cores=st.integers(1, 2),
    stride=st.integers(1, 9),
    quantum=st.integers(2, 30),
    at=st.integers(0, 200),
)
def test_a_run_uses_its_caches_as_the_definition_says(
    cache: Cache, cores: int, stride: int, quantum: int, at: int
):
    """Hits, evictions and write-backs of every access are those of a simple model."""
    text = f"a = [1] * 40\ndef main():\n    for i in range(0, 40, {stride}): a[i] += a[39 - i]\n"
    # Without pages nothing is copied when it is written, so that an address has one frame.
    machine = Machine(
        cores=cores,
        cache=cache,
        page_size=64,
        stack_size=128,
        scheduler=RoundRobin(quantum),
        contiguous=Contiguous(heap=0, stacks=1),
    )
    machine.launch(Program("one", text))
    machine.launch(Program("two", text), at=at)
    machine.launch(Program("three", text), at=900)
    trace, model = machine.run(), Model(cache)
    streams, back = accesses(trace), 0
    for event in trace.events:
        if event.kind == "map":
            lines = 64 // cache.line
            model.drop(event.frame * lines, (event.frame + 1) * lines)
        elif event.kind == "snoop":
            back -= event.written_back
        elif event.kind in ("cache_hit", "cache_miss"):
            address, writing = streams[event.core].popleft()
            assert (address, writing) == (event.address, event.writing)
            hit, evicted, wrote = model.use(event.core, address, writing)
            assert hit == (event.kind == "cache_hit")
            assert hit or evicted == event.evicted
            back += wrote - written_back(event)
    assert back == 0
    assert not any(streams.values())


def test_hits_misses_and_write_backs_cost_what_is_said():
    """Nothing but the cache costs time: the run is longer by exactly that."""
    plain = Machine(cache=Cache(4, 64, 1))
    plain.launch(Program("sum", SUM))
    free = plain.run()
    costs = Costs(cache_hit=1, cache_miss=7, write_back=3)
    machine = Machine(cache=Cache(4, 64, 1), costs=costs)
    machine.launch(Program("sum", SUM))
    trace = machine.run()
    totals = trace.metrics().totals
    due = totals["cache_hits"] + 7 * totals["cache_misses"] + 3 * totals["write_backs"]
    assert totals["write_backs"] > 0
    # The call that ends the process is found in the cache, and nobody waits for that any more.
    assert trace.end - free.end == due - 1 == totals["overhead"]
    assert free.metrics().totals["cache_misses"] == totals["cache_misses"]


def test_a_switch_leaves_the_cache_and_the_next_process_finds_it_cold():
    """What the other process brought is still there after a switch, and does not help."""
    machine = Machine(cache=Cache(16, 64, 2), scheduler=RoundRobin(25))
    first = machine.launch(Program("one", SUM))
    second = machine.launch(Program("two", SUM))
    trace = machine.run()
    switch = next(s for s in trace.context_switches if s.entering[0] == second)
    before, after = (trace.at(tick).cores[0].cache for tick in (switch.tick - 1, switch.tick))
    assert before is not None
    assert after is not None
    assert before.sets == after.sets
    assert {line.pid for lines in after.sets for line in lines} == {first}
    assert told(trace, "cache_miss", second)[0][0] == switch.tick + 1


def test_two_cores_that_write_one_line_take_it_from_each_other():
    """False sharing: neighbours in a line cost misses, words in lines of their own do not."""
    text = """
log = [0] * 40
def worker(n):
    for i in range(20): log[n] += 1
def main():
    t = spawn(worker, FAR)
    worker(0)
    join(t)
"""
    misses = []
    for far in ("1", "32"):
        machine = Machine(cores=2, cache=Cache(64, 64, 4))
        pid = machine.launch(Program("pair", text.replace("FAR", far)))
        trace = machine.run()
        assert trace.at(trace.end).processes[pid].globals["log"][0] == 20
        misses.append(trace.metrics().totals["cache_misses"])
    assert misses[0] > misses[1] + 20


def test_an_atomic_instruction_goes_through_the_cache():
    """Its word is read and written there, as by any instruction."""
    machine = Machine(cache=Cache(8, 64, 2))
    pid = machine.launch(
        Program("one", "x = 0\ndef main():\n    y = fetch_and_add(address(x), 5)\n")
    )
    trace = machine.run()
    process = trace.history.processes[pid]
    content = process.pages[process.data_base_of(process.program) // 1024].at(5)
    assert content is not None
    uses = [e for e in trace.events if e.kind in ("cache_hit", "cache_miss")]
    words = [e.writing for e in uses if e.address == content.frame * 1024]
    assert not words[0]
    assert words[-1]


def test_narration_says_first_what_missed():
    """A miss is told in a short sentence with core and address; an eviction comes after it."""
    machine = Machine(cache=Cache(2, 64, 1), costs=Costs(cache_miss=4))
    machine.launch(Program("sum", SUM))
    trace = machine.run()
    ticks = [e.tick for e in trace.events if e.kind == "cache_miss" and e.evicted >= 0]
    for tick in ticks:
        narration = trace.narration(tick)
        sentence = str(narration)
        assert re.search(r"Cache miss: core 0 (reads|writes) 0x[0-9a-f]+ of RAM, and", sentence)
        assert count_words(narration.first) <= MOST_WORDS
        assert any("leaves for it" in detail for detail in narration.details)
    assert trace.narrate(ticks[0] + 1).startswith("Core 0 waits for RAM")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Cache(lines=0), "lines is 0"),
        (lambda: Cache(line=24), "24 bytes; give a power of two"),
        (lambda: Cache(lines=12, ways=1), "do not make 1, 2, 4, 8"),
        (lambda: Cache(lines=4, ways=8), "ways is 8"),
        (lambda: Machine(cache=4), "give Cache(lines=16"),
        (lambda: Machine(cache=Cache(line=256), page_size=128), "longer than a page, 128"),
    ],
)
def test_settings_that_do_not_fit_are_refused(make: Any, said: str):
    """The message says what was found, and what to give instead."""
    with pytest.raises(ArgumentError, match=re.escape(said)):
        make()


def test_a_machine_without_caches_has_none_in_its_trace():
    """No event, no state, no figure."""
    machine = Machine()
    machine.launch(Program("sum", SUM))
    trace = machine.run()
    assert trace.at(5).cores[0].cache is None
    assert trace.metrics().totals["cache_hits"] == trace.metrics().totals["cache_misses"] == 0
