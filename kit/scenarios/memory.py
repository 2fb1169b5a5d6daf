"""Memory: pages on demand, the TLB, full RAM, and the older way without pages."""

from __future__ import annotations

from kit.lang import Program
from kit.scenarios.scenario import choice, number, scenario, switch
from kit.sim import (
    Cache,
    Contiguous,
    Costs,
    HeapPolicy,
    KiB,
    PageTable,
    Replacement,
    RoundRobin,
    Segmentation,
)
from kit.trace import Machine

TABLE = """
table = [1] * 320

def main():
    for round in range(2):
        for i in range(0, USED, 32):
            table[i] += 1
    print("table", table[0], table[64])
"""

ROWS = """
grid = [0] * 96

def main():
    for i in range(FIRST):
        for k in range(SECOND):
            grid[INDEX] += 1
"""

BLOCKS = """
def main():
    a = alloc(6)
    b = alloc(10)
    c = alloc(6)
    d = alloc(20)
    free(b)
    free(d)
    e = alloc(8)
    f = alloc(4)
    free(a)
    free(c)
    print("e", e, "f", f, "then", alloc(30))
"""

SUMS = """
log = [1, 2, 3, 4, 5, 6, 7, 8]

def main():
    total = 0
    for round in range(3):
        for i in range(8):
            total += log[i]
    print("total", total)
"""

GROWING = """
def main():
    p = alloc(20)
    for i in range(3):
        poke(alloc(60), i)
    print("found", peek(p + BEYOND))
"""

SLEEPER = """
def main():
    sleep(TICKS)
"""


@scenario(
    "Pages come into RAM when they are touched",
    "At first nothing of the file is in RAM; the first touch of each page of it faults.",
    "What is never touched is never loaded.",
    demand=switch(True, "whether pages wait until they are touched"),
)
def demand_paging(demand: bool) -> Machine:
    """A program with more data than it uses."""
    machine = Machine(page_size=256, demand=demand, costs=Costs(page_fault=1, load_page=4))
    machine.launch(Program("table", TABLE.replace("USED", "96")))
    return machine


@scenario(
    "RAM is too small: pages move to the swap area and back",
    "When no frame is free a page has to leave; which one is the policy's choice.",
    "kit.replace_pages tells how few faults there could be, if the future were known (OPT).",
    policy=choice("lru", "fifo", "clock", meaning="which page has to leave"),
    frames=number(8, 6, 32, "frames of RAM"),
)
def full_ram(policy: str, frames: int) -> Machine:
    """A loop over ten pages of data."""
    machine = Machine(
        page_size=256,
        ram=frames * 256,
        stack_size=256,
        demand=True,
        replacement=Replacement(policy),
        swap=8 * KiB,
        costs=Costs(page_in=5, page_out=5, load_page=5, page_fault=1),
    )
    machine.launch(Program("table", TABLE.replace("USED", "len(table)")))
    return machine


@scenario(
    "A TLB remembers translations",
    "A page that is used again soon is found in the TLB; walking the page table costs time.",
    "Going through the grid by columns touches another page at every step.",
    by=choice("rows", "columns", meaning="how the program goes through its grid"),
    entries=number(4, 1, 32, "translations that the TLB holds"),
)
def translations(by: str, entries: int) -> Machine:
    """The same additions in two orders."""
    first, second, index = ("6", "16", "i * 16 + k") if by == "rows" else ("16", "6", "k * 16 + i")
    text = ROWS.replace("FIRST", first).replace("SECOND", second).replace("INDEX", index)
    machine = Machine(page_size=128, tlb=entries, costs=Costs(tlb_miss=3))
    machine.launch(Program(by, text))
    return machine


@scenario(
    "A heap and its free list",
    "Blocks that are freed leave holes; the free list says where.",
    "Which hole a block gets is the policy's choice; what is left of a hole may be too small.",
    "Neighbours that are free are merged, where the allocator does that.",
    fit=choice("first", "best", "worst", meaning="which hole is taken"),
    coalesce=switch(True, "whether free neighbours are merged"),
)
def heap_with_holes(fit: str, coalesce: bool) -> Machine:
    """A program that takes and gives back blocks of different size."""
    machine = Machine(page_size=512, heap=HeapPolicy(fit, coalesce=coalesce))
    machine.launch(Program("blocks", BLOCKS))
    return machine


