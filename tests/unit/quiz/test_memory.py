import pytest

from kit import ArgumentError, Machine, Program
from kit.quiz import ask
from kit.scenarios import (
    demand_paging,
    fault_in_a_thread,
    fork_copies_on_write,
    full_ram,
    lost_update,
    one_program_twice,
    shared_memory,
    stacks_can_be_reached,
    threads_share,
)
from tests.asking import choice, ideas, right
from tests.running import run, two_faults_in_one_tick


def test_threads_share_what_the_process_was_given():
    """Code, data and heap are one; stack and registers are each thread's own."""
    trace = threads_share()
    question = ask(trace, "shared", at=20, one=(2, 2), other=(2, 3))
    assert right(question) == ["code", "data", "heap"]
    assert choice(question, "heap").misconception == "own_data"
    assert (2, 3) not in {(2, tid) for tid in trace.at(question.at).processes[2].threads}


IN_TWO_PROCESSES = {"shares_memory", "virtual_is_physical", "shared_registers"}
"""Ideas of those who think that two processes share what they do not."""


def test_processes_of_one_program_share_its_code_alone():
    """The same program twice has equal addresses, and different frames for what can be written."""
    question = ask(one_program_twice(), "shared", at=20, one=2, other=3)
    assert right(question) == ["code"]
    assert choice(question, "code").misconception == "own_code"
    assert ideas(question).keys() == IN_TWO_PROCESSES | {"own_code"}
    assert "both page tables map to the same frames" in question.why


def test_processes_of_two_programs_share_nothing_by_themselves():
    """Where no file and no parent is the same, nothing is."""
    trace = run("x = 1\ndef main(): work(30)", "x = 1\ndef main(): work(30)")
    question = ask(trace, "shared", at=20, one=2, other=3)
    assert right(question) == ["none of these"]
    assert ideas(question).keys() == IN_TWO_PROCESSES | {"program_is_process"}
    assert "no frame in common" in question.why


def test_fork_shares_until_somebody_writes():
    """Before the child's write the data is one place in RAM, behind it there are two."""
    trace = fork_copies_on_write()
    written = next(e.tick for e in trace.events if e.kind == "copy" and e.details["page"] == 2)
    before = ask(trace, "shared", at=written - 1, one=2, other=3)
    behind = ask(trace, "shared", at=written, one=2, other=3)
    assert "data" in right(before)
    assert choice(before, "data").misconception == "fork_copies_at_once"
    assert "data" not in right(behind)
    assert choice(behind, "data").misconception == "child_sees_parent"
    assert behind.at < written


def test_what_is_shared_by_name_is_shared():
    """Both page tables lead to the frame of the board."""
    trace = shared_memory()
    question = ask(trace, "shared", at=30, one=2, other=3)
    assert "the shared memory 'board'" in right(question)


@pytest.mark.parametrize(
    ("one", "other", "advice"),
    [
        (2, 2, "give two different ones"),
        (2, 8, "there is no process 8"),
        ((2, 2), (2, 9), "process 2 has no thread 9"),
        ((2, 2), "T3", "neither a pid nor"),
        ((2, 1), (2, 3), "is not there at tick 2; ask from tick 14"),
    ],
)
def test_two_that_cannot_be_compared(one: object, other: object, advice: str):
    """A teacher's slip is answered with what to write instead."""
    with pytest.raises(ArgumentError, match=advice):
        ask(lost_update(), "shared", at=2, one=one, other=other)


def test_places_on_the_picture():
    """A local variable is on the stack of its thread, a block in the heap, a global in data."""
    trace = threads_share()
    made = [e for e in trace.events if e.kind == "alloc"][1]
    block = ask(trace, "segment", name="block", at=made.tick - 1)
    assert block.choices[block.answer].place == (2, "heap", 0)
    assert ideas(block).keys() == {"own_data", "variables_in_data"}
    assert len(trace.at(block.at).processes[2].blocks) == 1
    local = ask(trace, "segment", name="worker.p", at=20, tid=3)
    assert local.choices[local.answer].place == (2, "stack", 3)
    assert "sets p on its own stack" in trace.narrate(local.tick)
    met = {one.place: one.misconception for one in local.choices}
    assert met[2, "code", 0] == "one_set_of_locals"
    assert met[2, "data", 0] == "variables_in_data"
    assert met[2, "heap", 0] == "pointer_is_block"
    assert met[2, "stack", 2] == "thread_is_function"
    of_global = ask(trace, "segment", name="total", at=20)
    assert of_global.choices[of_global.answer].place == (2, "data", 0)
    code = ask(trace, "segment", name="worker", at=20)
    assert code.choices[code.answer].place == (2, "code", 0)
    back = ask(trace, "segment", name="return address", at=20, tid=2)
    assert back.choices[back.answer].place == (2, "stack", 2)


