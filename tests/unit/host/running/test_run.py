"""Programs that are run for real, held to the simulated machine."""

import re
import signal
import tempfile
from pathlib import Path

import pytest

from kit import Machine, Program
from kit.host import HostError, race, run
from kit.host.running.run import Bounds, prepare, run_often
from kit.lang.signals import Signal
from kit.scenarios import SCENARIOS
from kit.scenarios.scenario import Scenario

pytestmark = pytest.mark.notebook

NOT_TRANSLATED = ("messages", "privileged_instruction", "procedure_call")
BY_SCHEDULE = (
    "deadlock",
    "dining_philosophers",
    "exit_from_a_worker",
    "fault_in_a_thread",
    "half_done_file",
    "lost_update",
    "stacks_can_be_reached",
    "switching_costs",
)
"""What happens in these is up to the scheduler, or to what takes how long."""
FEW = ("exit_from_a_worker", "lost_update")
OFTEN = [pytest.param(n, marks=() if n in FEW else pytest.mark.thorough) for n in BY_SCHEDULE]
"""`make test` runs two of them two hundred times, `make thorough` the others."""
OF_THE_MACHINE = (
    "broken_pipe",
    "fork_bomb",
    "getting_the_core_back",
    "out_of_memory",
    "segments",
)
"""And in these to how large memory or a pipe is, or to the limits of the simulated machine."""
FORCED = [n for n in SCENARIOS if n not in NOT_TRANSLATED + BY_SCHEDULE + OF_THE_MACHINE]
"""What the program alone decides."""

LOOP = "def main():\n    print('begins')\n    while True:\n        pass\n"
BOMB = "def main():\n    print('begins')\n    while True:\n        fork()\n"


def test_enough_scenarios_are_compared():
    """Most scenarios can be held to reality."""
    assert len(FORCED) >= 25


def alike(model: str, real: str) -> bool:
    """Tell whether two texts are equal but for addresses, which are large in reality."""
    parts = [re.split(r"(-?\d+)", text) for text in (model, real)]
    return len(parts[0]) == len(parts[1]) and all(
        one == other or (other.isdigit() and int(other) > 1 << 32)
        for one, other in zip(*parts, strict=True)
    )


@pytest.mark.parametrize("name", FORCED)
def test_a_real_run_has_the_result_of_the_simulated_one(name: str):
    """Output, exit codes and the last values of globals are equal where the program forces them."""
    scenario: Scenario = SCENARIOS[name]
    trace = scenario()
    processes = trace.at(trace.end).processes
    waits = any(p.exit_code is None and p.signal is None for p in processes.values())
    real = run(scenario, seconds=2 if waits else 30)
    assert real.exit_codes.keys() == processes.keys()
    # A process that waits for ever in the model was still waiting when the time was up.
    assert real.exit_codes == {pid: process.exit_code for pid, process in processes.items()}
    signals = {pid: process.signal for pid, process in processes.items() if process.signal}
    assert real.signals == signals
    for pid, process in processes.items():
        assert alike(trace.output(pid), real.output(pid))
        for variable, value in real.globals.get(pid, {}).items():
            assert process.globals[variable] == value


@pytest.mark.slow
@pytest.mark.parametrize("name", OFTEN)
def test_real_results_are_among_the_explored_ones(name: str):
    """What 200 real runs come to, some schedule of the model comes to."""
    # Where a schedule never ends, being ended is a possible result.
    never_ends = name in ("deadlock", "dining_philosophers")
    result = race(SCENARIOS[name], times=200, seconds=0.5 if never_ends else 30)
    assert sum(result.counts.values()) == result.times == 200
    assert result.unexplained == ()


@pytest.mark.parametrize("text", [LOOP, BOMB], ids=["loop", "fork bomb"])
def test_what_never_ends_is_ended(text: str):
    """An endless loop and a fork bomb end with a sentence, and leave no process."""
    real = run(Program("endless", text), seconds=1.5, processes=20)
    assert real.stopped.startswith("The run was ended after 1.5 s, when ")
    assert real.exit_codes[2] is None
    assert real.output(2) == "begins\n"
    assert len(real.exit_codes) <= 20
    assert ("as many processes as it may" in real.stopped) == ("fork" in text)
    for pid in real.real_pids.values():
        assert not Path(f"/proc/{pid}/root").exists()


def test_what_comes_after_the_time_is_up_is_not_launched():
    """The time also ends a run in which a program has yet to be launched."""
    machine = Machine()
    machine.launch(Program("first", "def main(): pass"))
    machine.launch(Program("second", LOOP), at=100_000)
    real = run(machine, seconds=0.5)
    assert real.stopped.startswith("The run was ended after 0.5 s, when ")
    assert 3 not in real.exit_codes


def test_memory_is_limited():
    """A program that takes all it can get is told that there is no more."""
    text = "def main():\n    n = 0\n    while alloc(100000):\n        n += 1\n    print(n)\n"
    real = run(Program("hungry", text), memory=64)
    assert 20 < int(real.output(2)) < 84
    assert real.exit_codes == {2: 0}


