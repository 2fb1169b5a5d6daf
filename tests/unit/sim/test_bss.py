"""Globals that start as zeros: no room in the file, a page of zeros at the first touch."""

from __future__ import annotations

import pytest
from hypothesis import given

from kit import Costs, Machine, Program, Replacement, Trace
from kit.errors import LanguageError
from kit.quiz import ask
from tests.asking import right
from tests.examples import examples
from tests.running import told
from tests.strategies import threaded_programs

TEXT = """
seen = [0] * 96
step = 5
lock = Lock()
limit = Semaphore(2)
waiting = Condition(lock)

def main():
    seen[40] += step
    seen[80] += step
    with lock:
        print(seen[40], step)
"""
PAGES = {"page_size": 256, "costs": Costs(page_fault=1, load_page=4)}
ZEROS = Program("zeros", TEXT)


def of(program: Program, **settings: object) -> Trace:
    """Run a program on a machine with small pages."""
    machine = Machine(**{**PAGES, **settings})
    machine.launch(program)
    return machine.run()


def test_globals_that_start_as_zeros_come_last():
    """In the order of the text otherwise; a condition knows its lock wherever that went."""
    image = ZEROS.image
    assert (image.bss_offset, image.data_bytes, image.bss_bytes) == (16, 808, 792)
    by_address = sorted(image.variables.values(), key=lambda variable: variable.offset)
    assert [v.name for v in by_address] == ["step", "limit", "seen", "lock", "waiting"]
    assert list(image.variables) == ["seen", "step", "lock", "limit", "waiting"]
    assert image.variables["waiting"].locks == (image.variables["lock"].offset,)
    assert image.data[:2] == (5, 2)
    assert not any(image.data[2:])


def test_assembly_has_a_part_for_them():
    """`.bss` lists them, and what does not start as zeros is refused there."""
    text = ZEROS.disassemble()
    assert text.index(".data\nstep  5\nlimit  Semaphore(2)\n.print") == 0
    assert text.index(".bss\nseen  [0, ") < text.index("waiting  Condition(lock)\n.code")
    assert Program.from_assembly("zeros", text).image.variables == ZEROS.image.variables
    with pytest.raises(LanguageError, match=r"seen does not start as zeros; put it below \.data"):
        Program.from_assembly("zeros", text.replace("seen  [0, ", "seen  [1, "))


def test_only_what_is_in_the_file_comes_from_disk():
    """Where all is loaded before, the other pages are filled with zeros and cost nothing."""
    trace = of(ZEROS)
    code = -(-ZEROS.image.code_bytes // 256)
    loads = [(segment, page) for _, _, segment, page, _ in told(trace, "load")]
    assert loads == [*(("code", page + 1) for page in range(code)), ("data", code + 1)]
    assert trace.happened("admit")[0].tick == 4 * (code + 1)
    assert {code + 1, code + 2, code + 3, code + 4} <= set(
        trace.at(trace.end - 1).processes[2].page_table
    )
    assert "starts as zeros, which the file does not hold." in trace.narrate(4 * (code + 1))


def test_the_first_touch_of_zeros_needs_no_disk():
    """With demand paging it is a minor fault: the thread does not block."""
    trace = of(ZEROS, demand=True)
    first = -(-ZEROS.image.code_bytes // 256) + 1
    data = [f for f in trace.history.memory.page_faults if first <= f.address // 256 < first + 4]
    ticks = {fault.address // 256: fault.ticks for fault in data}
    assert ticks[first] == 4
    assert ticks[first + 1] == ticks[first + 2] == 1
    zeros = next(fault for fault in data if fault.address // 256 == first + 1)
    assert "filled with zeros." in trace.narrate(zeros.tick)
    (answer,) = right(ask(trace, "faults", at=zeros.tick - 1))
    assert "the page is mapped to a frame" in answer
    assert trace.at(trace.end - 1).processes[2].globals["seen"][40] == 5


def test_zeros_that_have_not_changed_are_dropped():
    """A page of zeros that was only read leaves a full RAM unwritten, and is zeros again."""
    text = "seen = [0] * 320\ndef main():\n    n = 0\n    for i in range(0, 640, 32): "
    trace = of(
        Program("reads", text + "n += seen[i % 320]\n    print(n)"),
        demand=True,
        ram=8 * 256,
        stack_size=256,
        replacement=Replacement("lru"),
        swap=8192,
    )
    assert trace.output(2) == "0\n"
    (tick, *_) = told(trace, "discard")[0]
    assert "There are only zeros in it" in trace.narrate(tick)
    assert not told(trace, "swap_out")


@examples(30)
@given(threaded_programs())
def test_what_a_program_prints_does_not_depend_on_when_pages_come(program: Program):
    """Loaded before or touched one by one, the globals end as the same values."""
    before, touched = (of(program, demand=demand, costs=Costs()) for demand in (False, True))
    assert before.end == touched.end
    one, other = (trace.at(trace.end).processes[2] for trace in (before, touched))
    assert (one.output, one.globals) == (other.output, other.globals)
