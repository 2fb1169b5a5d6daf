"""Ids of widgets that are the same whenever a notebook is run.

ipywidgets gives each model an id by chance. Here it is the place of the cell that made it and
its number within that cell. So the models that Python makes in the page, running the same cells,
are the ones that are on the page already; see `kit.authoring.site.page_kernel`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import nbformat

from kit.authoring.running import Opened

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
_BY_CHANCE = re.compile(r"[0-9a-f]{32}")


def name_models(notebook: nbformat.NotebookNode, opened: Iterable[Opened]) -> dict[int, list[str]]:
    """Give the models of an executed notebook ids that say which cell has made them.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    opened : iterable of Opened
        All models, in the order in which they were made.

    Returns
    -------
    dict of int to list of str
        The names of the models that each cell has made.
    """
    names: dict[str, str] = {}
    made: dict[int, list[str]] = {}
    for one in opened:
        models = made.setdefault(one.cell, [])
        models.append(one.model)
        names[one.id] = f"c{one.cell}-{len(models)}"
    widgets = notebook.metadata.get("widgets", {})
    if STATE in widgets:
        widgets[STATE] = _renamed(widgets[STATE], names)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            view = output.get("data", {}).get(VIEW)
            if view is not None:
                view["model_id"] = names.get(view["model_id"], view["model_id"])
    return made


def _renamed(state: Any, names: dict[str, str]) -> Any:
    text = json.dumps(state)
    return json.loads(_BY_CHANCE.sub(lambda found: names.get(found[0], found[0]), text))
