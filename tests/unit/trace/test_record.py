"""What a trace tells is what the machine was, at every tick."""

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kit import LimitExceeded, Machine, Program, Trace
from kit.lang.instructions import WORD
from kit.lang.signals import Signal, signals_in
from kit.sim.calls.locks import lock_of
from kit.sim.calls.messages import Mailbox
from kit.sim.computer import Computer
from kit.sim.process import Process
from kit.trace import Moment, ProcessState
from tests.examples import examples
from tests.running import told
from tests.strategies import Setup, run_to_the_end, setups
from tests.worlds import worlds


def threads_of(process: Process, computer: Computer) -> dict[int, Any]:
    """What the machine knows of a process's threads."""
    cores = {core.thread.key: core.number for core in computer.cores if core.thread}
    return {
        thread.tid: (
            thread.state,
            thread.pc,
            thread.registers if thread.log.checkpoints else [0] * 10,
            cores.get(thread.key),
            thread.waits_for,
        )
        for thread in process.threads.values()
    }


def threads_told(process: ProcessState) -> dict[int, Any]:
    """What the trace tells of the same."""
    return {
        tid: (
            thread.state,
            thread.index,
            list(thread.registers.values()),
            thread.core,
            thread.waits_for,
        )
        for tid, thread in process.threads.items()
    }


