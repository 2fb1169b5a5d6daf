"""Calls to C: functions of the program, system calls, plain memory."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kit.host.c.code import ACTS, NOTHING, READS, Code, Context, is_file_name
from kit.host.c.printing import c_string
from kit.host.c.synchronisation import Synchronisation
from kit.lang.functions import FUNCTIONS
from kit.lang.scope import own_nodes
from kit.lang.system_calls import SYSTEM_CALLS

if TYPE_CHECKING:
    from kit.host.c.expressions import Expressions

WORDS = {
    "exit": "exit",
    "join": "join",
    "sleep": "pause_for",
    "io": "pause_for",
    "work": "compute",
    "wait": "wait_for",
    "kill": "end_process",
    "read": "read_word",
    "write": "write_word",
    "seek": "seek_word",
    "close": "close_file",
    "pipe": "make_pipe",
    "alloc": "allocate",
    "choose": "pick",
}
"""Call of the lesson that is given words -> the function of C or the helper that does it."""

WITH_BUFFER = {"read": "read_words", "write": "write_words"}
"""Call that may be given a buffer -> the helper that does it then."""

DEFAULTS = {"exit": "0", "io": "1", "wait": "-1"}
"""What is given where nothing is."""

FLAGS = {
    "r": "O_RDONLY",
    "r+": "O_RDWR",
    "w": "O_WRONLY | O_CREAT | O_TRUNC",
    "a": "O_WRONLY | O_CREAT | O_APPEND",
}

REFUSED = {
    **dict.fromkeys(
        ("send", "recv", "sender", "call", "serve", "reply"),
        "POSIX has no such messages from process to process; use a pipe",
    ),
    **dict.fromkeys(
        ("read_page_table", "write_page_table", "disable_interrupts", "halt"),
        "C has no privileged instructions; the system would end the process",
    ),
    **dict.fromkeys(("down", "up"), "in C a semaphore is no word; use a Semaphore by its name"),
}
"""Call -> why it is not translated."""


class Calls:
    """Translates the calls in one function.

    Parameters
    ----------
    context : Context
    expressions : Expressions

    Attributes
    ----------
    addressed : set of str
        Names whose address the function takes, so that others may change them.
    """

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions
        self.synchronisation = Synchronisation(context, expressions)
        self.addressed = {
            node.args[0].id
            for node in own_nodes(context.function.node)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "address"
            and isinstance(node.args[0], ast.Name)
        }

    def call(self, node: ast.Call) -> Code:
        """Translate a call."""
        if isinstance(node.func, ast.Attribute):
            return self.synchronisation.method(node)
        assert isinstance(node.func, ast.Name), "the compiler has asked"
        name = node.func.id
        if name in self.context.unit.scope.functions:
            return self.routine(node, name)
        if name in REFUSED:
            self.context.refuse(node, f"{name}() is not translated to C: {REFUSED[name]}")
        if name in FUNCTIONS:
            return self.python(node, name)
        special = getattr(self, f"call_{name}", None)
        code: Code = special(node) if special is not None else self.plain(node, name)
        return code

    def plain(self, node: ast.Call, name: str) -> Code:
        """Translate a call that is given words and nothing else."""
        if name not in WORDS:
            self.context.refuse(node, f"{name}() is not translated to C")
        has_buffer = name in WITH_BUFFER and len(node.args) == SYSTEM_CALLS[name].most
        helper = WITH_BUFFER[name] if has_buffer else WORDS[name]
        if name != "exit":
            self.context.unit.use(helper)
        arguments = self.context.ordered(node.args, self.expressions.word)
        given = ", ".join(code.text for code in arguments) or DEFAULTS.get(name, "")
        if name == "exit" and arguments and not given.isdigit():
            given = f"(int){arguments[0].inner}"
        return Code(f"{helper}({given})", effect=ACTS)

    def routine(self, node: ast.Call, name: str) -> Code:
        """Translate a call of a function of the program."""
        if name == "main":
            self.context.refuse(node, "main() is called by the system alone in C; rename it")
        given = self.arguments(node, name, node.args)
        return Code(f"{self.context.name(name)}({given})", effect=ACTS)

    def arguments(self, node: ast.Call, name: str, args: list[ast.expr]) -> str:
        """Return what a function is given, in the order of its parameters."""
        function = self.context.unit.scope.functions[name]
        named = [str(keyword.arg) for keyword in node.keywords]
        written = [*args, *(keyword.value for keyword in node.keywords)]
        codes = self.context.ordered(written, self.synchronisation.passed)
        given = dict(zip([*function.parameters[: len(args)], *named], codes, strict=True))
        return ", ".join(
            given[parameter].text if parameter in given else str(function.defaults[parameter])
            for parameter in function.parameters
        )

    def python(self, node: ast.Call, name: str) -> Code:
        """Translate one of Python's own functions."""
        unit, value = self.context.unit, self.expressions.word
        if name == "abs":
            code = value(node.args[0])
            return Code(f"{unit.use('magnitude')}({code.text})", effect=code.effect)
        sequence = self.expressions.arrays.sequence(node.args[0])
        if sequence is None:
            helper = unit.use("smaller" if name == "min" else "larger")
            codes = self.context.ordered(node.args, value)
            text = codes[0].text
            for code in codes[1:]:
                text = f"{helper}({text}, {code.text})"
            return Code(text, effect=max(code.effect for code in codes))
        if sequence.is_atomic:
            self.context.refuse(
                node, f"{name} of a volatile array is not translated to C; write a loop"
            )
        helper = unit.use({"min": "smallest", "max": "largest", "sum": "total_of"}[name])
        given = f"{sequence.text}, {sequence.length}"
        start = [*map(value, node.args[1:])]
        if name == "sum":
            given += f", {start[0].text if start else 0}"
        effect = max(READS, *(code.effect for code in start)) if start else READS
        return Code(f"{helper}({given})", effect=effect)

    # Calls that are written otherwise in C

    def call_spawn(self, node: ast.Call) -> Code:
        """Translate ``spawn(f, x)``: each function of threads has one of its own."""
        target = node.args[0]
        assert isinstance(target, ast.Name), "the compiler has asked"
        if target.id == "main":
            self.context.refuse(node, "main() is called by the system alone in C; rename it")
        self.context.unit.spawned[target.id] = None
        self.context.unit.use("new_thread")
        self.context.unit.use("start_thread")
        given = self.arguments(node, target.id, node.args[1:])
        return Code(f"spawn_{target.id}({given})", effect=ACTS)

    def call_thread_exit(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``thread_exit()``."""
        self.context.unit.use("MOST_THREADS")
        return Code("pthread_exit(NULL)", effect=ACTS)

    def call_gettid(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``gettid()``."""
        self.context.unit.use("MOST_THREADS")
        return Code("this_thread")

    def call_getpid(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``getpid()``."""
        self.context.unit.use("end_process")
        return Code("getpid()", is_int=True)

    def call_getppid(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``getppid()``."""
        self.context.unit.use("end_process")
        return Code("getppid()", effect=READS, is_int=True)

    def call_fork(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``fork()``."""
        self.context.unit.use("end_process")
        return Code("fork()", effect=ACTS, is_int=True)

    def call_exit_status(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``exit_status()``."""
        return Code(f"{self.context.unit.use('exit_code')}()", effect=READS)

    def call_term_signal(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``term_signal()``."""
        return Code(f"{self.context.unit.use('term_signal')}()", effect=READS)

    def call_kill(self, node: ast.Call) -> Code:
        """Translate ``kill(p)`` and ``kill(p, SIGTERM)``."""
        if len(node.args) == 1:
            return self.plain(node, "kill")
        pid, signal = self.context.ordered(node.args, self.expressions.word)
        helper = self.context.unit.use("send_signal")
        return Code(f"{helper}({pid.text}, {signal.text})", effect=ACTS)

    def call_ignore(self, node: ast.Call) -> Code:
        """Translate ``ignore(SIGTERM)``."""
        helper = self.context.unit.use("ignore_signal")
        return Code(f"{helper}({self.expressions.word(node.args[0]).text})", effect=ACTS)

    def call_abort(self, node: ast.Call) -> Code:  # noqa: ARG002 - all are called alike
        """Translate ``abort()``."""
        return Code("abort()", effect=ACTS)

    def call_free(self, node: ast.Call) -> Code:
        """Translate ``free(p)``."""
        code = self.expressions.word(node.args[0])
        return Code(f"free({self.context.unit.use('POINTER')}({code.text}))", effect=ACTS)

    def file_name(self, node: ast.Call) -> str:
        """Return the name that a call is given, which has to name a file of this folder in C."""
        name = _text(node.args[0])
        if not is_file_name(name):
            self.context.refuse(
                node,
                f"the name {name!r} would lead out of the folder in C; give one such as 'notes'",
            )
        return name

    def call_exec(self, node: ast.Call) -> Code:
        """Translate ``exec("prog")``: the program is in the same folder."""
        helper = self.context.unit.use("run_program")
        return Code(f"{helper}({c_string('./' + self.file_name(node))})", effect=ACTS)

    def call_open(self, node: ast.Call) -> Code:
        """Translate ``open("data", "r")``."""
        mode = _text(node.args[1]) if len(node.args) > 1 else "r"
        name = c_string(self.file_name(node))
        return Code(f"{self.context.unit.use('open_file')}({name}, {FLAGS[mode]})", effect=ACTS)

    def call_shared(self, node: ast.Call) -> Code:
        """Translate ``shared("name", n)``."""
        length = self.expressions.word(node.args[1])
        name = c_string(f"{self.file_name(node)}.shared")
        return Code(f"{self.context.unit.use('share')}({name}, {length.text})", effect=ACTS)

    def call_peek(self, node: ast.Call) -> Code:
        """Translate ``peek(a)``."""
        code = self.expressions.word(node.args[0])
        helper = self.context.unit.use("WORDS")
        return Code(f"{helper}({code.text})[0]", effect=max(READS, code.effect))

    def call_poke(self, node: ast.Call) -> Code:
        """Translate ``poke(a, x)``."""
        address, value = self.context.ordered(node.args, self.expressions.word)
        helper = self.context.unit.use("WORDS")
        return Code(f"{helper}({address.text})[0] = {value.text}", True, ACTS)

    def call_len(self, node: ast.Call) -> Code:
        """Translate ``len(log)``, which is a number."""
        held = self.synchronisation.held(node.args[0])
        if held is not None:
            return Code(str(held.number))
        sequence = self.expressions.arrays.sequence(node.args[0])
        assert sequence is not None, "the compiler has asked"
        return Code(str(sequence.length))

    def call_address(self, node: ast.Call) -> Code:
        """Translate ``address(count)``."""
        target = node.args[0]
        if self.synchronisation.kind_of(target) not in ("", "Atomic"):
            self.context.refuse(
                node, "the address of a lock is not translated to C, where a lock is no word"
            )
        helper = self.context.unit.use("ADDRESS")
        if isinstance(target, ast.Name):
            return Code(f"{helper}({self.context.name(target.id)})")
        code = self.expressions.value(target)
        text = code.text if code.text.startswith(helper) else f"{helper}({code.text})"
        return Code(text, effect=max(NOTHING, code.effect))

    def _atomic(self, node: ast.Call, function: str, rest: str = "") -> Code:
        codes = self.context.ordered(node.args, self.expressions.word)
        self.context.unit.use("POINTER")
        self.context.unit.use("exchange_if")
        address = f"(_Atomic word *)POINTER({codes[0].text})"
        given = ", ".join([address, *(code.text for code in codes[1:])])
        return Code(f"{function}({given}{rest})", effect=ACTS)

    def call_test_and_set(self, node: ast.Call) -> Code:
        """Translate ``test_and_set(a)``."""
        return self._atomic(node, "atomic_exchange", ", 1")

    def call_fetch_and_add(self, node: ast.Call) -> Code:
        """Translate ``fetch_and_add(a, x)``."""
        return self._atomic(node, "atomic_fetch_add")

    def call_compare_and_swap(self, node: ast.Call) -> Code:
        """Translate ``compare_and_swap(a, x, y)``."""
        return self._atomic(node, "exchange_if")

    def call_acquire(self, node: ast.Call) -> Code:
        """Translate ``acquire(a)``, of a lock that is one word of memory."""
        return self._word_lock(node, "take_word")

    def call_release(self, node: ast.Call) -> Code:
        """Translate ``release(a)``."""
        return self._word_lock(node, "give_word")

    def _word_lock(self, node: ast.Call, helper: str) -> Code:
        code = self.expressions.word(node.args[0])
        return Code(f"{self.context.unit.use(helper)}({code.text})", effect=ACTS)


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant), "the compiler has asked"
    return str(node.value)
