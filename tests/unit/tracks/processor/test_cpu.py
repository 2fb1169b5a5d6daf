"""The picture of the CPU against the trace it shows: registers, switches, reasons, crowds."""

from functools import cache
from itertools import combinations

import pytest
from hypothesis import given

from kit import FIFO, SJF, Contiguous, Costs, KiB, Limits, Machine, Program, RoundRobin, Trace
from kit.scenarios import SCENARIOS
from kit.tracks import Picture
from kit.tracks.palette import thread_colors
from kit.tracks.processor.cpu import cpu
from kit.tracks.processor.cpu_layout import Layout
from tests.examples import examples
from tests.unit.tracks.looks import apart, boxes, texts
from tests.unit.tracks.runs import run, traces
from tests.unit.tracks.test_pictures import check_cpu

CROWD = """
count = 0
def worker(n):
    global count
    for i in range(6):
        count += n
    sleep(n)
def main():
    for i in range({threads}):
        t = spawn(worker, i)
    worker(3)
"""
WAITING = """
m = Lock()
room = Semaphore(0)
both = Barrier(2)
def holder():
    with m:
        work(9)
    room.release()
    both.wait()
def main():
    t = spawn(holder)
    work(3)
    {statement}
"""
WAITS = {
    "sleep": ("sleep(9)", "sleeps until tick"),
    "join": ("join(t)", "waits for T2 to end"),
    "lock": ("m.acquire()", "waits for the lock m"),
    "semaphore": ("room.acquire()", "waits because the semaphore room is 0"),
    "barrier": ("both.wait()", "waits at the barrier both for the others"),
    "io": ("io(9)", "waits for device 0"),
    "message": ("word = recv()", "waits for a message"),
    "wait": ("child = fork()\n    wait()", "waits for a child to end"),
    "call": ("word = serve()", "waits for a call"),
}


@cache
def scenario(name: str) -> Trace:
    """The run of a scenario."""
    return SCENARIOS[name]()


def crowd(threads: int, cores: int) -> Trace:
    """Many threads on many cores."""
    program = Program("crowd", CROWD.format(threads=threads - 1))
    return run(program, cores=cores, ram=1024 * KiB, limits=Limits(ticks=400))


def lines(picture: Picture, mark: str, tick: int, core: int, count: int) -> list[str]:
    """The texts of one core's card."""
    return texts(picture, mark, tick)[core * count : (core + 1) * count]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario(name):
    """In every scenario, with forks and exec among them, every token stands where it should."""
    check_cpu(scenario(name))


def check_registers(trace: Trace) -> None:
    """Each card shows the registers of the thread that its core runs, at every tick."""
    picture, layout = cpu(trace, registers="all"), Layout(trace, "all")
    few = cpu(trace)
    for tick in range(trace.end + 1):
        moment = trace.at(tick)
        for core, key in enumerate(moment.running[: layout.cards]):
            shown = lines(picture, "registers", tick, core, 11)
            if key is None:
                assert shown == [""] * 11
                continue
            thread = moment.processes[key[0]].threads[key[1]]
            wanted = [
                f"{n} {v:#x}" if n in ("fp", "sp") else f"{n} {v}"
                for n, v in thread.registers.items()
            ]
            wanted.append(f"pc {thread.pc:#x}")
            for text, full in zip(shown, wanted, strict=True):
                assert text == full or (text.endswith("…") and full.startswith(text[:-1]))
            assert lines(few, "registers", tick, core, 3) == [shown[10], shown[9], shown[0]]


@pytest.mark.parametrize("name", ["lost_update", "switching_costs", "several_cores", "zombie"])
def test_registers(name):
    """Registers are those of the running thread."""
    check_registers(scenario(name))


def test_registers_of_random_runs():
    """In a random run registers are those of the running threads."""
    examples(20)(given(trace=traces())(check_registers))()


