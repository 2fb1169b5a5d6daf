"""What hypothesis draws: programs of the lesson language, and machines to run them on."""

import ast
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from kit import FIFO, Costs, Limits, Machine, Program, RoundRobin, Trace
from kit.errors import LimitExceeded
from tests.sequential import sequential_programs

Draw = Callable[[st.SearchStrategy[Any]], Any]

# Texts that are almost programs

_LEAVES = st.sampled_from(
    [
        ast.Constant(3),
        ast.Constant("t"),
        ast.Constant(None),
        ast.Constant(2.5),
        ast.Constant(True),
        ast.Name("g", ast.Load()),
        ast.Name("print", ast.Load()),
        ast.Name("worker", ast.Load()),
        ast.Name("nowhere", ast.Load()),
        ast.Name("log", ast.Load()),
        ast.Name("grid", ast.Load()),
        ast.Name("own", ast.Load()),
        ast.Name("lock", ast.Load()),
        ast.Name("locks", ast.Load()),
        ast.Name("table", ast.Load()),
        ast.Name("hits", ast.Load()),
        ast.Name("min", ast.Load()),
        ast.Name("sum", ast.Load()),
        ast.Name("len", ast.Load()),
        ast.Name("choose", ast.Load()),
        ast.Name("address", ast.Load()),
    ]
)
_OPERATORS = [ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow, ast.LShift, ast.FloorDiv]
_SIGNS = [ast.Lt, ast.Is, ast.IsNot, ast.In, ast.NotIn, ast.Eq]


def _wider(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    several = st.lists(inner, min_size=1, max_size=3)
    generators = st.builds(
        lambda i, c: [ast.comprehension(ast.Name("i", ast.Store()), i, [c], 0)], inner, inner
    )
    no_arguments = ast.arguments([], [], None, [], [], None, [])
    return st.one_of(
        st.builds(lambda a, o, b: ast.BinOp(a, o(), b), inner, st.sampled_from(_OPERATORS), inner),
        st.builds(
            lambda a, o, b: ast.Compare(a, [o()], [b]), inner, st.sampled_from(_SIGNS), inner
        ),
        st.builds(lambda o, a: ast.UnaryOp(o(), a), st.sampled_from([ast.Not, ast.USub]), inner),
        st.builds(lambda a: ast.BoolOp(ast.And(), [a[0], *a]), several),
        st.builds(lambda f, a: ast.Call(f, a, []), inner, several),
        st.builds(lambda f, a: ast.Call(f, [], [ast.keyword("end", a)]), inner, inner),
        st.builds(lambda a, b: ast.Subscript(a, b, ast.Load()), inner, inner),
        st.builds(lambda a, b: ast.Subscript(a, ast.Slice(b), ast.Load()), inner, inner),
        st.builds(
            lambda a, name: ast.Attribute(a, name, ast.Load()),
            inner,
            st.sampled_from(["x", "acquire", "reading", "load", "store", "wait"]),
        ),
        st.builds(lambda a, n: ast.BinOp(ast.List([a], ast.Load()), ast.Mult(), n), inner, inner),
        st.builds(lambda a: ast.Lambda(no_arguments, a), inner),
        st.builds(ast.IfExp, inner, inner, inner),
        st.builds(lambda a: ast.List(a, ast.Load()), several),
        st.builds(lambda a: ast.Tuple(a, ast.Load()), several),
        st.builds(ast.Set, several),
        st.builds(lambda a, b: ast.Dict([a], [b]), inner, inner),
        st.builds(ast.ListComp, inner, generators),
        st.builds(ast.GeneratorExp, inner, generators),
        st.builds(lambda a: ast.NamedExpr(ast.Name("w", ast.Store()), a), inner),
        st.builds(lambda a: ast.JoinedStr([ast.FormattedValue(a, -1, None)]), inner),
        st.builds(ast.Yield, inner),
        st.builds(ast.Await, inner),
        st.builds(
            lambda a: ast.Call(ast.Name("print", ast.Load()), [ast.Starred(a, ast.Load())], []),
            inner,
        ),
    )


expressions = st.recursive(_LEAVES, _wider, max_leaves=6)
_targets = st.sampled_from(
    [
        "g",
        "x",
        "log[0]",
        "log[g]",
        "x.y",
        "x, g",
        "[x]",
        "log[1:]",
        "main",
        "own",
        "grid[0]",
        "grid[0][1]",
        "own, x",
        "own[0], g",
        "lock",
        "w",
    ]
)


@st.composite
def strange_programs(draw: Draw) -> str:
    """Text that Python can read, made of statements that may or may not be in the language."""
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        value = ast.unparse(ast.fix_missing_locations(ast.Expr(draw(expressions))))
        target = draw(_targets)
        lines.append(
            draw(
                st.sampled_from(
                    [
                        f"{target} = {value}",
                        f"{target} += {value}",
                        f"return {value}",
                        f"{value}",
                        f"if {value}: pass",
                        f"while {value}: break",
                        f"for x in range({value}): continue",
                        f"for {target} in {value}: pass",
                        f"del {target}",
                        f"x: int = {value}",
                        f"global x, {target[0]}",
                        f"assert {value}",
                        f"raise {value}",
                        "import os",
                        "nonlocal x",
                        f"with {value} as x: pass",
                        "class C: pass",
                        "def inner(): pass",
                        "break",
                        f"try: {value}\n    except x: pass",
                        f"match {value}:\n        case x: pass",
                        "async def f(): pass",
                        f"print({value}, x)",
                        f"spawn({value})",
                        f"spawn(worker, a={value})",
                        f"worker(b={value}, a={target})",
                        f"with {value}.reading(): pass",
                        f"{target}: volatile = {value}",
                        f"{target}: int = {value}",
                        f"for w in {value}: print(w, end='')",
                        f"for w in range(g, {value}, x): pass",
                        f"print(f'{{x:5}}', sep={value})",
                        f"own = [0 for _ in range({value})]",
                        f"own = [[{value}] * 2 for _ in range(2)]",
                        f"x = {value} if g else own",
                        "lambda: 0",
                    ]
                )
            )
        )
    inside = draw(st.booleans())
    body = "\n    ".join(lines) if inside else "pass"
    outside = "" if inside else "\n".join(line for line in lines if "\n" not in line)
    head = "g = 1\nlog = [0] * 3\ngrid = [[0] * 2 for _ in range(2)]\nhits = Atomic(0)\n"
    head += "lock = Lock()\nlocks = [Lock() for _ in range(2)]\ntable = RWLock()\n"
    start = draw(st.sampled_from(["pass", "own = [1, 2]", "own = lock", "x = own = 1"]))
    body = f"{start}\n    {body}"
    return f"{head}{outside}\ndef worker(a, b=2):\n    pass\ndef main():\n    {body}\n"


@st.composite
def damaged_programs(draw: Draw) -> str:
    """A good program in which a few characters were changed."""
    text = draw(sequential_programs())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 6))
        new = draw(st.text(string.printable + "é\0\u2028", max_size=4))
        text = text[:place] + new + text[place + length :]
    return text


