"""What hypothesis draws: programs with one thread, whose meaning CPython can confirm."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

LARGEST = 1 << 60
"""Expressions stay below this, so that Python's long integers and 64 bits agree."""
KEPT = 10**6
"""What variables hold stays below this."""


@dataclass
class _Body:
    """What a statement can use in the function it stands in.

    Attributes
    ----------
    readable, writable : list of str
        Integer variables; a loop counter is readable only.
    calls : list of (str, int)
        Functions that may be called, and how many arguments they take.
    """

    readable: list[str]
    writable: list[str]
    calls: list[tuple[str, int]]
    own: str = ""
    loops: int = 0
    names: list[int] = field(default_factory=lambda: [0])
    goes_over_own: bool = False

    def fresh(self) -> str:
        """Return a variable that nothing uses yet."""
        self.names[0] += 1
        return f"k{self.names[0]}"


class _Writer:
    """Draws the text of a program that behaves the same in CPython.

    An expression comes with a bound on its absolute value; where it would grow out of
    64 bits, it is put into a modulo.
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.arrays = {f"a{n}": draw(st.integers(1, 5)) for n in range(2)}
        self.globals = ["g0", "g1", "g2"]
        self.rows, self.columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def pick(self, choices: list[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    # Expressions

    def kept(self, body: _Body, depth: int, most: int = KEPT) -> str:
        """An expression whose value may be kept in a variable."""
        text, bound = self.expression(body, depth)
        return text if bound <= most else f"({text}) % {self.pick([most, -most, 7, -10])}"

    def expression(self, body: _Body, depth: int) -> tuple[str, int]:
        if depth <= 0:
            return self.leaf(body)
        kind = self.pick(
            [
                "leaf",
                "sum",
                "sum",
                "product",
                "division",
                "bits",
                "compare",
                "logic",
                "unary",
                "power",
                "shift",
                "call",
                "chain",
                "conditional",
                "best",
                "absolute",
                "total",
                "element",
            ]
        )
        if kind == "leaf" or (kind == "call" and not body.calls):
            return self.leaf(body)
        text, bound = getattr(self, kind)(body, depth - 1)
        return (f"({text})", bound) if bound < LARGEST else (f"(({text}) % 1009)", 1009)

    def leaf(self, body: _Body) -> tuple[str, int]:
        kind = self.pick(["number", "variable", "variable", "truth", "length"])
        if kind == "number":
            value = self.number(-12, 12)
            return str(value) if value >= 0 else f"({value})", 12
        if kind == "truth":
            return self.pick(["True", "False"]), 1
        if kind == "length":
            return f"len({self.pick([*self.arrays, 'own', 'grid', 'grid[0]'])})", 5
        return self.pick(body.readable), KEPT

    def operands(self, body: _Body, depth: int) -> tuple[str, int, str, int]:
        return *self.expression(body, depth), *self.expression(body, depth)

    def sum(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, b = self.operands(body, depth)
        return f"{left} {self.pick(['+', '-'])} {right}", a + b

    def product(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, b = self.operands(body, depth)
        return f"{left} * {right}", a * b

    def division(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, b = self.operands(body, depth)
        if self.number(0, 29):
            right = f"({right} | 1)"
        return f"{left} {self.pick(['//', '%'])} {right}", 2 * max(a, b) + 2

    def bits(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, b = self.operands(body, depth)
        return f"{left} {self.pick(['&', '|', '^'])} {right}", 2 * max(a, b) + 2

    def power(self, body: _Body, depth: int) -> tuple[str, int]:
        left, _, right, _ = self.operands(body, depth)
        return f"({left} % {self.pick([6, -6])}) ** ({right} & 7)", 6**7

    def shift(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, _ = self.operands(body, depth)
        sign = self.pick(["<<", ">>"])
        count = right if sign == ">>" and self.number(0, 29) == 0 else f"({right} & 15)"
        return f"{left} {sign} {count}", a << 15

    def unary(self, body: _Body, depth: int) -> tuple[str, int]:
        text, bound = self.expression(body, depth)
        return f"{self.pick(['-', '~', 'not ', '+'])}{text}", bound + 1

    def compare(self, body: _Body, depth: int) -> tuple[str, int]:
        left, _, right, _ = self.operands(body, depth)
        return f"{left} {self.sign()} {right}", 1

    def chain(self, body: _Body, depth: int) -> tuple[str, int]:
        left, _, right, _ = self.operands(body, depth)
        last, _ = self.expression(body, depth)
        return f"{left} {self.sign()} {right} {self.sign()} {last}", 1

    def sign(self) -> str:
        return self.pick(["==", "!=", "<", "<=", ">", ">="])

    def logic(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, b = self.operands(body, depth)
        return f"{left} {self.pick(['and', 'or'])} {right}", max(a, b)

    def conditional(self, body: _Body, depth: int) -> tuple[str, int]:
        left, a, right, b = self.operands(body, depth)
        test, _ = self.expression(body, depth)
        return f"{left} if {test} else {right}", max(a, b)

    def best(self, body: _Body, depth: int) -> tuple[str, int]:
        name = self.pick(["min", "max"])
        if self.number(0, 2) == 0:
            return f"{name}({self.listed()})", KEPT
        parts = [self.expression(body, depth) for _ in range(self.number(2, 4))]
        return f"{name}({', '.join(text for text, _ in parts)})", max(most for _, most in parts)

    def absolute(self, body: _Body, depth: int) -> tuple[str, int]:
        text, bound = self.expression(body, depth)
        return f"abs({text})", bound

    def total(self, body: _Body, depth: int) -> tuple[str, int]:
        array = self.listed()
        if self.number(0, 1):
            return f"sum({array})", 5 * KEPT
        text, bound = self.expression(body, depth)
        return f"sum({array}, {text})", bound + 5 * KEPT

    def element(self, body: _Body, depth: int) -> tuple[str, int]:
        return self.place(body, depth), KEPT

    def place(self, body: _Body, depth: int) -> str:
        kind = self.pick(["global", "global", "local", "grid"])
        if kind == "grid":
            row, column = self.fitting(body, depth, self.rows), self.fitting(body, 0, self.columns)
            return f"{self.pick(['grid', 'square'])}[{row}][{column}]"
        if kind == "local":
            return f"own[{self.fitting(body, depth, 3)}]"
        array = self.pick(list(self.arrays))
        length = self.arrays[array]
        if self.number(0, 29) == 0:
            return f"{array}[{self.number(-length - 1, length)}]"
        return f"{array}[{self.fitting(body, depth, length)}]"

    def fitting(self, body: _Body, depth: int, length: int) -> str:
        """An index that fits, mostly."""
        if self.number(0, 39) == 0:
            return str(self.number(-length - 1, length))
        return f"({self.kept(body, depth)}) % {length} - {self.pick([0, length])}"

    def listed(self) -> str:
        """An array of numbers, or a row."""
        return self.pick(
            [*self.arrays, "own", f"grid[{self.number(0, self.rows - 1)}]", "square[-1]"]
        )

    def call(self, body: _Body, depth: int) -> tuple[str, int]:
        name, count = self.pick(body.calls)
        return self.called(body, name, count, depth), KEPT

    def called(self, body: _Body, name: str, count: int, depth: int) -> str:
        first = "d - 1" if name == body.own else str(self.number(0, 2))
        rest = [self.kept(body, min(depth, 1)) for _ in range(count - 1)]
        if count == 2 and self.number(0, 2) == 0:
            named = [f"d={first}", f"p={rest[0]}"][: self.pick([2, 2, 1])]
            return f"{name}({', '.join(named if self.number(0, 1) else named[::-1])})"
        return f"{name}({', '.join([first, *rest][: self.pick([count, count, 1])])})"

    # Statements

    def block(self, body: _Body, depth: int, indent: str) -> list[str]:
        lines: list[str] = []
        for _ in range(self.number(2, 4)):
            kinds = ["assign", "assign", "augment", "print", "print", "store", "both", "several"]
            kinds += ["again", "rows"]
            if depth:
                kinds += ["each", "branch", "loop", "count", "forever", "recurse"]
            if body.loops:
                kinds += ["leave"]
            lines += getattr(self, "write_" + self.pick(kinds))(body, depth, indent)
        return lines

    def write_assign(self, body: _Body, _: int, indent: str) -> list[str]:
        note = self.pick(["", "", ": int"])
        shared = [name for name in body.writable if name not in self.globals]
        name = self.pick(shared if note else body.writable)
        return [f"{indent}{name}{note} = {self.kept(body, 3)}"]

    def write_both(self, body: _Body, _: int, indent: str) -> list[str]:
        return [
            f"{indent}{self.pick(body.writable)} = {self.place(body, 1)} = {self.kept(body, 2)}"
        ]

    def write_several(self, body: _Body, _: int, indent: str) -> list[str]:
        count = self.number(1, 4)
        targets = [self.target(body) for _ in range(count)]
        values = [self.kept(body, 1) for _ in range(count)]
        again = f"{', '.join(targets)}, = " if self.number(0, 5) == 0 else ""
        return [f"{indent}{', '.join(targets)}, = {again}{', '.join(values)},"]

    def target(self, body: _Body) -> str:
        return self.place(body, 1) if self.number(0, 1) else self.pick(body.writable)

    def write_store(self, body: _Body, _: int, indent: str) -> list[str]:
        return [f"{indent}{self.place(body, 2)} = {self.kept(body, 2)}"]

    def write_augment(self, body: _Body, _: int, indent: str) -> list[str]:
        target = self.pick([*body.writable, f"a0[{self.number(-1, 0)}]"])
        sign = self.pick(["+", "-", "*", "//", "%", "&", "|", "^", ">>", "<<", "**"])
        right = self.kept(body, 2, most=1000)
        right = {
            "//": f"({right}) | 1",
            "%": f"({right}) | 1",
            ">>": f"({right}) & 9",
            "<<": f"({right}) & 9",
            "**": f"({right}) & 2",
        }.get(sign, right)
        return [
            f"{indent}{target} {sign}= {right}",
            f"{indent}{target} %= {self.pick([997, -997])}",
        ]

    def write_print(self, body: _Body, _: int, indent: str) -> list[str]:
        parts = [
            self.pick(['"x"', '"two words"', '"é{}%s"'])
            if self.number(0, 2) == 0
            else self.expression(body, 2)[0]
            for _ in range(self.number(0, 6))
        ]
        if parts and self.number(0, 1):
            parts[0] = self.formatted(body, 7 - len(parts))
        around = self.pick(["", "", "end=''", "sep=', '", "sep='', end='|'", "sep=None, end=None"])
        return [f"{indent}print({', '.join([*parts, around] if around else parts)})"]

    def formatted(self, body: _Body, room: int) -> str:
        """An f-string; values are summed up, because CPython writes truth values as words."""
        text = ""
        for _ in range(self.number(0, room)):
            spec = self.pick(["", "", ":5", ":<6", ":05d", ":x", ":#b", ":,", ":+d", ":*^9", "!r"])
            inner = self.expression(body, 1)[0].replace("'", '"')
            text += self.pick(["n = ", "{{", "%", " é "]) + f"{{{inner} + 0{spec}}}"
        return f"f'{text}'"

    def write_branch(self, body: _Body, depth: int, indent: str) -> list[str]:
        lines = [f"{indent}if {self.expression(body, 2)[0]}:"]
        lines += self.block(body, depth - 1, indent + "    ")
        if self.number(0, 1):
            lines += [f"{indent}elif {self.expression(body, 2)[0]}:"]
            lines += self.block(body, depth - 1, indent + "    ")
        if self.number(0, 1):
            lines += [f"{indent}else:", *self.block(body, depth - 1, indent + "    ")]
        return lines

    def write_leave(self, *_: Any) -> list[str]:
        indent = _[2]
        return [
            f"{indent}if {self.expression(_[0], 1)[0]}:",
            f"{indent}    {self.pick(['break', 'continue'])}",
        ]

    def inside(self, body: _Body, *readable: str) -> _Body:
        found = _Body([*body.readable, *readable], body.writable, [], body.own, 1, body.names)
        found.goes_over_own = body.goes_over_own
        return found

    def write_loop(self, body: _Body, depth: int, indent: str) -> list[str]:
        count = body.fresh()
        return [
            f"{indent}{count} = ({self.kept(body, 2)}) % 4",
            f"{indent}while {count} > 0:",
            f"{indent}    {count} -= 1",
            *self.block(self.inside(body, count), depth - 1, indent + "    "),
        ]

    def write_forever(self, body: _Body, depth: int, indent: str) -> list[str]:
        count = body.fresh()
        return [
            f"{indent}{count} = {self.number(-1, 3)}",
            f"{indent}while {self.pick(['True', '1'])}:",
            f"{indent}    {count} -= 1",
            f"{indent}    if {count} < 0:",
            f"{indent}        break",
            *self.block(self.inside(body, count), depth - 1, indent + "    "),
        ]

    def write_count(self, body: _Body, depth: int, indent: str) -> list[str]:
        start, stop = (f"({self.kept(body, 1)}) % 6" for _ in range(2))
        step = self.pick([1, 2, 3, -1, -2])
        # A step that is written as 0 is refused before anything runs; a computed one is not.
        limits = self.pick(
            [
                stop,
                f"{start}, {stop}",
                f"{start}, {stop}, {step}",
                f"{start}, {self.number(-2, 6)}, {step}",
                f"{self.number(0, 4)}",
                f"{start}, {stop}, ({self.kept(body, 1)}) * 1",
                f"{start}, {self.number(-2, 6)}, ({self.kept(body, 1)}) % 3 - 1",
            ]
        )
        changed = self.number(0, 2) == 0
        name = self.pick(body.writable) if changed else body.fresh()
        inner = self.inside(body, *([] if changed else [name]))
        return [
            f"{indent}for {name} in range({limits}):",
            *self.block(inner, depth - 1, indent + "    "),
        ]

    def write_each(self, body: _Body, depth: int, indent: str) -> list[str]:
        changed = self.number(0, 2) == 0
        name = self.pick(body.writable) if changed else body.fresh()
        inner, listed = self.inside(body, *([] if changed else [name])), self.listed()
        inner.goes_over_own = body.goes_over_own or listed == "own"
        return [
            f"{indent}for {name} in {listed}:",
            *self.block(inner, depth - 1, indent + "    "),
        ]

    def write_again(self, body: _Body, _: int, indent: str) -> list[str]:
        """Make an array of the function anew: in its place, with other words."""
        if body.goes_over_own:
            return self.write_print(body, 0, indent)
        return [f"{indent}own = [{', '.join(self.kept(body, 1) for _ in range(3))}]"]

    def write_rows(self, body: _Body, _: int, indent: str) -> list[str]:
        row = body.fresh()
        return [
            f"{indent}for {row} in {self.pick(['grid', 'square'])}:",
            f"{indent}    {row}[0] = {self.kept(body, 1)}",
            f"{indent}    print({row}[{self.columns - 1}])",
        ]

    def write_recurse(self, body: _Body, _: int, indent: str) -> list[str]:
        if not body.own:
            return self.write_print(body, 0, indent)
        call = self.called(body, body.own, 2, 1)
        return [f"{indent}if d > 0:", f"{indent}    {self.pick(body.writable)} = {call}"]

    # Functions

    def local_arrays(self) -> list[str]:
        """Arrays that stand on the stack."""
        return [
            f"    own = {self.pick(['[g0] * 3', '[1, g1, -1]', '[0 for _ in range(3)]'])}",
            f"    square = [[{self.number(-9, 9)}] * {self.columns} for _ in range({self.rows})]",
        ]

    def function(self, name: str, calls: list[tuple[str, int]]) -> list[str]:
        shared = [g for g in self.globals if self.number(0, 1)]
        own = ["x", "y"]
        body = _Body(["d", "p", *own, *self.globals], [*own, "p", *shared], calls, name)
        lines = [self.pick([f"def {name}(d, p=g0):", f"def {name}(d: int, p: 'x' = -2) -> int:"])]
        lines += [f"    global {', '.join(shared)}"] if shared else []
        lines += [f"    {variable} = {self.number(-3, 3)}" for variable in own]
        lines += self.local_arrays()
        lines += self.block(body, 2, "    ")
        return [*lines, f"    return {self.kept(body, 2)}"]

    def program(self) -> str:
        lines = [f"{name} = {self.number(-9, 9)}" for name in self.globals]
        for name, length in self.arrays.items():
            words = [self.number(-9, 9) for _ in range(length)]
            lines.append(self.pick([f"{name} = {words}", f"{name} = [{words[0]}] * {length}"]))
        lines.append(
            self.pick(
                [
                    f"grid = [[{self.number(-9, 9)}] * {self.columns} for _ in range({self.rows})]",
                    f"grid = {[[self.number(-9, 9)] * self.columns for _ in range(self.rows)]}",
                ]
            )
        )
        calls: list[tuple[str, int]] = []
        for name in ("f", "h")[: self.number(1, 2)]:
            lines += self.function(name, list(calls))
            calls.append((name, 2))
        body = _Body(["x", *self.globals], ["x", *self.globals], calls)
        lines += ["def main():", f"    global {', '.join(self.globals)}", "    x = 1"]
        lines += self.local_arrays()
        for name, count in calls:
            lines.append(f"    x = {self.called(body, name, count, 1)}")
            lines += self.block(body, 3, "    ")
        lines += self.block(body, 3, "    ")
        lines += self.pick([[], ["main()"], ['if __name__ == "__main__":', "    main()"]])
        return "\n".join(lines) + "\n"


@st.composite
def sequential_programs(draw: Draw) -> str:
    """Text of a program with one thread, whose values stay far below 64 bits."""
    return _Writer(draw).program()