def check_switches(trace: Trace) -> None:
    """Each card says of its core's last switch what the trace says."""
    picture, layout = cpu(trace), Layout(trace, "few")
    for tick in range(trace.end + 1):
        for core in range(layout.cards if layout.switches else 0):
            last = [s for s in trace.context_switches if s.core == core and s.tick <= tick]
            said = lines(picture, "switches", tick, core, 3)
            if not last:
                assert said == ["", "", ""]
                continue
            switch = last[-1]
            leaving, entering = layout.name(switch.leaving), layout.name(switch.entering)
            if switch.saved is None:
                assert said[0] == f"{leaving} has ended: not saved"
            else:
                assert said[0] == f"saved: {leaving}, pc {switch.saved['pc']:#x}"
            assert said[1] == f"restored: {entering}, pc {switch.restored['pc']:#x}"
            assert ("changed" in said[2]) == switch.address_space
            assert ("flushed" in said[2]) == switch.flushed
            assert texts(picture, "switch ticks", tick)[core] == f"switch at {switch.tick}"
            marked = picture.channels["switching", "opacities"].at(tick)[core] == (1.0,)
            assert marked == (tick < switch.tick + 3)


@pytest.mark.parametrize("name", SCENARIOS)
def test_switches(name):
    """What a switch saves, restores and replaces is what the trace says."""
    check_switches(scenario(name))


def test_switches_of_random_runs():
    """In a random run, too, and values that move have arrived at every whole tick."""

    def check(trace: Trace) -> None:
        check_switches(trace)
        picture = cpu(trace)
        for tick in range(trace.end + 1):
            assert not any(texts(picture, "moves", tick))
            if ("slips", "opacities") in picture.channels:
                assert boxes(picture, "slips", tick) == {}

    examples(20)(given(trace=traces())(check))()


@pytest.mark.parametrize(
    ("settings_of_it", "said"),
    [
        ({}, "page table changed"),
        ({"tlb": 4}, "page table changed, TLB flushed"),
        ({"tlb": 4, "asid": True}, "page table changed, TLB kept"),
        ({"contiguous": Contiguous()}, "base and bounds changed"),
    ],
)
def test_what_goes_with_another_address_space(settings_of_it, said):
    """A switch to another process says what is changed besides the registers."""
    machine = Machine(scheduler=RoundRobin(quantum=3), **settings_of_it)
    for name in ("a", "b"):
        machine.launch(Program(name, CROWD.format(threads=1)))
    trace = machine.run()
    picture = cpu(trace)
    check_switches(trace)
    told = {said for tick in range(trace.end + 1) for said in texts(picture, "switches", tick)}
    assert said in told
    assert any(text.startswith("same process, same ") for text in told)


def test_values_move_between_registers_and_threads():
    """Just before a switch, values are on their way from the registers and to them."""
    trace = scenario("lost_update")
    picture = cpu(trace)
    switch = trace.context_switches[2]
    assert switch.saved is not None
    assert texts(picture, "moves", switch.tick - 0.5) == [
        f"pc {switch.saved['pc']:#x}",
        f"pc {switch.restored['pc']:#x}",
    ]
    home = Layout(trace, "few").register(0, 0)
    keys = picture.channels["moves", "x"].keys
    at_tick = [next(key for key in element if key[0] == switch.tick) for element in keys]
    assert at_tick[0][1] != (home[0],)
    assert at_tick[1][1] == (home[0],)


def check_modes(trace: Trace) -> None:
    """Each card says mode, handler and kernel stack of its core as the trace does."""
    picture, layout = cpu(trace), Layout(trace, "few")
    for tick in range(trace.end + 1):
        for core in trace.at(tick).cores[: layout.cards]:
            handler = f": {core.handler}" if core.handler else ""
            name = f"core {core.number} · {core.mode} mode{handler}"
            assert texts(picture, "core names", tick)[core.number] == name
            stack = texts(picture, "kernel stacks", tick)[core.number]
            if core.thread is None:
                assert stack == ""
            elif core.mode == "user":
                assert stack == "kernel stack: empty"
            else:
                pc = core.kernel_stack[0].registers["pc"]
                assert stack == f"kernel stack: {layout.name(core.thread)}, pc {pc:#x}"