def check_memory(process: Process, told: ProcessState) -> None:
    """Page table, segments, heap blocks and every mapped word agree."""
    memory = process.memory
    assert told.page_table == memory.table
    assert {s.name: (s.kind, s.tid, s.start, s.end) for s in told.segments} == {
        s.name: (s.kind, s.tid, s.start, s.end) for s in memory.segments.values()
    }
    used = [(address, size // WORD - 1) for address, size in sorted(process.heap.used.items())]
    if process.ended:
        return
    assert list(told.blocks) == used
    for page, words in memory.readable.items():
        start = page * memory.page_size
        assert words == [told.word(start + n * WORD) or 0 for n in range(len(words))]


def check_globals(process: Process, told: ProcessState) -> None:
    """The globals are what stands in the data segment."""
    memory, base = process.memory, process.layout.data_base
    if process.ended or "data" not in memory.segments or told.state == "new":
        return
    for name, variable in process.program.image.variables.items():
        addresses = [base + variable.offset + n * WORD for n in range(variable.length)]
        if any(address // memory.page_size not in memory.readable for address in addresses):
            continue
        words = tuple(
            memory.readable[a // memory.page_size][a % memory.page_size // WORD] for a in addresses
        )
        alone = variable.length == 1 and not variable.is_array
        assert told.globals[name] == (words[0] if alone else words)


def check(computer: Computer, moment: Moment) -> None:
    """Everything the machine knows now is what the trace tells of this tick."""
    assert moment.processes.keys() == computer.processes.keys()
    for pid, process in computer.processes.items():
        told = moment.processes[pid]
        assert (told.state, told.exit_code) == (process.state, process.exit_code)
        assert told.signal == process.signal
        assert all(process.ignores(signal) == (signal in told.ignored) for signal in Signal)
        assert (process.stopped, signals_in(process.pending)) == (told.stopped, told.pending)
        assert threads_told(told) == threads_of(process, computer)
        check_memory(process, told)
        check_globals(process, told)
    queue = computer.dispatcher.queue.waiting()
    assert sorted(moment.ready) == sorted(thread.key for thread in queue)
    running = [core.thread.key if core.thread else None for core in computer.cores]
    assert list(moment.running) == running
    assert {f: set(users) for f, users in moment.frame_users.items()} == computer.physical.users
    check_resources(computer, moment)


def check_files(computer: Computer, moment: Moment) -> None:
    """Files on the disk, and what each process has open, agree."""
    words = computer.kernel["files"].words
    assert moment.files == {name: tuple(content) for name, content in words.items()}
    known = computer.kernel["descriptors"]
    for pid, process in moment.processes.items():
        real = {
            descriptor: (file.kind, file.name, file.mode, file.pipe, file.position, file.users)
            for descriptor, number in known.tables.get(pid, {}).items()
            for file in [known.files[number]]
        }
        told = process.open_files.items()
        assert real == {
            d: (f.kind, f.name, f.mode, f.pipe, f.position, len(f.users)) for d, f in told
        }
        assert all((pid, descriptor) in file.users for descriptor, file in told)


def check_pipes_and_mail(computer: Computer, moment: Moment) -> None:
    """Pipes, messages, calls and who waits at them agree."""
    pipes, ends = computer.kernel["pipes"].pipes, computer.kernel["descriptors"].ends
    assert moment.pipes.keys() == pipes.keys()
    for number, pipe in moment.pipes.items():
        real = pipes[number]
        assert list(pipe.words) == list(real.words)
        assert list(pipe.readers) == [key for key, *_ in real.readers]
        assert list(pipe.writers) == [key for key, *_ in real.writers]
        assert bool(pipe.read_ends) == bool(ends("read end", number))
        assert bool(pipe.write_ends) == bool(ends("write end", number))
    mail = computer.kernel["messages"]
    for pid, box in moment.mailboxes.items():
        real = mail.boxes.get(pid) or Mailbox()
        assert (list(box.messages), list(box.calls)) == (list(real.letters), list(real.calls))
        assert list(box.receivers) == list(real.receivers)
        assert list(box.servers) == list(real.servers)
        assert list(box.senders) == [key for key, _ in real.senders]
    waits = {
        thread.key
        for process in computer.processes.values()
        for thread in process.alive
        if thread.waits_for[:1] == ("reply",)
    }
    served = {
        server: tuple(caller for caller in callers if caller in waits)
        for server, callers in mail.serving.items()
    }
    assert moment.served == {server: callers for server, callers in served.items() if callers}


def check_synchronisation(computer: Computer, moment: Moment) -> None:
    """Locks and their kin agree, those in shared memory and those that are no variable too."""
    queues = computer.kernel["locks"]
    held, queued, taken = {}, {}, {}
    there = (*moment.locks, *moment.semaphores, *moment.conditions, *moment.barriers)
    there += moment.rwlocks
    for one in there:
        place = (f"shared {one.area}" if one.area else one.pid), one.address
        lock = place
        if one.kind == "Condition" and not one.area:
            lock = one.pid, lock_of(computer.processes[one.pid], one.address)
        held[lock], taken[place] = one.holder, dict(one.taken)
        if one.kind == "Condition":
            queued[lock] = list(one.queued)
            place = place[0], place[1] + WORD
        queued[place] = list(one.waiting)
    assert {place: key for place, key in held.items() if key} == queues.holders
    assert {place: keys for place, keys in queued.items() if keys} == {
        place: list(keys) for place, keys in queues.waiting.items()
    }
    assert {place: counts for place, counts in taken.items() if counts} == {
        place: counts for place, counts in queues.takers.items() if counts
    }
    for one in there:
        process = computer.processes.get(one.pid)
        if process and one.address // computer.page_size in process.memory.readable:
            assert one.word == computer.read_word(process, one.address)


def check_caches(computer: Computer, moment: Moment) -> None:
    """Each set of each core's cache holds the same lines, in the same ways and order."""
    caches = computer.caches
    if caches is None:
        assert all(core.cache is None for core in moment.cores)
        return
    for core, cache in enumerate(core.cache for core in moment.cores):
        real = [list(held.items()) for held in caches.sets[core]]
        assert [[(line.number, line.way) for line in lines] for lines in cache.sets] == real
        dirty = {line.number for lines in cache.sets for line in lines if line.dirty}
        assert dirty == caches.dirty[core]


def dirty_pages(computer: Computer, pid: int) -> set[int]:
    """The pages of a process whose dirty bit is set."""
    changed = computer.swap.dirty if computer.swap else set()
    table = computer.processes[pid].memory.table
    return {page for page, frame in table.items() if frame in changed}


def check_resources(computer: Computer, moment: Moment) -> None:
    """What the system keeps besides processes and memory is what the trace tells."""
    check_files(computer, moment)
    check_pipes_and_mail(computer, moment)
    check_synchronisation(computer, moment)
    devices = computer.kernel["devices"]
    assert moment.devices == devices.busy
    assert list(moment.device_queue) == [key for key, _ in devices.queue]
    check_caches(computer, moment)
    slots = set(computer.swap.slots) if computer.swap else set()
    assert set(moment.slots) == slots
    for pid, process in computer.processes.items():
        if not process.ended:
            assert moment.processes[pid].slots == process.memory.swapped
            assert set(moment.processes[pid].dirty) == dirty_pages(computer, pid)
            assert list(moment.processes[pid].free_blocks) == list(process.heap.free)


@examples(7)
@given(st.one_of(setups(), worlds()))
def test_trace_tells_what_the_machine_was_at_every_tick(setup: Setup):
    """Registers, memory, threads, queues and frames rebuilt from the log are the real ones."""
    trace, machine = setup.run(), setup.machine()
    printed = ""
    for tick in range(trace.end + 1):
        try:
            machine.run(until=tick)
        except LimitExceeded:
            assert tick == trace.end
            return
        if machine.now < tick:
            break
        check(machine._computer, trace.at(tick))
        printed = "".join(p.output for p in trace.at(tick).processes.values())
    assert len(printed) == machine._computer.printed


def test_a_store_belongs_to_what_stood_behind_its_page_then():
    """What one core writes is not taken for content that another core maps at the same tick."""
    # T1 executes on core 0; at the tick of its last store, T2 on core 1 runs exec, which
    # gives the page of T1's stack to the new main thread.
    text = """
.data
.print "next"
.code
LFA r0, changer
SYS spawn 0
again: PUSH r0
DROP 8
JMP again
.function changer()
changer: {wait}SYS exec 0
"""
    for wait in range(6):
        machine = Machine(cores=2)
        machine.launch(Program.from_assembly("a", text.format(wait="NOP\n" * wait)))
        machine.install(Program("next", "def main(): work(3)"))
        trace = machine.run()
        ((tick, *_),) = told(trace, "exec")
        process = trace.at(tick).processes[2]
        top = next(s for s in process.segments if s.kind == "stack").end
        assert [process.word(top - WORD * place) for place in (1, 2, 3)] == [None] * 3


@given(st.one_of(setups(most_cores=3), worlds()), st.lists(st.integers(1, 50), max_size=12))
def test_a_run_in_pieces_is_the_same_run(setup: Setup, pieces: list[int]):
    """Stopping to look does not change what happens."""
    machine = setup.machine()
    for ticks in pieces:
        try:
            machine.run(until=machine.now + ticks)
        except LimitExceeded:
            return
    assert run_to_the_end(machine).digest == setup.run().digest


@given(st.one_of(setups(), worlds()), st.integers(0, 300))
def test_running_on_from_a_snapshot_repeats_the_run(setup: Setup, tick: int):
    """Going back to a snapshot and running again gives the same trace, twice."""
    machine = setup.machine()
    try:
        machine.run(until=tick)
    except LimitExceeded:
        return
    snapshot = machine.snapshot()
    first = run_to_the_end(machine).digest
    for _ in range(2):
        machine.restore(snapshot)
        assert machine.now <= tick
        assert machine.snapshot().state == snapshot.state
        assert run_to_the_end(machine).digest == first
    assert first == setup.run().digest


@given(st.one_of(setups(), worlds()))
def test_every_tick_has_a_sentence(setup: Setup):
    """Narration says something at every tick, in sentences."""
    trace = setup.run()
    for tick in range(trace.end + 1):
        text = trace.narrate(tick)
        assert text.strip()
        assert text.rstrip()[-1] in ".…0123456789" or "printed: " in text


@given(st.one_of(setups(), worlds()))
def test_moments_can_be_asked_for_everything(setup: Setup):
    """Call stacks, instructions, lines, blocked threads and reprs exist at every tick."""
    trace = setup.run()
    for tick in range(0, trace.end + 1, 3):
        moment = trace.at(tick)
        assert repr(moment)
        assert set(moment.blocked).isdisjoint(moment.ready)
        for process in moment.processes.values():
            for thread in process.threads.values():
                assert thread.instruction
                assert thread.line >= 0
                assert isinstance(thread.call_stack, tuple)


@given(st.one_of(setups(), worlds()), st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_registers_depend_on_the_tick_only(setup: Setup, ticks: list[int]):
    """In whatever order one asks, the registers of a tick are the same."""
    trace = setup.run()
    for key, record in trace.record.threads.items():
        image = trace.history.processes[key[0]].threads[key[1]].program.image
        for tick in (min(tick, trace.end) for tick in ticks):
            unasked = dataclasses.replace(record)
            assert record.registers_at(tick, image) == unasked.registers_at(tick, image)


@given(st.one_of(setups(), worlds()))
def test_frames_are_all_free_when_every_process_has_ended(setup: Setup):
    """Nothing leaks, however a process ends."""
    machine = setup.machine()
    trace: Trace = run_to_the_end(machine)
    computer = machine._computer
    for process in computer.processes.values():
        users = computer.physical.users.items()
        owned = [frame for frame, pages in users if any(pid == process.pid for pid, _ in pages)]
        assert sorted(owned) == sorted(process.memory.table.values())
        assert not (process.ended and owned)
    physical = computer.physical
    assert physical.free_count + len(physical.users) == physical.frames - physical.reserved
    assert repr(trace) == repr(setup.run())
