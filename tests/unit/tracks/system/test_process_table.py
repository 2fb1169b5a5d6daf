"""The process table against the processes, threads and open files that there are."""

from typing import Any

from kit import KiB, Kill, Limits, Machine, Program, RoundRobin, Trace
from kit.scenarios import SCENARIOS
from kit.sim.process import INIT
from kit.tracks.picture import Picture
from kit.tracks.system.process_table import (
    HEADINGS,
    MOST_FILES,
    MOST_PROCESSES,
    MOST_THREADS,
    NOTHING,
    process_table,
)
from tests.examples import examples
from tests.unit.tracks.runs import COUNTER, run

FEW = examples(40)
LOOKS = {"running": "marked", "terminated": "ended"}
FILES = """
def child(log):
    write(log, 1)
    exec("other")
def main():
    log = open("log", "w")
    data = open("data")
    ends = pipe()
    if fork() == 0:
        child(log)
    close(data)
    close(ends + 1)
    more = open("data")
    if fork() == 0:
        exit(3)
    wait()
    wait()
"""
OTHER = 'def main(): x = open("data", "r+"); work(5)'


class Look:
    """A process table at one tick: its rows by (pid, tid), those of a process with tid 0."""

    def __init__(self, picture: Picture, tick: int) -> None:
        fixed = picture.marks[0].fixed
        cells = iter(picture.channels["processes", "cells"].at(tick))
        states = picture.channels["processes", "states"].at(tick)
        self.rows: dict[tuple[int, int], dict[str, str]] = {}
        self.states: dict[tuple[int, int], str] = {}
        self.more: list[str] = []
        pid = 0
        for row, parent, state in zip(fixed["rows"], fixed["parents"], states, strict=True):
            full = [next(cells) if n in fixed["live"] else text for n, text in enumerate(row)]
            pid = int(row[0]) if parent < 0 and row[0].isdigit() else pid
            if state == "hidden":
                continue
            if row[0] == "…":
                self.more.append(full[1])
                continue
            key = (pid, int(row[0].removeprefix("T")) if parent >= 0 else 0)
            assert key not in self.rows
            self.rows[key] = dict(zip(HEADINGS, full, strict=True))
            self.states[key] = state


def check(trace: Trace) -> None:
    """Every row says what the trace says, at every tick; pc and sp what was saved."""
    picture = process_table(trace)
    for tick in range(trace.end + 1):
        look, moment = Look(picture, tick), trace.at(tick)
        shown = list(moment.processes.values())[:MOST_PROCESSES]
        assert [pid for pid, tid in look.rows if not tid] == [
            INIT,
            *(process.pid for process in shown),
        ]
        for process in shown:
            check_process(look, process)
            for tid, thread in process.threads.items():
                if (process.pid, tid) in look.rows:
                    check_thread(look, process.pid, thread)


def check_process(look: Look, process: Any) -> None:
    """A process's row says what it has."""
    row = look.rows[process.pid, 0]
    assert look.states[process.pid, 0] == LOOKS.get(process.state, "")
    assert row["state"] == process.state
    assert process.name.startswith(row["program"].removesuffix("…"))
    init = " (init)" if process.parent == INIT else ""
    assert row["parent"] == f"{process.parent}{init}"
    alive = [t for t in process.threads.values() if t.state != "terminated"]
    assert row["threads"] == str(len(alive))
    assert row["frames"] == str(len(process.page_table))
    ended = NOTHING if process.exit_code is None else str(process.exit_code)
    ended = process.signal.name if process.signal is not None else ended
    assert row["exit status"].split(" ")[0] == ended


def check_thread(look: Look, pid: int, thread: Any) -> None:
    """A thread's row is its control block: registers only while they are not in a core."""
    row = look.rows[pid, thread.tid]
    assert look.states[pid, thread.tid] == LOOKS.get(thread.state, "")
    assert (row["program"], row["state"]) == (thread.function, thread.state)
    if thread.state == "running":
        pc = sp = f"in core {thread.core}"
        assert row["threads"] == f"on core {thread.core}"
    elif thread.state in ("ready", "blocked"):
        pc, sp = f"{thread.pc:#x}", f"{thread.sp:#x}"
        assert row["threads"].startswith("in the ready" if thread.state == "ready" else "waits for")
    else:
        pc = sp = NOTHING
    assert (row["frames"], row["open files"]) == (f"pc {pc}", f"sp {sp}")