@pytest.mark.parametrize(
    "name", ["getting_the_core_back", "privileged_instruction", "translations", "several_cores"]
)
def test_modes(name):
    """Mode and kernel stack are those of the trace, in words, not by colour alone."""
    check_modes(scenario(name))


def test_modes_of_random_runs():
    """So they are in a random run."""
    examples(8)(given(trace=traces())(check_modes))()


def test_a_core_that_waits_for_ram_is_in_user_mode():
    """Walking the page table is the hardware's own work, and no trap."""
    trace = scenario("translations")
    picture = cpu(trace)
    waits = [
        tick for tick in range(trace.end) if "waits for RAM" in texts(picture, "told", tick)[0]
    ]
    assert waits
    assert {trace.at(tick).cores[0].mode for tick in waits} == {"user"}


def test_cores_that_switch_or_work_for_the_system_say_so():
    """While a switch or a walk of the page table costs time the card and the words say so."""
    trace = scenario("switching_costs")
    picture = cpu(trace)
    times = trace.record.events.overheads[0]
    switches = {s.tick for s in trace.context_switches}
    walks = trace.history.memory_waits[0]
    assert any(start in walks and start not in switches for start in times[0::2])
    for start, end in zip(times[0::2], times[1::2], strict=True):
        for tick in range(start, min(end, trace.end)):
            told = "switches to" if start in switches else "works for the system"
            mode = "core 0 · kernel mode: "
            if start not in switches and tick < start + walks.get(start, 0):
                told, mode = "waits for RAM", "core 0 · "
            assert texts(picture, "core names", tick)[0].startswith(mode)
            assert told in texts(picture, "told", tick)[0]
    inside = {t for a, b in zip(times[0::2], times[1::2], strict=True) for t in range(a, b)}
    for tick in set(range(trace.end)) - inside:
        idle = trace.at(tick).running[0] is None
        word = "kernel mode: idle" if idle else "user mode"
        assert texts(picture, "core names", tick) == [f"core 0 · {word}"]


@pytest.mark.parametrize("reason", WAITS)
def test_reasons_in_plain_words(reason):
    """Why a thread is blocked is told in words, with the names of locks."""
    statement, words = WAITS[reason]
    program = Program("p", WAITING.format(statement=statement))
    trace = run(program, quantum=2, limits=Limits(ticks=100))
    picture = cpu(trace)
    blocked = next(e for e in trace.events if e.kind == "block" and e.details["reason"] == reason)
    told = texts(picture, "told", blocked.tick)[-1]
    assert words in told
    seen = " ".join(text for text in texts(picture, "reasons", blocked.tick) if text)
    assert seen
    assert seen.removesuffix(" …") in told


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_reason_fits(name):
    """No reason is longer than the room for it, and none is cut in any scenario."""
    channel = cpu(scenario(name)).channels["reasons", "text"]
    for _, text, _ in (key for keys in channel.keys for key in keys):
        assert len(text) <= 21
        assert not text.endswith("…")


def check_slices(trace: Trace) -> None:
    """At the end of a used-up slice the next tick would have been beyond it."""
    quantum = trace.settings.quantum
    picture = cpu(trace)
    bumped = {(e.tick, e.pid, e.tid) for e in trace.events if e.kind == "bump"}
    if quantum is None or quantum > 8 or trace.settings.cores > 4:
        return
    for event in trace.events:
        if event.kind != "preempt" or (event.tick, event.pid, event.tid) in bumped:
            continue
        before = texts(picture, "slices", event.tick - 1)[event.details["core"]]
        assert before.count("●") == quantum - 1, (event, before)


@pytest.mark.parametrize("costs", [Costs.free(), Costs.realistic()])
def test_slices_count_what_a_thread_gets(costs):
    """The dots count the ticks that a thread gets, not those the system takes."""
    machine = Machine(cores=2, scheduler=RoundRobin(quantum=5), costs=costs, ram=256 * KiB, tlb=4)
    machine.launch(Program("crowd", CROWD.format(threads=6)))
    check_slices(machine.run())