def test_what_is_written_is_limited():
    """A file that is too long takes no more words, and a record of that length no more events."""
    text = (
        "def main():\n    f = open('long', 'w')\n    block = alloc(1 << 16)\n    n = 0\n"
        "    while n < 100 and write(f, block, 1 << 16) == 1 << 16:\n        n += 1\n    exit(n)\n"
    )
    assert run(Program("writes", text)).exit_codes == {2: 32}
    text = "def main():\n    for i in range(100000):\n        print('" + "x" * 100 + "')\n"
    real = run(Program("prints", text))
    assert real.exit_codes == {2: 0}
    assert real.output(2).startswith("x" * 100 + "\n")


def test_threads_and_locks_are_recorded():
    """The events of a run say which thread did what, in the order of time."""
    text = (
        "lock = Lock()\ndef worker(n):\n    with lock:\n        print(n)\n"
        "def main():\n    join(spawn(worker, 7))\n"
    )
    real = run(Program("locked", text))
    told = [(event.tid, event.kind, event.what) for event in real.events]
    assert [one for one in told if one[0] == 2] == [
        (2, "thread", "0"),
        (2, "lock", "lock"),
        (2, "print", "7\n"),
        (2, "unlock", "lock"),
        (2, "thread end", "0"),
    ]
    # Whether main has to wait for the other thread is up to the scheduler.
    assert [one for one in told if one[0] == 1 and one[1] not in ("wait for thread", "go on")] == [
        (1, "begin", "locked"),
        (1, "create", "2 worker 7"),
        (1, "join", "2"),
        (1, "end", "0"),
    ]
    times = [event.time for event in real.events]
    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < real.nanoseconds
    assert "process 2, thread 2: lock lock" in str(real)


def test_a_lock_is_not_given_back_by_another_thread():
    """Releasing a lock that is not held ends the process, as on the simulated machine."""
    real = run(Program("p", "lock = Lock()\ndef main():\n    lock.release()\n"))
    assert (real.exit_codes, real.signals) == ({2: None}, {2: Signal.SIGABRT})


def test_what_the_kernel_ignores_a_program_does_not():
    """A server that was started in the background ignores SIGQUIT, and its children would too."""
    text = "def main():\n    kill(getpid(), SIGQUIT)\n    print('still here')\n"
    before = signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    try:
        real = run(Program("quits", text))
    finally:
        signal.signal(signal.SIGQUIT, before)
    assert (real.output(2), real.signals) == ("", {2: Signal.SIGQUIT})


def test_what_the_launcher_waits_for_a_program_can_be_sent():
    """Signals that the launcher holds back for itself are not held back from programs."""
    real = run(Program("p", "def main():\n    kill(getpid(), SIGTERM)\n    print('still here')\n"))
    assert (real.output(2), real.signals) == ("", {2: Signal.SIGTERM})


def test_ends_are_told_where_the_kernel_ignores_those_of_its_children():
    """A process that ignores SIGCHLD hands that on, and would not be told how a child ended."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        real = run(Program("p", "def main(): exit(3)"))
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert real.exit_codes == {2: 3}


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The folder of a run goes with it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    real = run(Program("p", "def main():\n    print(write(open('left', 'w'), 1))\n"))
    assert real.output(2) == "0\n"
    assert list(tmp_path.iterdir()) == []


def test_programs_may_be_called_like_the_files_that_a_run_makes():
    """Texts, programs and runs have folders of their own, so no name of a program is taken."""
    machine = Machine()
    names = ("p.c", "p", "record.h", "run0", "log", "table", "programs")
    for name in names:
        machine.launch(Program(name, "def main(): print(7)"))
    real = run(machine)
    assert real.outputs == dict.fromkeys(range(2, 2 + len(names)), "7\n")


def test_a_run_does_not_change_the_programs_of_the_next():
    """A program that writes over another one, as a real system lets it, does so for its run."""
    text = (
        "def main():\n    child = fork()\n    if child == 0:\n        exec('victim')\n"
        "    wait(child)\n    print(write(open('victim', 'w'), 1))\n"
    )
    machine = Machine()
    machine.launch(Program("writer", text))
    machine.install(Program("victim", "def main(): print('whole')"))
    results = run_often(prepare(machine), 2, Bounds("run", 30, memory=256, processes=8))
    assert [result.outputs for result in results] == [{2: "0\n", 3: "whole\n"}] * 2


def test_a_machine_without_a_compiler_says_so(monkeypatch: pytest.MonkeyPatch):
    """Where there is no compiler, the error says what to install."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(HostError, match="there is no C compiler here; install gcc"):
        run(Program("p", "def main(): pass"), way="c")


def test_a_program_needs_a_name_that_a_file_can_have():
    """A program becomes a file of its name."""
    machine = Machine()
    machine.launch(Program("../p", "def main(): pass"))
    with pytest.raises(HostError, match="becomes a file"):
        run(machine)


@pytest.mark.parametrize("name", ["../notes", "/tmp/notes", "notes/today", ".."])
def test_no_file_is_put_outside_the_folder(name: str):
    """The name of a file that the machine was given cannot lead out of the folder of a run."""
    machine = Machine()
    machine.put_file(name, [1])
    with pytest.raises(HostError, match="would lead out of the folder"):
        run(machine)


def test_a_file_cannot_take_the_place_of_a_program():
    """Files and programs are in one folder on a real system, so they cannot share a name."""
    machine = Machine()
    machine.launch(Program("p", "def main(): pass"))
    machine.put_file("p", [1])
    with pytest.raises(HostError, match="the file 'p' has the name of a program"):
        run(machine)