def test_the_same_segment_of_another_process_is_another_place():
    """Each segment of the picture is a choice, those of other processes, too."""
    question = ask(one_program_twice(), "segment", name="count", at=20)
    places = [one.place for one in question.choices]
    assert len(set(places)) == len(places)
    other = next(one for one in question.choices if one.place == (3, "data", 0))
    assert other.misconception == "virtual_is_physical"
    assert "shares_memory" in ideas(question)


def test_a_segment_that_is_not_there_yet():
    """The remedy names a tick at which it is there."""
    trace = lost_update()
    with pytest.raises(ArgumentError, match=r"there is no 'i' here"):
        ask(trace, "segment", name="i", at=0)
    with pytest.raises(ArgumentError, match="there is no 'cuont' here; did you mean 'count'"):
        ask(trace, "segment", name="cuont", at=20)
    with pytest.raises(ArgumentError, match="allocates no block"):
        ask(trace, "segment", name="block", at=20)


def test_a_page_fault_is_no_error():
    """The next fault of demand paging brings a page, and the ideas about it are wrong."""
    question = ask(demand_paging(), "faults", at=19)
    assert right(question) == [
        "A page fault: the page is brought from disk, and the program continues"
    ]
    assert ideas(question).keys() == {
        "fault_is_an_error",
        "loads_everything",
        "virtual_is_physical",
    }


def test_a_fetch_can_fault():
    """An instruction on a page that is not there is told as what is fetched."""
    question = ask(demand_paging(), "faults", at=76)
    assert "is about to fetch its next instruction" in question.prompt


def test_the_next_access_can_be_asked_about():
    """Nothing special is right where the page is there."""
    question = ask(demand_paging(), "faults", at=76, special=False)
    assert right(question) == ["Nothing special: the word is read"]


def test_a_page_comes_back_from_swap():
    """What was put away to make room faults again."""
    trace = full_ram()
    back = next(e for e in trace.events if e.kind == "swap_in")
    fault = max(e.tick for e in trace.events if e.kind == "page_fault" and e.tick <= back.tick)
    question = ask(trace, "faults", at=fault - 1)
    assert "comes back from the swap area" in right(question)[0]


def test_a_stray_access_ends_the_process():
    """Not one thread, and not another process's memory."""
    question = ask(fault_in_a_thread(), "faults", at=60, tid=3)
    assert right(question) == ["The whole process ends, with all its threads (segmentation fault)"]
    assert ideas(question) == {
        "thread_dies_alone": "Only T3 ends; the other threads continue",
        "virtual_is_physical": (
            "It changes the word at 0x0000 of RAM, whichever process that belongs to"
        ),
        "any_page_can_come": "A page fault: the page is brought in, and the program continues",
    }


def test_an_exception_may_end_one_thread():
    """Where exceptions are Python's, the others go on, and that is right."""
    trace = fault_in_a_thread(fault="divide by zero", exceptions="thread")
    fault = next(e.tick for e in trace.events if e.kind == "fault")
    question = ask(trace, "faults", at=fault - 1, tid=3)
    assert right(question) == ["Only T3 ends; the other threads continue"]


def test_another_stack_is_not_protected():
    """T3 writes into the stack of T2, and nothing happens."""
    question = ask(stacks_can_be_reached(), "faults", at=20, tid=3)
    assert right(question) == ["Nothing special: the word is written"]
    assert "protected_stacks" in ideas(question)


def test_one_thread_alone_has_no_others():
    """With a single thread nobody is offered that the others go on."""
    machine = Machine()
    machine.launch(Program("alone", "x = 0\ndef main():\n    global x\n    x = 1"))
    question = ask(machine.run(), "faults", at=0, special=False)
    assert not any(one.text.startswith("Only T1") for one in question.choices)


def test_threads_share_named_memory_and_what_is_open():
    """What one thread has shared by name or opened, its process has."""
    trace = run(
        "p = 0\n"
        "def worker(n):\n"
        "    work(n)\n"
        "def main():\n"
        "    global p\n"
        "    t = spawn(worker, 40)\n"
        "    p = shared('board', 3)\n"
        "    f = open('notes', 'w')\n"
        "    join(t)\n"
    )
    opened = trace.happened("open")[0].tick
    both = {"one": (2, 1), "other": (2, 2)}
    early = right(ask(trace, "shared", at=opened - 1, **both))
    late = right(ask(trace, "shared", at=opened, **both))
    assert "the shared memory 'board'" in early
    assert set(late) - set(early) == {"open files"}


def test_of_two_faults_in_one_tick_the_fatal_one_is_asked_about():
    """Where the process ends in it, nobody can say that it continues after a page fault."""
    trace = two_faults_in_one_tick()
    (fault,) = trace.happened("fault")
    paged = [event for event in trace.happened("page_fault") if event.tick == fault.tick]
    assert [event.tid for event in paged] == [1]
    assert right(ask(trace, "faults", at=fault.tick - 1))[0].startswith("The whole process ends")
