"""The page on the lesson language, made from the tables of the compiler and the machine."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kit.lang import Program
from kit.lang.declarations import MAX_PARAMETERS
from kit.lang.expressions import BINARY, COMPARE, UNARY
from kit.lang.functions import FUNCTIONS
from kit.lang.instructions import INSTRUCTIONS, OPERATORS, REGISTER_NAMES, WORD
from kit.lang.local_arrays import MAX_LOCAL_ARRAY
from kit.lang.objects import OBJECTS, PLAIN_METHODS
from kit.lang.privileged import PRIVILEGED
from kit.lang.shapes import MAX_ARRAY
from kit.lang.signals import HARMLESS, MAX_EXIT_CODE, NEVER_IGNORED, STOPPING, Signal
from kit.lang.source import MAX_NESTING, MAX_TEXT, REFUSED
from kit.lang.statements import STATEMENTS
from kit.lang.system_call import SystemCall
from kit.lang.system_calls import CALLABLE, FILE_MODES, LIBRARY_ASKS, MEMORY_CALLS, SYSTEM_CALLS
from kit.sim.calls.pipes import CAPACITY, WHOLE
from kit.sim.faults import EXCEPTIONS, SIGNALS

EXAMPLE = """\
count = 0

def worker(n):
    global count
    for i in range(n):
        count += 1

def main():
    t = spawn(worker, 3)
    join(t)
    print("count", count)
