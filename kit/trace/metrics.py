"""How well a run went: the figures by which schedules are compared.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on
scheduling.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kit.sim.events.memory import CacheMiss, Snoop
from kit.sim.recording import ThreadId
from kit.trace.process_history import ProcessHistory
from kit.trace.record import Record
from kit.trace.replay import History
from kit.trace.switches import turnovers


@dataclass(frozen=True)
class ThreadMetrics:
    """Where one thread's time went; ticks.

    Attributes
    ----------
    response : int or None
        From its creation to its first turn on a core; None if it never had one.
    turnaround : int or None
        From its creation to its end; None if it had not ended.
    running, ready, blocked : int
        Spent in these states; `ready` is what is called waiting time.
    instructions : int
        Retired.
    """

    response: int | None
    turnaround: int | None
    running: int
    ready: int
    blocked: int
    instructions: int


@dataclass(frozen=True)
class ProcessMetrics:
    """Where one process's time went; ticks.

    Attributes
    ----------
    response : int or None
        From its launch to the first turn of one of its threads on a core.
    turnaround : int or None
        From its launch to its end.
    wait : int
        Spent ready by its threads, added up.
    memory : int
        Most RAM that its pages took at once, in bytes; what it shares with others counts.
    page_faults, tlb_misses, cache_hits, cache_misses, system_calls : int
        Of its threads; system calls that the library makes count as well.
    threads : dict of int to ThreadMetrics
        By tid.
    """

    response: int | None
    turnaround: int | None
    wait: int
    memory: int
    page_faults: int
    tlb_misses: int
    system_calls: int
    cache_hits: int
    cache_misses: int
    threads: dict[int, ThreadMetrics]


@dataclass(frozen=True)
class RunMetrics:
    """The figures of a whole run.

    Attributes
    ----------
    processes : dict of int to ProcessMetrics
        By pid.
    totals : dict of str to int
        ``ticks``: length of the run. ``instructions``: retired. ``busy``: ticks in
        which a core had a thread, all cores added up. ``overhead``: those of them in which
        it worked for the system itself. ``device_busy``: ticks in which a
        device was at work. ``switches``: turns given to another thread than the one the
        core ran last. ``faults``: threads that did what a processor refuses.
        ``page_faults``, ``tlb_misses``, ``system_calls``, ``cache_hits``, ``cache_misses``: of
        all processes. ``write_backs``: dirty lines that went from a cache to RAM.
    """

    processes: dict[int, ProcessMetrics]
    totals: dict[str, int]


def measure(record: Record, history: History) -> RunMetrics:
    """Return the figures of a run."""
    turns = _first_turns(record)
    counts = Counter((event.pid, event.kind) for event in record.events.others)
    processes = {
        pid: _process(record, process, turns, counts) for pid, process in history.processes.items()
    }
    threads = [thread for process in processes.values() for thread in process.threads.values()]
    totals = {
        "ticks": record.end,
        "instructions": sum(thread.instructions for thread in threads),
        "busy": sum(thread.running for thread in threads),
        "overhead": sum(
            end - start
            for times in record.events.overheads.values()
            for start, end in zip(times[0::2], times[1::2], strict=True)
        ),
        "device_busy": _device_busy(record),
        "switches": sum(1 for _ in turnovers(record)),
        "faults": sum(count for (_, kind), count in counts.items() if kind == "fault"),
        "page_faults": sum(process.page_faults for process in processes.values()),
        "tlb_misses": sum(process.tlb_misses for process in processes.values()),
        "system_calls": sum(process.system_calls for process in processes.values()),
        "cache_hits": sum(process.cache_hits for process in processes.values()),
        "cache_misses": sum(process.cache_misses for process in processes.values()),
        "write_backs": _write_backs(record),
    }
    return RunMetrics(processes, totals)


def _write_backs(record: Record) -> int:
    if record.settings.cache is None:
        return 0
    changes = (event for event in record.events.others if isinstance(event, CacheMiss | Snoop))
    return sum(event.written_back for event in changes)


def _process(
    record: Record,
    process: ProcessHistory,
    turns: dict[ThreadId, int],
    counts: Counter[tuple[int, str]],
) -> ProcessMetrics:
    threads = {tid: _thread(record, process, tid, turns) for tid in process.threads}
    own = (turns[process.pid, tid] for tid in threads if (process.pid, tid) in turns)
    first = min(own, default=None)
    return ProcessMetrics(
        memory=max(process.held_frames().values, default=0) * process.page_size,
        page_faults=counts.get((process.pid, "page_fault"), 0),
        tlb_misses=counts.get((process.pid, "tlb_miss"), 0),
        system_calls=counts.get((process.pid, "system_call"), 0) + _entered(record, process),
        cache_hits=counts.get((process.pid, "cache_hit"), 0),
        cache_misses=counts.get((process.pid, "cache_miss"), 0),
        response=None if first is None else first - process.launched,
        turnaround=None if process.exit is None else process.exit[0] - process.launched,
        wait=sum(thread.ready for thread in threads.values()),
        threads=threads,
    )


def _entered(record: Record, process: ProcessHistory) -> int:
    """Return how often the threads of a process made a system call themselves."""
    found = 0
    for tid, thread in process.threads.items():
        log = record.threads.get((process.pid, tid))
        if log is not None and log.targets:
            enters = thread.program.image.enters
            found += enters[log.entry] - enters[log.targets[-1]]
            found += sum(map(enters.__getitem__, log.targets))
    return found


def _thread(
    record: Record, process: ProcessHistory, tid: int, turns: dict[ThreadId, int]
) -> ThreadMetrics:
    steps = process.threads[tid].state
    spent = dict.fromkeys(("running", "ready", "blocked"), 0)
    for (tick, state), end in zip(steps, [*steps.ticks[1:], record.end], strict=True):
        if state in spent:
            spent[state] += end - tick
    created, log = steps.ticks[0], record.threads.get((process.pid, tid))
    first = turns.get((process.pid, tid))
    ended = steps.ticks[-1] if steps.values[-1] == "terminated" else None
    return ThreadMetrics(
        response=None if first is None else first - created,
        turnaround=None if ended is None else ended - created,
        instructions=len(log.targets) if log else 0,
        **spent,
    )


def _device_busy(record: Record) -> int:
    """Return in how many ticks at least one device was at work."""
    busy, requests, since = 0, 0, 0
    for event in record.events.others:
        if event.kind == "io_start":
            since = since if requests else event.tick
            requests += 1
        elif event.kind == "io_done":
            requests -= 1
            busy += 0 if requests else event.tick - since
    return busy + (record.end - since if requests else 0)


def _first_turns(record: Record) -> dict[ThreadId, int]:
    turns: dict[ThreadId, int] = {}
    for event in record.events:
        if event.kind == "dispatch":
            turns.setdefault(event.key, event.tick)
    return turns