@pytest.mark.slow
@pytest.mark.parametrize("ticks", [12_007, 12_008, 12_009])
def test_a_long_run_ends_as_it_ended(ticks):
    """What is shown only every few ticks is nevertheless right at the last one."""
    program = Program("p", CROWD.format(threads=4).replace("range(6)", "range(10**6)"))
    trace = run(program, quantum=3, limits=Limits(ticks=ticks))
    picture, moment = cpu(trace), trace.at(trace.end)
    key = moment.running[0]
    assert (
        texts(picture, "told", trace.end)[0] == f"core 0 runs p T{key[1]}"
        if key
        else "core 0 is idle"
    )
    thread = moment.processes[2].threads[key[1] if key else 1]
    assert texts(picture, "registers", trace.end)[:2] == [
        f"pc {thread.pc:#x}",
        f"sp {thread.sp:#x}",
    ]
    last = trace.context_switches[-1]
    assert texts(picture, "switch ticks", trace.end) == [f"switch at {last.tick}"]
    ready = ", ".join(f"p T{tid}" for _, tid in moment.ready)
    assert texts(picture, "told", trace.end)[-2] == f"ready, next one first: {ready}"


@pytest.mark.parametrize("cores", [5, 16, 17, 64])
def test_many_cores(cores):
    """Up to 64 cores stand in a grid, apart, each with its thread, above the queues."""
    trace = crowd(cores + 14, cores)
    check_cpu(trace)
    picture, layout = cpu(trace), Layout(trace, "few")
    assert ("registers", "text") not in picture.channels
    cells = boxes(picture, "cards", 0).values()
    assert len(cells) == cores
    assert all(apart(*pair) for pair in combinations(cells, 2))
    assert max(cell[3] for cell in cells) < layout.queue_top
    assert layout.height < 1000
    ready = max(len(trace.at(tick).ready) for tick in range(trace.end + 1))
    more = {key[1] for key in picture.channels["more", "text"].keys[0]}
    assert f"and {ready - 6} more" in more or ready <= 6


@pytest.mark.parametrize("name", SCENARIOS)
def test_queues_have_the_room_that_the_run_needs(name):
    """No row of a queue is empty in the whole run, and none is missing where there is room."""
    trace = scenario(name)
    layout = Layout(trace, "few")
    moments = [trace.at(tick) for tick in range(trace.end + 1)]
    assert layout.most_ready == min(6, max(len(moment.ready) for moment in moments))
    assert layout.most_blocked == min(4, max(len(moment.blocked) for moment in moments))


def test_tokens_are_no_more_than_places():
    """A thousand threads need no more tokens than can be seen at once."""
    picture = cpu(crowd(60, 2))
    layout = Layout(crowd(60, 2), "few")
    most = 2 + layout.most_ready + layout.most_blocked
    assert len(picture.channels["tokens", "x"].at(0)) == most <= 2 + 6 + 4


def test_a_forked_thread_has_its_colour_and_token():
    """A process made by fork is shown on its core like any other."""
    trace = scenario("fork_bomb")
    assert len(thread_colors(trace)) == len(trace.history.processes)
    picture = cpu(trace)
    tick = next(e.tick for e in trace.events if e.kind == "dispatch" and e.pid == 3)
    assert any(" #2 T1" in name for name in texts(picture, "token names", tick))


def test_a_process_is_called_by_the_program_it_runs():
    """After exec the token carries the new program's name."""
    trace = scenario("exec_keeps_the_pid")
    picture = cpu(trace)
    assert "sum T2" in texts(picture, "token names", 40)
    assert "sum T2" in texts(picture, "told", 40)[0]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (FIFO(), "ready, next one first"),
        (RoundRobin(quantum=3), "ready, next one first"),
        (SJF(), "ready, in order of arrival"),
    ],
)
def test_queue_says_its_order(policy, said):
    """The ready queue is shown in the order of arrival, which is not always that of turns."""
    machine = Machine(scheduler=policy)
    machine.launch(Program("p", "def main():\n    work(3)"))
    picture = cpu(machine.run())
    assert texts(picture, "headings", 0)[0] == said
    assert texts(picture, "told", 0)[-2].startswith(said)