def files_machine() -> Machine:
    """A machine on which files and pipes are opened, inherited and closed."""
    machine = Machine(ram=256 * KiB, scheduler=RoundRobin(quantum=3))
    machine.put_file("data", [1, 2])
    machine.install(Program("other", OTHER))
    machine.launch(Program("files", FILES))
    return machine


def test_open_files():
    """A process's open files are those of its descriptor table: inherited by fork, kept by exec."""
    trace, again = files_machine().run(), files_machine()
    picture = process_table(trace)
    seen = set()
    for tick in range(trace.end + 1):
        again.run(until=tick)
        descriptors = again._computer.kernel["descriptors"]
        for (pid, tid), row in Look(picture, tick).rows.items():
            if tid:
                continue
            wanted = []
            for number, opened in sorted(descriptors.tables.get(pid, {}).items()):
                file = descriptors.files[opened]
                name = f"{file.name} ({file.mode})" if file.name else f"pipe 1 ({file.kind})"
                wanted.append(f"{number} {name}")
            if len(wanted) <= MOST_FILES:
                assert row["open files"] == (", ".join(wanted) or NOTHING), f"tick {tick}"
            seen.add(row["open files"])
    assert "3 log (w), 5 pipe 1 (read end)" in " ".join(seen)
    assert trace.history.processes[3].programs.values[0].name == "other"
    assert len(seen) > 6


def test_more_open_files_are_counted():
    """A process with many open files shows some and counts the rest."""
    text = "def main():\n" + "".join(f'    f{n} = open("{n}", "w")\n' for n in range(7))
    trace = run(Program("many", text))
    last = Look(process_table(trace), trace.end - 1).rows[2, 0]["open files"]
    assert last == "3 0 (w), 4 1 (w), 5 2 (w), 6 3 (w), and 3 more"


def test_what_a_thread_waits_for():
    """A blocked thread's row names the lock, the thread or the tick that it waits for."""
    picture = process_table(SCENARIOS["deadlock"]())
    texts = {text for keys in picture.channels["processes", "cells"].keys for _, text, _ in keys}
    waits = {text for text in texts if text.startswith("waits for")}
    assert waits >= {"waits for lock first", "waits for lock second", "waits for T2 to end"}


def test_no_waiting_is_left_in_code_names():
    """Whatever a scenario's threads wait for is said in words."""
    for scenario in SCENARIOS.values():
        channel = process_table(scenario()).channels["processes", "cells"]
        texts = {text for keys in channel.keys for _, text, _ in keys}
        assert not any("_" in t for t in texts if t.startswith("waits for"))


def test_crowds_are_counted():
    """Many processes and threads have no row of their own, and are counted in one."""
    program = Program("p", "def main(): work(30)")
    many = run(*[program] * 30, cores=2, ram=512 * KiB)
    look = Look(process_table(many), many.end)
    assert len(look.rows) == 1 + 2 * MOST_PROCESSES
    assert look.more == ["and 6 more processes"]
    text = "def w(n): sleep(n)\ndef main():\n    for i in range(70): t = spawn(w, 40)\n    sleep(9)"
    threads = run(Program("t", text), ram=512 * KiB, limits=Limits(ticks=4000))
    table = process_table(threads)
    assert len(Look(table, threads.end).rows) == 2 + MOST_THREADS
    assert Look(table, threads.end).more == ["and 7 more threads"]
    counted = {tuple(Look(table, tick).more) for tick in range(threads.end)}
    assert {(), ("and 1 more thread",), ("and 2 more threads",)} <= counted


def test_a_killed_process_has_a_signal():
    """Where a signal ended a process, its name and number stand in place of an exit code."""
    machine = Machine(ram=64 * KiB)
    machine.launch(Program("counter", COUNTER))
    machine.run(until=10)
    machine.intervene(Kill(2))
    trace = machine.run()
    row = Look(process_table(trace), trace.end).rows[2, 0]
    assert (row["exit status"], row["state"]) == ("SIGKILL (9)", "terminated")


def test_names_stay_plain_texts():
    """A name that looks like HTML is neither escaped nor changed."""
    trace = run(Program("<b>&", COUNTER))
    assert Look(process_table(trace), 0).rows[2, 0]["program"] == "<b>&"