# Machines that run threads

_STEPS = [
    "counter += 1",
    "counter = counter * n + 1",
    "log[n % 4] += n",
    "log[n] = counter",
    "x = x * 3 - n",
    "work(n + 1)",
    "sleep(n)",
    "sleep(3)",
    'print("n", n, counter)',
    "print()",
    "x = deep(n * 4)",
    "p = alloc(n + 1)",
    "p[0] = p[0] + n",
    "poke(p, x)",
    "x = peek(p + n)",
    "x = gettid() + getpid()",
    "for i in range(n): counter += i",
    "x = spawn(worker, n - 1)",
    "x = join(x)",
    "x = alloc(n * 400)",
]
_RARE = [
    "free(p)",
    "thread_exit()",
    "exit(n)",
    "x = 7 // n",
    "x = deep(200)",
    "poke(8, 1)",
    "x = peek(n)",
    "poke(1024, 1)",
    "poke(64, 1)",
    "x = join(1)",
]


@st.composite
def threaded_programs(draw: Draw, name: str = "threads") -> Program:
    """A program that spawns, waits, allocates, and now and then goes wrong."""
    step = st.sampled_from(_STEPS * 4 + _RARE)
    steps = st.lists(step, min_size=1, max_size=6)
    worker, main = draw(steps), draw(steps)
    spawns = draw(st.integers(0, 3))
    joins = draw(st.integers(0, spawns))
    lines = [
        "counter = 0",
        "log = [1, 2, 3, 4]",
        "def deep(k):",
        "    if k <= 0:",
        "        return 1",
        "    z = deep(k - 1)",
        "    return z + 1",
        "def worker(n):",
        "    global counter",
        "    p = 0",
        "    x = n",
        "    if n < 0:",
        "        return 0",
        *(f"    {line}" for line in worker),
        "    return x + n",
        "def main():",
        "    global counter",
        "    n = 2",
        "    x = 0",
        "    p = alloc(2)",
        *(f"    t{k} = spawn(worker, {k})" for k in range(spawns)),
        *(f"    {line}" for line in main),
        *(f"    x = join(t{k})" for k in range(joins)),
        draw(st.sampled_from(["    pass", "    thread_exit()", "    exit(counter)"])),
    ]
    return Program(name, "\n".join(lines))


@dataclass(frozen=True)
class Setup:
    """A machine and what to launch on it; `machine` makes a new one each time."""

    settings: dict[str, Any]
    launches: tuple[tuple[Program, int], ...]
    files: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def machine(self) -> Machine:
        """Return a new machine with everything launched."""
        machine = Machine(**self.settings)
        for name, words in self.files:
            machine.put_file(name, words)
        for program, tick in self.launches:
            machine.launch(program, at=tick)
        return machine

    def run(self) -> Trace:
        """Return the trace of a whole run, up to a limit if it reaches one."""
        return run_to_the_end(self.machine())


def run_to_the_end(machine: Machine) -> Trace:
    """Return the trace of a run that may reach a limit."""
    try:
        return machine.run()
    except LimitExceeded as limit:
        return limit.trace


@st.composite
def setups(draw: Draw, most_cores: int = 2) -> Setup:
    """A machine of any kind with one or two processes."""
    page_size = draw(st.sampled_from([64, 128, 256]))
    programs = [draw(threaded_programs())]
    programs += [draw(st.one_of(st.just(programs[0]), threaded_programs("others")))]
    settings = {
        "cores": draw(st.integers(1, most_cores)),
        "page_size": page_size,
        "ram": page_size * draw(st.sampled_from([24, 40, 200, 400])),
        "address_space": page_size * 512,
        "stack_size": page_size * draw(st.sampled_from([1, 4, 16])),
        "scheduler": draw(st.one_of(st.just(FIFO()), st.integers(1, 9).map(RoundRobin))),
        "costs": draw(
            st.builds(Costs, load_page=st.integers(0, 2), context_switch=st.integers(0, 3))
        ),
        "limits": Limits(ticks=400, threads=12, output=400, processes=2),
    }
    ticks = [0, draw(st.integers(0, 60))]
    count = draw(st.integers(1, 2))
    return Setup(settings, tuple(zip(programs[:count], ticks, strict=False)))
