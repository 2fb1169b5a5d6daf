"""What Linux prints of its scheduler, in the forms in which perf, trace-cmd and ftrace print it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import KitError
from kit.host import HostError, HostTrace, read_trace
from kit.host.reading.sched import read_sched
from kit.tracks.metrics_chart import MEASURES
from kit.widgets import Console, Lifecycle, Metrics, ProcessTable, Stage, Timeline
from tests.examples import examples

DATA = Path(__file__).parents[3] / "data" / "traces"
LINE = "a-5 [000] 1.000000: sched_switch: "
SWITCH = (
    "prev_comm=a prev_pid=5 prev_prio=120 prev_state=S ==> next_comm=b next_pid=6 next_prio=120"
)


def states(run: HostTrace, pid: int, tid: int = 1) -> list[tuple[int, str, int]]:
    """Return when a thread came to which state and core, in microseconds."""
    wanted = "running", "ready", "blocked", "thread end"
    mine = [e for e in run.events if (e.pid, e.tid) == (pid, tid) and e.kind in wanted]
    return [(e.time // 1000, e.kind, e.core) for e in mine]


def test_ftrace_is_read() -> None:
    """Two processes, one of which forks, one executes a program; a kernel thread takes its core."""
    run = read_trace(DATA / "ftrace.txt")
    assert states(run, 1994) == [
        (0, "running", 0),
        (160, "blocked", -1),
        (910, "ready", -1),
        (915, "running", 0),
    ]
    assert states(run, 2001, 1) == [
        (120, "ready", -1),
        (150, "running", 1),
        (300, "thread end", -1),
    ]
    assert states(run, 2001, 2) == [
        (300, "running", 1),
        (400, "ready", -1),
        (450, "running", 1),
        (920, "thread end", -1),
    ]
    history = run.trace.history
    assert history.processes[2001].parent == 1994
    assert [e.program.name for e in history.processes[2001].execs] == ["ls"]
    assert "process 2001: exit code not recorded" in str(run)
    assert "process 1994: still running" in str(run)
    assert run.nanoseconds == 1_000_000


def test_perf_is_read() -> None:
    """With pid/tid in front, threads belong to their process; a child with another name has it."""
    run = read_trace(DATA / "perf.txt")
    assert sorted(run.exit_codes) == [500, 502]
    assert [*run.trace.history.processes[500].threads] == [1, 2]
    assert states(run, 500, 2)[-1] == (800, "thread end", -1)
    assert [e.program.name for e in run.trace.history.processes[502].execs] == ["cc"]


def test_trace_cmd_is_read() -> None:
    """Its short form, its headings and lost events, and a thread that clone_flags tells of."""
    run = read_trace(DATA / "trace_cmd.txt")
    assert [*run.exit_codes] == [31]
    assert states(run, 31, 1)[0] == (0, "running", 2)
    assert states(run, 31, 2) == [(2, "ready", -1), (9, "running", 1), (29, "blocked", -1)]


@pytest.mark.parametrize("name", ["ftrace.txt", "perf.txt", "trace_cmd.txt", "chrome.json"])
def test_the_views_of_a_run_show_it(name):
    """Timeline, process table, metrics, life cycle and stage; every tick has its sentence."""
    run = read_trace(DATA / name)
    for view in (Timeline, ProcessTable, Lifecycle, Console):
        assert view(run).picture.title
    assert Timeline(run, lanes="core").picture.title
    Metrics({"here": run}, of=("switches", "wait"))
    Stage(run)
    trace = run.trace
    assert trace.clock.startswith("A recording: a tick is ")
    assert all(trace.narrate(tick) for tick in range(trace.end + 1))


def test_what_a_recording_tells_is_measured() -> None:
    """Turns are in it, so that waiting and busy cores are known; page faults are not."""
    names = ("wait", "utilisation", "switches", "page_faults", "faults")
    trace = read_trace(DATA / "ftrace.txt").trace
    values = {name: MEASURES[name].of(trace).number for name in names}
    # bash was ready for 5 µs, ls for 30 and 50; a tick is 200 ns, and kworker never waits.
    assert values["wait"] == (25 + 400) / 3
    assert values["utilisation"] == 100 * 1015 / 2000
    assert values["switches"] == 3
    assert values["page_faults"] is None
    assert values["faults"] is None


def test_a_pid_that_is_given_again_is_another_process() -> None:
    """Linux counts from the start again some day: what had the number before has ended."""
    turns = [(0, "S", 5), (5, "X", 6), (6, "S", 5), (5, "X", 6), (6, "S", 5), (5, "R", 6)]
    lines = [
        f"x-{before} [000] {time}.0: sched_switch: "
        f"prev_comm=c{before} prev_pid={before} prev_prio=120 prev_state={state} ==> "
        f"next_comm=c{after} next_pid={after} next_prio=120"
        for time, (before, state, after) in enumerate(turns)
    ]
    processes = read_sched("\n".join(lines), "t").host_trace().trace.history.processes
    assert sorted((p.program.name, p.exit is not None) for p in processes.values()) == [
        ("c5", False),
        ("c5", True),
        ("c5", True),
        ("c6", False),
    ]
    assert processes[5].exit is not None, "the first has the number of the file"


def test_only_what_is_named_is_shown() -> None:
    """Processes can be chosen by name, also by that of a program that they executed."""
    assert [*read_trace(DATA / "ftrace.txt", names=["ls"]).exit_codes] == [2001]
    with pytest.raises(HostError, match=r"of these names; there are bash, kworker/1:2, ls"):
        read_trace(DATA / "ftrace.txt", names=["vim"])


def test_names_with_spaces_and_signs_are_names() -> None:
    """A command may be called nearly anything, and is shown without what is not printable."""
    name = "a b: [1] => -7\x1b[31m"
    text = LINE + SWITCH.replace("next_comm=b", f"next_comm={name}") + "\n"
    text += text.replace("1.000000", "1.000009").replace("a-5", "x-6")
    named = {task.number: task.name for task in read_sched(text, "t").tasks}
    assert named == {5: "a", 6: "a b: [1] => -7[31m"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no line with sched_switch"),
        ("# tracer: nop\n", "there is no line with sched_switch"),
        ("hello\n", "line 1: 'hello' is no line of a trace"),
        (LINE + SWITCH + "\nbash-75 [000] 12.3", "line 2: .* is the file cut off"),
        (LINE + SWITCH[:40], "line 1: .* is not what sched_switch prints"),
        (LINE.replace("1.0", "99999999999.0") + SWITCH, "line 1: no computer has this time"),
        (LINE.replace("000]", "99999]") + SWITCH, "line 1: no computer has this time or core"),
        (LINE + SWITCH + " " * 3000, "line 1: .* is no line of a trace"),
        ("a-5 [000] 1.0: sched_wakeup: x", "line 1: 'x' is not what sched_wakeup prints"),
        ("\x1b[31m <script>", r"line 1: '\[31m <script>' is no line"),
    ],
)
def test_damaged_texts_are_told(text: str, told: str, tmp_path: Path) -> None:
    """A sentence says which file, which line, and what is wrong with it."""
    path = tmp_path / "sched.txt"
    path.write_text(text)
    with pytest.raises(HostError, match=told) as found:
        read_trace(path)
    assert str(found.value).startswith("sched.txt: ")


@pytest.mark.parametrize("line", [" " * 1990 + "x", "a" + " " * 1990 + "x", "a 1" + "\t" * 1990])
def test_a_line_of_spaces_is_refused_at_once(line: str) -> None:
    """The time that it takes grows with the length of the line, not with a power of it."""
    with pytest.raises(HostError, match="is no line of a trace"):
        read_sched(LINE + SWITCH + f"\n{line}", "t")


def test_a_text_may_begin_with_an_empty_line(tmp_path: Path) -> None:
    """As a recording of Perfetto begins with the same byte; and a command may have no name."""
    text = f"\n    5 [000] 1.0: sched:sched_switch: {SWITCH}\n{LINE.replace('1.0', '2.0')}{SWITCH}"
    (tmp_path / "sched.txt").write_text(text)
    assert read_trace(tmp_path / "sched.txt").nanoseconds == 10**9


def test_too_many_threads_are_told(tmp_path: Path) -> None:
    """A recording that no picture could show says what to do."""
    lines = [
        f"a-5 [000] {number}.000000: sched_switch: "
        + SWITCH.replace("next_pid=6", f"next_pid={number}").replace(
            "prev_pid=5", f"prev_pid={number - 1}"
        )
        for number in range(10, 1200)
    ]
    (tmp_path / "many.txt").write_text("\n".join(lines))
    with pytest.raises(HostError, match=r"many.txt: it has 1,19\d threads, and at most 1,000"):
        read_trace(tmp_path / "many.txt")


def test_more_cores_than_are_shown_are_told(tmp_path: Path) -> None:
    """High numbers of cores are told apart as long as there are few; too many are refused."""
    few = (
        LINE + SWITCH + "\n" + LINE.replace("1.0", "2.0").replace("a-5", "b-6") + SWITCH
    ).replace("[000]", "[127]")
    (tmp_path / "few.txt").write_text(few)
    assert read_trace(tmp_path / "few.txt").trace.settings.cores == 1
    lines = [
        f"a-5 [{core:03}] 1.{core:06}: sched_switch: "
        + SWITCH.replace("prev_pid=5", "prev_pid=0").replace("next_pid=6", f"next_pid={core + 10}")
        for core in range(70)
    ]
    (tmp_path / "many.txt").write_text("\n".join([*lines, LINE.replace("1.0", "3.0") + SWITCH]))
    with pytest.raises(HostError, match="more than 64 threads run at once"):
        read_trace(tmp_path / "many.txt")


@given(cut=st.integers(0, 1800), put=st.text(max_size=5), where=st.integers(0, 1800))
@examples(40)
def test_damage_is_read_or_told(cut: int, put: str, where: int) -> None:
    """Whatever is cut off or written into it, there is a run or a sentence."""
    text = (DATA / "ftrace.txt").read_text()[: 1900 - cut]
    text = text[:where] + put + text[where:]
    try:
        trace = read_sched(text, "t").host_trace().trace
    except KitError as error:
        told = str(error)
    else:
        told = f"t: {trace.narrate(trace.end)}"
    assert told.startswith("t: ")
    assert len(told) > 3
