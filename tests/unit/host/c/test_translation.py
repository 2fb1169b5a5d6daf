"""The text in C, which can be read without a compiler."""

import pytest

from kit import ArgumentError, Program
from kit.host import HostError, c_text
from kit.host.c import translate
from kit.scenarios import SCENARIOS

COUNTER = """
count = 0
lock = Lock()

def worker(n):
    global count
    for i in range(n):
        with lock:
            count += 1

def main():
    t = spawn(worker, 3)
    join(t)
    print("count", count)
"""

NOT_TRANSLATED = {
    "with atomic():\n        pass": "'with atomic()' is for specifications",
    "write_page_table(0)": "write_page_table() is not translated to C",
    "send(2, 1)": "send() is not translated to C",
    "print(recv())": "recv() is not translated to C",
    "x = address(lock)": "the address of a lock is not translated",
    "down(8)": "in C a semaphore is no word",
    "main()": "main() is called by the system alone",
    "spawn(main)": "main() is called by the system alone",
    'print(f"{1:010,}")': "'010,' is not translated to C",
    "gates[0].wait()": "Conditions in an array are not translated",
    'open("/etc/notes", "w")': "'/etc/notes' would lead out of the folder in C",
    'exec("../sh")': "'../sh' would lead out of the folder in C",
    'shared("a/b", 2)': "'a/b' would lead out of the folder in C",
    'open("..", "w")': "'..' would lead out of the folder in C",
    "print(max(turns))": "max of a volatile array is not translated",
}


def program(statement: str) -> Program:
    """Return a program whose line 5 is a statement."""
    return Program(
        "p",
        "lock = Lock()\ngates = [Condition(), Condition()]\nturns: volatile = [0, 1]\n"
        f"def main():\n    {statement}\n",
    )


def test_each_line_names_the_line_it_comes_from():
    """A student finds every statement of the lesson in the text, with its number."""
    text = c_text(Program("counter", COUNTER))
    for number, line in enumerate(COUNTER.splitlines(), 1):
        if line.strip() and not line.strip().startswith("global"):
            assert f"// {number}: {line.strip()}" in text


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_map_of_lines_leads_to_statements(name: str):
    """The map from C to the lesson leads to lines of the program that are written."""
    found = 0
    for each in SCENARIOS[name].machine().run(until=0).programs:
        try:
            translation = translate(each)
        except HostError:
            continue
        written = each.text.splitlines()
        for line, origin in translation.lines.items():
            assert translation.text.splitlines()[line - 1].strip()
            assert written[origin - 1].strip()
        found += len(translation.lines)
    assert found or name in ("messages", "procedure_call")


def test_what_a_textbook_shows_is_what_is_written():
    """Locks, threads and processes are those of POSIX, under their own names."""
    text = c_text(Program("counter", COUNTER))
    assert "pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;" in text
    assert "    pthread_mutex_lock(&lock);" in text
    assert "    for (word i = 0; i < n; i++) {" in text
    assert "        count += 1;" in text


@pytest.mark.parametrize("statement", NOT_TRANSLATED)
def test_what_has_no_translation_is_refused(statement: str):
    """What C does not have is refused with its place and what it is."""
    with pytest.raises(HostError) as refused:
        c_text(program(statement))
    assert str(refused.value).startswith("p.py:")
    assert NOT_TRANSLATED[statement] in str(refused.value)


def test_assembly_is_refused():
    """A program in assembly has no lines to translate."""
    assembly = Program.from_assembly("a", program("pass").disassemble())
    with pytest.raises(HostError, match="'a' is written in assembly"):
        c_text(assembly)


def test_what_is_no_program_is_refused():
    """A text alone is no program, and the error says what to give."""
    with pytest.raises(ArgumentError, match=r"give Program\(name, text\)"):
        c_text("def main(): pass")  # type: ignore[arg-type]


def test_names_that_c_has_taken_are_changed():
    """Variables may be called as C's keywords, its functions and our helpers are."""
    text = "log = [0]\nword = 1\ndouble = 2\nat = 3\ndef main(): print(log[0], word, double, at)\n"
    assert 'printf("%lld %lld %lld %lld\\n", log_[0], word_, double_, at_);' in c_text(
        Program("names", text)
    )


def test_a_backslash_does_not_continue_a_comment():
    """What ends a line of the lesson cannot take the next line of C into its comment."""
    text = (
        "def main():\n    print(1 + \\\n    2)\n    print('a\\\\') # ends with \\\n    print(3)\n"
    )
    for line in c_text(Program("p", text)).splitlines():
        assert not line.endswith("\\")


def test_comparisons_that_are_always_true_are_said_to_be_meant():
    """A compiler warns of them, and a lesson may have one; any other text has no such line."""
    quiet = "#pragma GCC diagnostic ignored"
    assert quiet not in c_text(Program("p", "def main():\n    x = 1\n    print(x < 2, ~x)\n"))
    for condition in ("x == x", "(x > 1) < 2", "(-4 | x) != 0", "not x == 1"):
        text = f"def main():\n    x = 1\n    if {condition}:\n        print(~(x == 1))\n"
        translated = c_text(Program("p", text))
        assert "-1 - " in translated
        assert (quiet in translated) == (condition != "not x == 1")
