from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import LanguageError, Machine, Program, RoundRobin, Trace
from tests.sequential import sequential_programs
from tests.strategies import threaded_programs

RACE = """
.data
count  0
.code
start: LI r3, 100000
top:   LOAD r0, count     ; not atomic: load,
       ADD r0, 1          ; add,
       STORE r0, count    ; store
       SUB r3, 1
       JNZ r3, top
       SYS exit
"""


WORKER = """
worker: POP r5
        POP r0
        POP r3
        SYS sleep 1
top:    LOAD r0, count
        ADD r0, 1
        STORE r0, count
        SUB r3, 1
        GT r4, r3, 0
        JNZ r4, top
        SYS thread_exit
"""


def run_race(loops: int, interrupt_every: int, sleeps: list[int]) -> Trace:
    """Run the loop of `WORKER` in a thread for each of `sleeps`, which says how long it waits."""
    spawns = [f"LI r1, {loops}\nLI r2, {sleep}\nLFA r0, worker\nSYS spawn 2" for sleep in sleeps]
    code = "\n".join([".data", "count 0", ".code", *spawns, "SYS thread_exit", WORKER])
    machine = Machine(scheduler=RoundRobin(quantum=interrupt_every))
    machine.launch(Program.from_assembly("race", code))
    return machine.run()


def assert_same_program(program: Program) -> None:
    """Assemble what a program disassembles to, and compare all but the map to the source."""
    again = Program.from_assembly(program.name, program.disassemble())
    for part in ("code", "data", "variables", "routines", "entry", "thread_exit", "texts"):
        assert getattr(again.image, part) == getattr(program.image, part), part
    assert again.disassemble() == program.disassemble()


@given(sequential_programs())
def test_round_trip_is_exact(text: str):
    """What a program disassembles to assembles to the same program."""
    assert_same_program(Program("p", text))


@given(threaded_programs())
def test_round_trip_is_exact_for_threads(program: Program):
    """Spawns, joins and printed texts survive the way there and back."""
    assert_same_program(program)


@given(threaded_programs(), st.integers(1, 9))
def test_assembled_program_runs_alike(program: Program, quantum: int):
    """The assembled program does the same at every tick as the compiled one."""
    again = Program.from_assembly(program.name, program.disassemble())
    runs = []
    for each in (program, again):
        machine = Machine(scheduler=RoundRobin(quantum=quantum))
        machine.launch(each)
        runs.append(machine.run())
    assert runs[0].record.events == runs[1].record.events
    assert runs[0].record.threads == runs[1].record.threads


@given(st.text(alphabet='ab"\\\n;,_é', max_size=8))
def test_printed_texts_survive(text: str):
    """Quotes, backslashes, semicolons and line ends in texts survive the round trip."""
    assert_same_program(Program("p", f"def main():\n    print({text!r}, 7, {text!r})\n"))


def test_assembled_trace_can_be_stored(tmp_path):
    """A trace of an assembled program is read back with an equal digest."""
    machine = Machine()
    machine.launch(Program.from_assembly("race", RACE.replace("100000", "3")))
    trace = machine.run()
    trace.save(tmp_path / "race.trace")
    assert Trace.load(tmp_path / "race.trace").digest == trace.digest
    assert trace.at(trace.end).processes[2].globals == {"count": 3}


@pytest.mark.parametrize(("quantum", "is_safe"), [(1, False), (2, False), (6, True), (12, True)])
def test_race_written_by_hand(quantum: int, is_safe: bool):
    """A loop of six instructions loses updates unless slices end where its rounds do."""
    trace = run_race(5, quantum, [100, 100])
    count = trace.at(trace.end).processes[2].globals["count"]
    assert (count == 10) == is_safe
    assert 2 <= count <= 10


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("LAOD r0, count", "no instruction 'LAOD'; did you mean 'LOAD'?"),
        ("LOAD r0, cuont", "no global 'cuont'; did you mean 'count'?"),
        ("LOAD r9, count", "'r9' is no register"),
        ("JMP nowhere", "no label 'nowhere'"),
        ("SYS prnt", "no system call 'prnt'; did you mean 'print'?"),
        ("SYS", "SYS needs a call"),
        ("ADD r0", "ADD takes 3 operands, 1 given"),
        ("PUSH 3", "'3' is no register"),
        ("LI r0, x", "'x' is no whole number"),
        ("LI r0, 99999999999999999", "does not fit into an instruction"),
        (".macro x", "'.macro' is not known here"),
        ("ADDI r0, r0, 1", "no instruction 'ADDI'"),
        ("SYS print", "names line 0 of .print, and there are 0"),
        ("SYS spawn -1", "the number counts arguments"),
        ("LI r0", "LI takes 2 operands, 1 given; write for example LI r0, 5"),
        ("JMP", "JMP takes 1 operand, 0 given; write for example JMP top"),
    ],
)
def test_mistakes_are_explained(line: str, message: str):
    """A slip in assembly names file, line, column, what was found and what to write."""
    with pytest.raises(LanguageError) as caught:
        Program.from_assembly("slip", f".data\ncount 0\n.code\n   {line}\n")
    assert str(caught.value).startswith("slip.asm:4:4: ")
    assert message in str(caught.value)


