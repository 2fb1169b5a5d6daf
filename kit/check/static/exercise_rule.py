"""The rule on exercises: each has a starter, a check and a solution that fit together.

A cell that makes an `Exercise` is tagged "exercise" too, so that a reader of the notebook's file
finds all exercises in one way; its widget has the check, and must have the solution.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kit.check.exercise_cells import ROLES, STARTER, ExerciseCells, solution_file, widgets_of
from kit.check.notebooks import Cell
from kit.check.programs import parse
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import plural

_TYPES = {"exercise": "code", "exercise-check": "code", "solution": "markdown"}
_BLOCK = "write it in one block that begins with ```python, with an empty line before and after it"


class Exercises(StaticRule):
    """Each exercise has its check and its solution, in two cells or in its widget.

    Otherwise students are the first to find that an exercise cannot be checked or solved.
    """

    code, name = "KC116", "exercise"
    remedy = "add the check and the solution"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which exercises lack a check or a solution, and which of these belong to none."""
        exercises, orphans = context.exercises
        for cell in context.notebook.cells:
            yield from _role(cell)
        for cell in orphans:
            role = next(role for role in ROLES if role in cell.tags)
            found = f"the cell is tagged '{role}', and no cell before it is tagged 'exercise'"
            yield cell.problem("exercise", found, "tag the cell that students are to change")
        untagged = [
            cell
            for cell in context.notebook.code
            if context.is_python and STARTER not in cell.tags and widgets_of(cell)
        ]
        for cell in untagged:
            found = "the cell makes an Exercise and is not tagged 'exercise'"
            yield cell.problem("exercise", found, "give it the tag 'exercise'")
        for exercise in exercises:
            if exercise.widgets:
                yield from _widget(context, exercise)
                continue
            yield from _parts(exercise)
            for cell in exercise.checks:
                yield from _check_cell(context, cell)
            for cell in exercise.solutions:
                yield from _solution(context, cell)
        if context.is_lesson and not exercises and not untagged:
            remedy = (
                "add a cell tagged 'exercise' that makes an Exercise; or tag the cell that "
                "students are to change, and add the cells 'exercise-check' and 'solution'"
            )
            yield Problem("exercise", "the lesson has no exercise", remedy)


def _role(cell: Cell) -> Iterator[Problem]:
    roles = [role for role in ROLES if role in cell.tags]
    if len(roles) > 1:
        found = f"the cell is tagged {' and '.join(repr(role) for role in roles)}"
        yield cell.problem("exercise", found, "make a cell of its own for each")
    elif roles and cell.type != _TYPES[roles[0]]:
        wanted = {"code": "a code cell", "markdown": "a cell of text"}[_TYPES[roles[0]]]
        found = f"the cell is tagged '{roles[0]}' and is not {wanted}"
        yield cell.problem("exercise", found, f"make it {wanted}")


def _widget(context: LintContext, exercise: ExerciseCells) -> Iterator[Problem]:
    """Yield what is wrong with an exercise that is a widget, as far as its text shows it."""
    for cell in (*exercise.checks, *exercise.solutions):
        role = next(role for role in ROLES if role in cell.tags)
        found = (
            f"the cell is tagged '{role}', and the Exercise in cell {exercise.starter.number} has "
            "that in itself"
        )
        yield cell.problem("exercise", found, "take the tag away, or the cell")
    for call in exercise.widgets:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if None in given:  # **arguments: only a run shows what is in them
            continue
        solution = given.get("solution", ast.Constant(None))
        if isinstance(solution, ast.Constant) and solution.value is None:
            remedy = "give solution=, the text of a program or the path of a .txt file"
            yield exercise.starter.problem("exercise", "the Exercise has no solution", remedy)
            continue
        file = solution_file(solution)
        if file and not (context.notebook.path.parent / file).is_file():
            found = f"the solution of the Exercise is not there: no file '{file}'"
            remedy = "put it next to the notebook to check it; students may get it without"
            yield exercise.starter.problem("exercise", found, remedy)


def _parts(exercise: ExerciseCells) -> Iterator[Problem]:
    for role, cells, makes in (
        ("exercise-check", exercise.checks, "a code cell that leaves True or False in 'solved'"),
        ("solution", exercise.solutions, "a cell of text with the solution in a ```python block"),
    ):
        if not cells:
            found = f"the exercise has no cell tagged '{role}' after it"
            yield exercise.starter.problem("exercise", found, f"add {makes}")
        for cell in cells[1:]:
            found = (
                f"the cell is a second '{role}' for the exercise in cell {exercise.starter.number}"
            )
            yield cell.problem("exercise", found, "keep one of them")


def _check_cell(context: LintContext, cell: Cell) -> Iterator[Problem]:
    tree = parse(cell.source) if context.is_python and cell.type == "code" else None
    if tree is not None and not any(
        isinstance(node, ast.Name) and node.id == "solved" and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    ):
        found = "the check does not say whether the exercise is solved"
        yield cell.problem("exercise", found, "let it assign True or False to 'solved'")


def _solution(context: LintContext, cell: Cell) -> Iterator[Problem]:
    if cell.type != "markdown":
        return
    blocks = context.solution_blocks(cell)
    if len(blocks) != 1:
        number = plural(len(blocks), "block") if blocks else "no block"
        yield cell.problem("exercise", f"the solution has {number} of Python", _BLOCK)
    if "details" not in context.prose_of(cell).elements:
        remedy = "put it into <details><summary>Solution</summary> … </details>"
        yield cell.problem(
            "exercise", "the solution is not folded, so all students read it", remedy
        )
