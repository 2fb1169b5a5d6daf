"""What a notebook shows, as HTML: nbconvert with a template of ours."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

TEMPLATES = Path(__file__).parent / "templates"
WIDGET = "application/vnd.jupyter.widget-view+json"
# What a browser would execute is left out: a page shows what was made, and runs only the kit.
SHOWN = (
    WIDGET,
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain",
)


def exported(notebook: nbformat.NotebookNode, anchors: Mapping[str, str]) -> str:
    """Return what the cells of an executed notebook show, without the page around it.

    Parameters
    ----------
    notebook : NotebookNode
    anchors : mapping of str to str
        Ids of models -> the ids that their places get in the page.
    """
    exporter = HTMLExporter(
        Config({"NbConvertBase": {"display_data_priority": list(SHOWN)}}),
        template_name="kit",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={"as_base64": _as_base64},
        log=logging.getLogger("kit.site"),
    )
    body, _ = exporter.from_notebook_node(notebook, {"anchors": dict(anchors)})
    return str(body)


def state_of(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Return the state of the widgets that executing a notebook has left: by their ids."""
    widgets = notebook.metadata.get("widgets", {})
    state: dict[str, Any] = widgets.get("application/vnd.jupyter.widget-state+json", {})
    return dict(state.get("state", {}))


def shown_models(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the ids of the widgets that cells show, in their order."""
    return [
        output["data"][WIDGET]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if WIDGET in output.get("data", {})
    ]


def _as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
