"""Exams, made without a lesson."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from kit.authoring.exam.drawing import Exam, Paper, Pool, on_paper
from kit.explore import explore
from kit.quiz import ask
from kit.quiz.equivalent import Instance, equivalent_instances
from kit.scenarios import lost_update

TITLE = "Exam <b>1</b> & more"
ASKED: Mapping[str, dict[str, Any]] = {
    "final_value": {"name": "count"},
    "order_of": {"at": 12, "count": 3},
    "segment": {"name": "count", "at": 40},
}
"""A choice, an order, a place of the picture."""


@cache
def an_exam(papers: int = 2) -> Exam:
    """An exam with a question of each form, of which there are two instances each."""
    trace = lost_update()
    pools = []
    for kind, details in ASKED.items():
        original = Instance(trace, ask(trace, kind, **details), details)
        found = [on_paper(one) for one in equivalent_instances(original, seed=1, most=2)]
        pools.append(Pool("07.ipynb", original.question.prompt, found))
    explored = explore(lost_update.machine(loops=2))
    several = ask(explored, "possible_values", name="count")
    one = Instance(explored.witness(0), several, {"name": "count"})
    pools.append(Pool("07.ipynb", several.prompt, [one]))
    made = [
        Paper(f"exam-{n + 1:03}", [pool.instances[n % len(pool.instances)] for pool in pools])
        for n in range(papers)
    ]
    return Exam(TITLE, 1, pools, made, [])
