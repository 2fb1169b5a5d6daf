"""A simulated run next to a real one: what is found equal, and what differs."""

from kit import Machine, Program, Trace
from kit.tracks.beside_real import beside_real, compared, in_words
from tests.unit.host.running.logs import real_run

LABELS = ("model", "here")
TEXT = """
log = [0, 0]
locks = [Lock() for _ in range(2)]
slots = Semaphore(1)
table = RWLock()
def worker(n):
    with locks[1]:
        pass
def main():
    child = fork()
    if child == 0:
        log[0] = 1
        log[1] = 2
        print("a%")
        exit(0)
    t = spawn(worker, 7)
    with locks[1]:
        pass
    wait(child)
    join(t)
    exit(5)
"""


def model(text: str = TEXT) -> Trace:
    """Return the run of a program in the model."""
    machine = Machine()
    machine.launch(Program("counter", text))
    return machine.run()


def test_what_is_equal_is_found():
    """Processes, threads, output, ends, globals, and what the program forces."""
    rows = {row.what: row for row in compared(model(), real_run().trace)}
    equal = [what for what, row in rows.items() if row.verdict == "equal"]
    assert equal[:2] == ["processes, with parents", "threads"]
    assert {
        "output of counter (pid 3)",
        "end of counter (pid 2)",
        "log of counter (pid 3)",
        "order that the program forces",
        "the lock locks[1] of pid 2 is held",
    } <= set(equal)
    assert rows["order that the program forces"].real == "4 of 4 orders hold"
    assert rows["log of counter (pid 3)"].real == "1, 2"
    assert rows["the lock locks[1] of pid 2 is held"].real == "2 times, never by two at once"


def test_what_differs_is_told_with_the_reason():
    """Times, who came first, and results that a race decides."""
    other = model(TEXT.replace('"a%"', '"b"').replace("exit(5)", "exit(6)"))
    real = real_run().trace
    rows = {row.what: row for row in compared(other, real)}
    assert rows["output of counter (pid 3)"][1:4] == ("b", "a%", "differs")
    assert "depends on which thread is first" in rows["end of counter (pid 2)"].why
    assert rows["which thread acquires the lock locks[1] of pid 2, in order"].verdict == "differs"
    assert rows["time"].real == "1.9 µs"
    lines = in_words(other, real, LABELS)
    assert lines[0].startswith("Equal: processes, with parents")
    assert (
        "Different: output of counter (pid 3): b (model), a% (here), because it depends on "
        "which thread is first, and each run decides that again; see kit.host.race." in lines
    )


def test_two_holders_of_a_lock_would_be_found():
    """A lock that two threads hold at once is told, not counted."""
    lines = ["1100 2 1 0 begin counter", "1200 2 1 0 create 2 worker 7", "1300 2 2 1 thread 0"]
    lines += ["1400 2 1 0 lock locks[1]", "1500 2 2 1 lock locks[1]", "1600 2 1 0 end 0", ""]
    real = real_run(log="\n".join(lines)).trace
    rows = {row.what: row for row in compared(model(), real)}
    assert rows["the lock locks[1] is held"].real == "by two at once"


def test_addresses_may_differ():
    """A number that is an address in reality is no difference in the output."""
    lines = ["1100 2 1 0 begin counter", f"1200 2 1 0 print {b'at 140737488355328'.hex()}0a"]
    real = real_run(log="\n".join([*lines, "1300 2 1 0 end 0", ""]), ends={"2": [0, *[0] * 5]})
    rows = compared(model("def main():\n    print('at', 4096)\n"), real.trace)
    row = next(row for row in rows if row.what.startswith("output"))
    assert (row.verdict, row.why) == ("equal but for addresses", "real ones are larger")


def test_the_table_marks_what_differs():
    """A row for each thing, marked where it differs, and the clock below."""
    picture = beside_real(model(), real_run().trace, LABELS)
    fixed = picture.marks[0].fixed
    assert fixed["headings"] == ["what", "model", "here", "equal?"]
    assert fixed["caption"] == real_run().trace.clock
    verdicts = [row[3].partition(":")[0] for row in fixed["rows"]]
    states = picture.channels["differences", "states"].at(0)
    assert [state == "marked" for state in states] == [v == "differs" for v in verdicts]
    assert all((":" in row[3]) == (row[3] != "equal") for row in fixed["rows"])
