"""Programs for the exercise of the lesson on paging, right and wrong ones."""

ROWS = "rows = [[1] * 32 for _ in range(8)]\n"
BEGIN = f"{ROWS}total = 0\n"


def adding(body: str, begin: str = BEGIN, end: str = 'print("total", total)') -> str:
    """Return a program whose main adds up in these lines, and prints."""
    lines = "".join(f"    {line}\n" for line in [*body.splitlines(), end])
    return f"{begin}def main():\n    global total\n{lines}"


def loops(outer: str, inner: str, add: str = "total += rows[row][column]") -> str:
    """Return a program with one loop in another."""
    return adding(f"for {outer}:\n    for {inner}:\n        {add}")


ROW, COLUMN = "row in range(8)", "column in range(32)"
RIGHT_ROWS = {
    "rows outside": loops(ROW, COLUMN),
    "rows from the last to the first": loops("row in range(7, -1, -1)", COLUMN),
    "columns from the last to the first": loops(ROW, "column in range(31, -1, -1)"),
    "one loop": adding("for i in range(256): total += rows[i // 32][i % 32]"),
    "a while loop": adding(
        "row = 0\nwhile row < 8:\n    for column in range(32):\n"
        "        total += rows[row][column]\n    row += 1"
    ),
    "two halves of each row": adding(
        "for row in range(8):\n    for column in range(16):\n"
        "        total += rows[row][column]\n        total += rows[row][column + 16]"
    ),
    "columns of two rows at a time": adding(
        "for first in range(0, 8, 2):\n    for column in range(32):\n"
        "        for row in range(first, first + 2):\n            total += rows[row][column]"
    ),
    "a function for each row": adding(
        "for row in range(8): total += of_row(row)",
        f"{BEGIN}def of_row(row):\n    found = 0\n    for column in range(32):\n"
        "        found += rows[row][column]\n    return found\n",
    ),
    "a sum for each row": adding(
        "for row in range(8):\n    found = 0\n    for column in range(32):\n"
        "        found += rows[row][column]\n    total += found"
    ),
    "by addresses": adding("for i in range(256): total += peek(address(rows[0][0]) + 8 * i)"),
    "a local total": (
        f"{ROWS}def main():\n    total = 0\n    for row in range(8):\n"
        "        for column in range(32):\n            total += rows[row][column]\n"
        '    print("total", total)\n'
    ),
}
WRONG_ROWS = {
    "the starter": (loops(COLUMN, ROW), "259 page faults"),
    "columns from the last to the first": (loops("column in range(31, -1, -1)", ROW), "faults"),
    "one loop, by columns": (
        adding("for i in range(256): total += rows[i % 8][i // 8]"),
        "page faults",
    ),
    "only the first row": (loops("row in range(1)", COLUMN), "add up all"),
    "a product": (adding("total = 8 * 32"), "add up all"),
    "one word of each row": (
        adding("for row in range(8): total += 32 * rows[row][0]"),
        "add up all",
    ),
    "fewer rows": (
        adding("total = 256", "rows = [[1] * 32 for _ in range(2)]\ntotal = 0\n"),
        "Leave the line",
    ),
}