def test_tabs_are_as_good_as_spaces():
    """Columns may be made with either."""
    tabs = Program.from_assembly("a", ".data\n\tcount\t3\n.code\n\tLOAD\tr0, count\n\tSYS\texit\t1")
    spaces = Program.from_assembly("a", ".data\ncount 3\n.code\nLOAD r0, count\nSYS exit 1")
    assert tabs.disassemble() == spaces.disassemble()


@pytest.mark.parametrize("name", ["Å", "é", "ß", "_", "π1"])
def test_names_of_any_alphabet_make_the_round_trip(name: str):
    """What Python takes as a name, assembly does too."""
    main = f"def main():\n    i = 1\n    print({name}[i], f{name}(3))\n"
    text = f"{name} = [1, 2]\ndef f{name}(x): return x\n{main}"
    program = Program("a", text)
    again = Program.from_assembly("a", program.disassemble())
    assert again.disassemble() == program.disassemble()


def test_objects_are_made_as_in_python():
    """A count that Python refuses is refused here."""
    for text in ("Semaphore(-3)", "Barrier(0)"):
        with pytest.raises(LanguageError, match="give a number of at least"):
            Program.from_assembly("a", f".data\nx {text}\n.code\nNOP")


def test_conditions_name_their_locks():
    """A condition on a lock makes the round trip, and one on anything else is refused."""
    made = [
        "own = Condition()",
        "one = Condition(lock)",
        "two = [Condition(), Condition(locks[-1])]",
    ]
    text = "\n".join(["lock = Lock()", "locks = [Lock(), Lock()]", *made, "def main(): pass"])
    program = Program("a", text)
    assert "[Condition(), Condition(locks[1])]" in program.disassemble()
    again = Program.from_assembly("a", program.disassemble())
    assert again.image.variables == program.image.variables
    with pytest.raises(LanguageError, match="'x' is no Lock above; name one"):
        Program.from_assembly("a", ".data\nx 1\nc Condition(x)\n.code\nNOP")


def test_what_print_writes_can_be_written_in_assembly():
    """`.print` puts blanks and a new line, `.write` neither; formats are Python's."""
    text = '.data\n.print "n", _\n.write "<", _:"4d", _, ">"\n.code\n'
    code = "LI r0, 7\nSYS print 0\nLI r0, 7\nLI r1, 8\nSYS print 1\nSYS exit"
    program = Program.from_assembly("a", text + code)
    assert_same_program(program)
    machine = Machine()
    machine.launch(program)
    assert machine.run().output(2) == "n 7\n<   78>"


@pytest.mark.parametrize("line", ['.write _:"z"', '.write _:"1000"', ".write _:5", '.write _"a"'])
def test_a_format_that_no_number_has_is_refused(line: str):
    """What stands in `.write` is a text, or a value with a format for whole numbers."""
    with pytest.raises(LanguageError):
        Program.from_assembly("a", f".data\n{line}\n.code\nNOP")


@given(st.text(max_size=60), st.text(alphabet='LOADSTr01,[]fp+-:. \n;"_', max_size=80))
def test_no_text_breaks_the_reader(data: str, code: str):
    """Any text is either assembled or refused with an error of the kit."""
    with suppress(LanguageError):
        Program.from_assembly("any", f".data\n{data}\n.code\n{code}\nNOP")
