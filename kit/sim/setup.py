"""Everything a machine is made of, checked and in one piece."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from kit.errors import require, require_whole
from kit.lang.instructions import WORD
from kit.sim.free_list import HeapPolicy
from kit.sim.schedulers import FIFO, Scheduler
from kit.sim.settings import Costs, KiB, Limits, MiB

if TYPE_CHECKING:
    from kit.sim.cache import Cache
    from kit.sim.contiguous import Contiguous
    from kit.sim.page_table import PageTable
    from kit.sim.segmentation import Segmentation
    from kit.sim.swap import ReplacementPolicy

MOST_CORES = 64
MOST_FRAMES = 1 << 20

_NEED_PAGES = ("demand", "swap", "tlb", "asid", "page_table")
_CHOICES = {"io_completion": ("queue", "run"), "exceptions": ("process", "thread")}


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What `kit.Machine` was told, checked; its options, which are explained there.

    Raises
    ------
    ArgumentError
        If something does not fit.
    """

    cores: int = 1
    ram: int = 64 * KiB
    page_size: int = KiB
    scheduler: Scheduler = FIFO()
    seed: int = 0
    costs: Costs = Costs()
    limits: Limits = Limits()
    address_space: int = 16 * MiB
    stack_size: int = 4 * KiB
    demand: bool = False
    replacement: ReplacementPolicy | None = None
    swap: int = 0
    heap: HeapPolicy = HeapPolicy()
    tlb: int = 0
    asid: bool = False
    devices: int | None = None
    switch_on_io: bool = True
    io_completion: str = "queue"
    exceptions: str = "process"
    notify_without_lock: bool = False
    contiguous: Contiguous | None = None
    timer: bool = True
    cache: Cache | None = None
    page_table: PageTable | None = None
    segmentation: Segmentation | None = None

    def __post_init__(self) -> None:
        for option in fields(self):
            if getattr(self, option.name) is None and is_dataclass(option.default):
                object.__setattr__(self, option.name, option.default)
        self._check_parts()
        require_whole("Machine: cores", self.cores, 1, MOST_CORES)
        require_whole("Machine: seed", self.seed, 0)
        require_whole("Machine: tlb", self.tlb, 0)
        if self.devices is not None:
            require_whole("Machine: devices", self.devices, 1)
        for name in ("demand", "asid", "switch_on_io", "notify_without_lock", "timer"):
            value = getattr(self, name)
            require(isinstance(value, bool), f"Machine: {name} is {value!r}; give True or False")
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            hint = " or ".join(map(repr, choices))
            require(value in choices, f"Machine: {name} is {value!r}; give {hint}")
        require(
            not self.asid or bool(self.tlb),
            "Machine: asid marks the entries of a TLB, and there is none; give tlb=16 too",
        )
        self._check_sizes()

    @property
    def paged(self) -> bool:
        """Whether pages stand anywhere in RAM, and not in stretches."""
        return self.contiguous is None and self.segmentation is None

    @property
    def code_base(self) -> int:
        """Address at which code begins."""
        return self.page_size if self.paged else 0

    @property
    def segment_size(self) -> int:
        """How large a segment may be, in bytes, with segmentation."""
        assert self.segmentation is not None, "the callers have checked it"
        return self.address_space >> self.segmentation.bits

    def _check_parts(self) -> None:
        _check_part("scheduler", self.scheduler, "FIFO() or RoundRobin(quantum=4)")
        if self.replacement is not None:
            _check_part("replacement", self.replacement, 'Replacement("lru")')
        for name, kind in (("costs", Costs), ("limits", Limits), ("heap", HeapPolicy)):
            value = getattr(self, name)
            require(
                isinstance(value, kind), f"Machine: {name} is {value!r}; give {kind.__name__}(…)"
            )
        if self.cache is not None:
            _check_part("cache", self.cache, "Cache(lines=16, line=64, ways=2)", has="ways")
        if self.page_table is not None:
            _check_part("page_table", self.page_table, "PageTable(levels=2)", has="levels")
        if self.contiguous is not None:
            _check_part("contiguous", self.contiguous, 'Contiguous("best")', has="fit")
            self._refuse_pages("contiguous memory")
        if self.segmentation is not None:
            _check_part("segmentation", self.segmentation, "Segmentation(bits=4)", has="bits")
            self._refuse_pages("segmentation")
            require(
                self.contiguous is None,
                "Machine: contiguous memory has one stretch for each process, segmentation one for "
                "each segment; leave out one or the other",
            )

    def _refuse_pages(self, what: str) -> None:
        paged = [name for name in _NEED_PAGES if getattr(self, name)]
        require(
            not paged,
            f"Machine: {' and '.join(paged)} {'needs' if len(paged) == 1 else 'need'} pages, "
            f"and {what} has none; leave out one or the other",
        )

    def _check_sizes(self) -> None:
        size, header = self.page_size, self.heap.header
        require(
            header % WORD == 0,
            f"Machine: a header of {header} bytes would put blocks between words; "
            f"give a multiple of {WORD}",
        )
        require_whole("Machine: page_size", size, 64, 64 * KiB)
        require(
            size & (size - 1) == 0,
            f"Machine: page_size is {size}; give a power of two such as 1024",
        )
        if self.cache is not None:
            require(
                self.cache.line <= size,
                f"Machine: a cache line of {self.cache.line} bytes is longer than a page, {size}; "
                f"give Cache(line={size}) or a larger page_size",
            )
        table = self.page_table
        if table is not None:
            fits = table.levels == 1 or self.address_space <= table.reach(size)
            require(
                table.entry <= size and fits,
                f"Machine: two levels with {table.entry}-byte entries in pages of {size} reach "
                f"{table.reach(size)} bytes, and address_space is {self.address_space}; make it "
                "smaller, or page_size larger",
            )
        least = {"ram": 4, "address_space": 4, "stack_size": 1, "swap": 0}
        for name, pages in least.items():
            value = getattr(self, name)
            require_whole(f"Machine: {name} in bytes", value, pages * size, MOST_FRAMES * size)
            require(
                value % size == 0,
                f"Machine: {name} is {value} bytes, not a whole number of pages of {size}; "
                f"give {-(-value // size) * size}",
            )
        if self.segmentation is not None:
            space, most = self.address_space, self.segment_size
            require(
                space & (space - 1) == 0 and most >= max(size, self.stack_size),
                f"Machine: of an address_space of {space} bytes {self.segmentation.bits} bits make "
                f"segments of {most}; give a power of two, in which a stack of {self.stack_size} "
                "fits into a segment",
            )
        require(
            4 * self.stack_size <= self.address_space,
            f"Machine: stack_size {self.stack_size} is more than a quarter of the address space; "
            "make it smaller",
        )
        require(
            bool(self.swap) == (self.replacement is not None),
            "Machine: swap and replacement belong together: how large the swap area is, and "
            'which page goes there; give both, as in swap=64 * KiB, replacement=Replacement("lru")',
        )


def _check_part(name: str, value: Any, hint: str, has: str = "start") -> None:
    require(
        hasattr(value, has) and not isinstance(value, type),
        f"Machine: {name} is {value!r}; give {hint}",
    )