@scenario(
    "Memory without pages: one stretch of RAM for each process",
    "A base register is added to every address, a bounds register limits it.",
    "Processes that end leave holes; a new one may have to wait though enough RAM is free.",
    "Compaction moves processes together; they notice nothing, only their base changes.",
    fit=choice("first", "best", "worst", meaning="which hole a process gets"),
    compaction=switch(False, "whether processes are moved together when no hole is large enough"),
)
def base_and_bounds(fit: str, compaction: bool) -> Machine:
    """Three of seven processes leave holes; a small one and a large one come later."""
    machine = Machine(
        ram=40 * KiB,
        stack_size=KiB,
        contiguous=Contiguous(fit, compaction),
        costs=Costs(move_page=1),
    )
    for name, size, ticks, at in (
        ("a", 3, 150, 0),
        ("b", 7, 20, 0),
        ("c", 2, 150, 0),
        ("d", 5, 20, 0),
        ("e", 2, 150, 0),
        ("f", 9, 20, 0),
        ("g", 2, 150, 0),
        ("small", 4, 150, 60),
        ("large", 16, 10, 80),
    ):
        program = Program(name, SLEEPER.replace("TICKS", str(ticks)))
        machine.launch(program, at=at, size=size * KiB)
    return machine


@scenario(
    "A cache, and what a switch leaves in it",
    "Each core keeps copies of lines of RAM; what is used again soon is found there.",
    "A switch changes nothing in it: the next process finds it cold, and misses until it is warm.",
    "With one way, lines of one set push each other out though the rest of the cache is free.",
    ways=choice("1", "2", "4", meaning="lines of a set"),
    quantum=number(60, 10, 400, "ticks of a turn"),
)
def cold_cache(ways: str, quantum: int) -> Machine:
    """Two processes take turns on a core with a small cache."""
    machine = Machine(
        scheduler=RoundRobin(quantum),
        cache=Cache(lines=8, line=64, ways=int(ways)),
        costs=Costs(cache_miss=4, write_back=4),
    )
    for name in ("one", "two"):
        machine.launch(Program(name, SUMS))
    return machine


@scenario(
    "A page table of two levels",
    "A linear table has an entry for every page that a process could have, used or not.",
    "A page directory names the pages of the table that exist; most do not, and take no room.",
    "The price: where the TLB does not have a translation, two entries are loaded, not one.",
    levels=choice("2", "1", meaning="levels of the page table"),
    entries=number(2, 1, 16, "translations that the TLB holds"),
)
def two_level_table(levels: str, entries: int) -> Machine:
    """The textbook's small machine: 14 bits of address, pages of 64 bytes, a table of 1 KiB."""
    machine = Machine(
        page_size=64,
        ram=8 * KiB,
        address_space=16 * KiB,
        stack_size=256,
        tlb=entries,
        page_table=PageTable(levels=int(levels), entry=4),
        costs=Costs(tlb_miss=2),
    )
    machine.launch(Program("sums", SUMS))
    return machine


@scenario(
    "Segments: a base and a limit for each",
    "The first two bits of an address name the segment: code, data, heap or stack.",
    "Each is in RAM wherever there is a hole; the gaps between them take no room.",
    "A heap that grows and has no room after it moves; no virtual address changes.",
    "An address beyond the limit of its segment is a segmentation fault.",
    fit=choice("first", "best", "worst", meaning="which hole a segment gets"),
    beyond=number(2000, 0, 4000, "how far from its first block a program looks, in bytes"),
)
def segments(fit: str, beyond: int) -> Machine:
    """The textbook's machine, 16 KiB of addresses in 64 KiB of RAM, with two processes."""
    machine = Machine(
        page_size=256,
        ram=64 * KiB,
        address_space=16 * KiB,
        stack_size=KiB,
        scheduler=RoundRobin(10),
        segmentation=Segmentation(bits=2, fit=fit),
        costs=Costs(move_page=1),
    )
    for name in ("one", "two"):
        machine.launch(Program(name, GROWING.replace("BEYOND", str(beyond // 8 * 8))))
    return machine