"""


def language_page() -> str:
    """Return the page as Markdown."""
    parts = (
        _program,
        _statements,
        _expressions,
        _calls,
        _objects,
        _refused,
        _faults,
        _signals,
        _assembly,
    )
    return "\n".join(line for part in parts for line in (*part(), "")).rstrip() + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _code(text: str) -> str:
    return f"`{text}`"


def _program() -> Iterator[str]:
    yield from (
        "# The lesson language",
        "",
        "*This page is made from the compiler's own tables: `kit language > lessons/language.md`.*",
        "",
        "A program is text in a small part of Python, compiled to the instructions of a simulated",
        "computer; the host's Python never executes it. With one thread it does what Python does,",
        "except that integers are 64 bits wide, and that an array passed to a function is only an",
        "address: indexing it is not checked, and `a[-1]` is not the last element.",
        "",
        "```python",
        EXAMPLE.rstrip(),
        "```",
        "",
        "A module contains globals and functions, nothing else. A global is a whole number,",
        f"an array of at most {MAX_ARRAY:,} of them (`log = [0] * 8`, `log = [1, 2, 3]`), an array",
        "of rows (`grid = [[0] * 4 for _ in range(3)]`, used as `grid[i][j]`), or one",
        "of the objects below; arrays keep their length. `main()` is where the process starts;",
        '`main()` or `if __name__ == "__main__": main()` may be the last line. Annotations such as',
        "`x: int = 3` and `def f(a: int) -> int:` are read over. Where the text has `N = 2`,",
        "`Program(name, text, N=3)` makes the same program with 3 in its place.",
        "",
        f"Functions have at most {MAX_PARAMETERS} parameters, which may have defaults and be given",
        "by name: `def f(a, b=2):`, `f(b=3, a=1)`, `spawn(f, a=1)`. What they assign is local, in",
        "the stack of the thread, unless `global` says otherwise. An array that a function makes",
        f"is there, too: at most {MAX_LOCAL_ARRAY} words, in the same place each time it is",
        "made, and gone when the function returns. A function that is passed an array gets its",
        "address.",
        "",
        "Values are signed 64-bit integers, which wrap round; `True` is 1 and `False` is 0. A text",
        f"has at most {MAX_TEXT:,} characters, and expressions nest at most {MAX_NESTING} deep.",
    )


def _statements() -> Iterator[str]:
    yield from ("## Statements", "")
    yield from _table(
        ("written", "does"), ((_code(form.text), form.meaning) for form in STATEMENTS.values())
    )


def _expressions() -> Iterator[str]:
    left, right = ast.Name("x"), ast.Name("y")
    binary = [ast.unparse(ast.BinOp(left, operator(), right)) for operator in BINARY]
    compare = [ast.unparse(ast.Compare(left, [operator()], [right])) for operator in COMPARE]
    unary = [ast.unparse(ast.UnaryOp(operator(), left)) for operator in UNARY]
    yield from ("## Expressions", "", "Results are Python's: `-7 // 2` is -4, `-7 % 2` is 1.", "")
    yield from _table(
        ("kind", "written"),
        (
            ("arithmetic", ", ".join(map(_code, binary))),
            ("comparison, also in chains", ", ".join(map(_code, compare))),
            ("one operand", ", ".join(map(_code, unary))),
            ("one of two values", _code("x if y else z")),
            ("short circuit", f"{_code('x and y')}, {_code('x or y')}"),
            (
                "element of an array or after an address",
                f"{_code('log[x]')}, {_code('grid[x][y]')}",
            ),
            ("call", f"{_code('f(x)')}, see below"),
        ),
    )


def _forms(call: SystemCall) -> Iterator[tuple[str, str, str]]:
    """Yield each way to write a call, with its number of arguments and what it means."""
    if not call.other[0]:
        yield call.form, _number(call), call.meaning
        return
    yield call.form, str(call.least), call.meaning
    other, meaning = call.other
    yield other, str(call.most), meaning


def _number(call: SystemCall) -> str:
    return str(call.least) if call.least == call.most else f"{call.least} to {call.most}"


def _of_kind(kind: str) -> dict[str, SystemCall]:
    return {
        name: call
        for name, call in CALLABLE.items()
        if name not in MEMORY_CALLS and call.kind == kind
    }


def _calls() -> Iterator[str]:
    yield from (
        "## Calls",
        "",
        "A *system call* enters the operating system. A *library call* stays in the program,",
        "and makes a system call only where it has to. An *instruction* needs no help from the",
        "operating system. `Costs(system_call=…)` is paid for system calls alone, and",
        '`metrics().totals["system_calls"]` counts them.',
    )
    for title, calls in (
        (
            "System calls. (`print` makes one each time; Python and C collect text first.)",
            _of_kind("system call"),
        ),
        (
            "Library calls, and what they ask the system for. So are those of the locks below.",
            _of_kind("library call"),
        ),
        (
            "Instructions of their own: `WORK`, `TAS`, `FAA`, `CAS` below.",
            _of_kind("instruction"),
        ),
        ("Written like calls, but plain loads, stores and numbers:", MEMORY_CALLS),
        ("Python's own, a few instructions each, unless a program defines its own:", FUNCTIONS),
        (
            "Privileged instructions, which fault in user mode, where all programs run:",
            PRIVILEGED,
        ),
    ):
        yield from ("", title, "")
        asks = any(call.asks for call in calls.values())
        yield from _table(
            ("written", "arguments", "result", "does", *(("asks the system",) if asks else ())),
            (
                (
                    _code(form),
                    number,
                    "yes" if call.returns else "",
                    meaning,
                    *((call.asks,) if asks else ()),
                )
                for call in calls.values()
                for form, number, meaning in _forms(call)
            ),
        )
    yield from ("", "System calls that only the library makes:", "")
    yield from _table(
        ("system call", "does"), ((_code(n), does) for n, does in LIBRARY_ASKS.items())
    )
    yield from (
        "",
        'What `print` writes is as in Python, also with `sep=""` and `end=""`, and with f-strings:',
        '`print(f"{x} of {y:5}", end="")`. A value in one may have a format for whole numbers,',
        "such as `{x:5}`, `{x:<5}`, `{x:05d}`, `{x:x}`, `{x:b}` or `{x:,}`. A truth value is",
        "written 1 or 0.",
    )
    yield from (
        "",
        f"A pipe holds {CAPACITY} words. `write(d, a, n)` and `read(d, a, n)` are those of POSIX,",
        "with words for bytes: `a` is an array, or any address. `read` returns as soon as one word",
        "is there, with those that are there; where one write ends and the next begins is not",
        "kept. It waits while the pipe is empty, and returns 0 when no process has the writing end",
        f"open. A write of at most {WHOLE} words goes in as a whole, a larger one in parts; it",
        "returns when its last word is in. Where no process has the reading end open, a write ends",
        "its process (SIGPIPE). `read(d)` and `write(d, x)` pass one word as a value.",
    )
    yield from ("", "A file is opened in one of these modes:", "")
    yield from _table(("mode", "to"), ((_code(m), to) for m, to in FILE_MODES.items()))


def _objects() -> Iterator[str]:
    yield from (
        "## Locks and related objects",
        "",
        "Made at module level, alone or in an array: `lock = Lock()`,",
        "`forks = [Lock() for _ in range(5)]`. Functions may be passed one, their variables",
        "may stand for one (`first = forks[i]`), and loops may go over an array of them.",
        "",
    )
    yield from (
        "A number that threads share without a lock on purpose is an `Atomic`, or marked as",
        "`volatile` (as in Java): `turn: volatile = 0`, `want: volatile = [0, 0]`. Using either is",
        "no race. A mark makes nothing atomic: `turn += 1` is still a load and a store.",
        "",
    )
    yield from (
        "`with atomic(): …` is for specifications, such as counting the threads inside: in such a",
        "block no other thread runs, on any core, unless the thread itself blocks. No machine",
        "has it.",
        "",
        "`x.acquire(blocking=False)` does not wait, and `x.acquire(timeout=n)` and",
        "`x.wait(timeout=n)` wait at most n ticks: each is 1, or 0 where it gave up.",
        "",
    )
    rows = []
    for name, kind in OBJECTS.items():
        number = "" if kind.least is None else "n"
        plain = {m: int(of.stores) for m, of in PLAIN_METHODS.items() if of.kind == name}
        counts = {m: SYSTEM_CALLS[calls[0]].least - 1 for m, calls in kind.methods.items()}
        with_block = [_code("with x: …")] if kind.enter else []
        with_block += [_code(f"with x.{way}(): …") for way in kind.blocks]
        methods = [f"x.{m}({', '.join('yz'[:n])})" for m, n in (counts | plain).items()]
        for method, (at_once, _) in kind.tries.items():
            methods += [f"x.{method}(blocking=False)"] if at_once else []
            methods.append(f"x.{method}(timeout=n)")
        written = [*with_block, *map(_code, methods)]
        made = [_code(f"x = {name}({number})")]
        made += [_code(f"x = {name}(lock)")] if name == "Condition" else []
        rows.append((", ".join(made), ", ".join(written), kind.meaning))
    yield from _table(("made by", "used by", "is"), rows)


def _refused() -> Iterator[str]:
    yield from (
        "## What is not in it",
        "",
        "Each error message says where the problem is and what to do instead.",
        "",
    )
    rows = dict.fromkeys(REFUSED.values())
    yield from _table(("found", "instead"), ((found.replace("'", "`"), do) for found, do in rows))


def _faults() -> Iterator[str]:
    yield from (
        "## What can go wrong",
        "",
        "A fault ends the whole process, by the signal that Linux sends. A process that a signal",
        "ended has no exit code: its parent's `exit_status()` is then -1, and `term_signal()` the",
        "number of the signal. One that ends by itself has an exit code of 0 to",
        f"{MAX_EXIT_CODE}, so `exit(300)` is 44, and `term_signal()` is 0. Where there is only one",
        "number for both, it is a convention: after SIGSEGV, which is 11,",
        f"{Signal.SIGSEGV.conventions}.",
        "",
        "The faults marked *exception* end only their thread where the machine is made with",
        '`exceptions="thread"`, as they do in Python.',
        "",
    )
    yield from _table(
        ("fault", "signal", ""),
        (
            (kind, signal.told, "exception" if kind in EXCEPTIONS else "")
            for kind, signal in SIGNALS.items()
        ),
    )


def _signals() -> Iterator[str]:
    yield from (
        "## Signals",
        "",
        "`kill(p, SIGTERM)` sends process p a signal, `kill(p)` sends SIGKILL. The names are",
        "numbers, those of Linux. A process does what the signal does by default, unless it has",
        "called `ignore(SIGTERM)`; it cannot have handlers. What it ignores its children ignore,",
        "too, and so does the program that `exec` brings. A fault ends its process even where its",
        "signal is ignored; but where SIGPIPE is ignored, a write to a pipe without readers is -1.",
        "While a process is stopped its threads do not run: each notices when it has the core, or",
        "would get one. Signals to it wait until SIGCONT lets it go on; only SIGKILL ends it at",
        "once. `wait` does not tell that a child was stopped (`WUNTRACED` of Linux).",
        "",
    )
    yield from _table(
        ("signal", "default action", "can be ignored"),
        ((signal.told, *_action(signal)) for signal in Signal),
    )


def _action(signal: Signal) -> tuple[str, str]:
    if signal in HARMLESS:
        return "none", "does nothing anyway"
    if signal == Signal.SIGCONT:
        return "lets a stopped process go on", "yes, but the process goes on"
    does = "stops the process" if signal in STOPPING else "ends the process"
    return does, "no" if signal in NEVER_IGNORED else "yes"


def _assembly() -> Iterator[str]:
    yield from (
        "## Assembly",
        "",
        "`program.disassemble()` shows what the machine executes, one line per instruction, and",
        "`Program.from_assembly(name, text)` makes a program of such text. The program above:",
        "",
        "```text",
        Program("counter", EXAMPLE).disassemble(),
        "```",
        "",
        "`.data` lists the globals in order: a number, an object such as `Semaphore(2)`, or a",
        "list of these in brackets. `.bss` lists those that start as zeros: they take no room in",
        "the file, because the system fills their pages with zeros. The compiler puts them last.",
        '`.print "count", _` is what a call with texts is given; the',
        "number after such a call counts these lines from 0, that after another call its",
        "arguments. With `.write` in place of `.print`, no blanks are written between and no new",
        'line after it, and `_:"5d"` is a value with a format.',
        "`.code` lists the instructions. A line may begin with a label and a colon, or",
        "with its own number as above; jumps name either. `.entry LABEL` says where execution",
        "starts, the first instruction if it is not there. `.function name(parameters)` begins a",
        "function; after it come `value` if it returns one, `name=offset` for what its stack",
        "frame holds, and `name[3]=offset` for an array in it.",
        "A comment comes after a semicolon.",
        "",
        f"Every instruction and every value is one word of {WORD} bytes. The registers are",
        f"{', '.join(REGISTER_NAMES[:-1])} and {REGISTER_NAMES[-1]}. Of an operation with two",
        "operands, `ADD r0, 1` is short for `ADD r0, r0, 1`.",
        "",
    )
    yield from _table(("written", "does"), _instructions())


def _instructions() -> Iterator[tuple[str, str]]:
    for name, form in INSTRUCTIONS.items():
        if name.removesuffix("I") in OPERATORS and name not in OPERATORS:
            continue
        offset = "+b" if "o" in form.operands else "b"
        also = "; c may be a number" if name in OPERATORS else ""
        if name == "SYS":
            yield "`LIB a`", "call the library; the answer comes in r0"
        yield _code(form.text.format(a="a", b=offset, c="c")), form.meaning + also
