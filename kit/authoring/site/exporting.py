"""What a notebook shows, as HTML: nbconvert with a template of ours."""

from __future__ import annotations

import base64
import copy
import html
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

from kit.authoring.site.formulas import Formulas
from kit.authoring.site.identities import STATE, VIEW
from kit.authoring.site.markdown import as_html
from kit.magics import NAME

TEMPLATES = Path(__file__).parent / "templates"
# What a browser would execute is left out: a page shows what was made, and runs only the kit.
SHOWN = (
    VIEW,
    "text/html",
    "text/markdown",
    "text/latex",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain",
)


COLOURED = {f"%%{NAME}": "python"}
"""Cell magics whose cells have the colours of a language."""
PICTURES = ("image/gif", "image/webp", "image/avif", "image/bmp")
"""Pictures that nbconvert has no place for."""
OF_FORMULAS = {"HTMLMathModel": "HTML", "LabelModel": "HTML"}
"""Widgets that draw formulas in their text, and the widget that shows what was drawn."""


def exported(
    notebook: nbformat.NotebookNode, anchors: Mapping[str, str], formulas: Formulas
) -> str:
    """Return what the cells of an executed notebook show, without the page around it.

    Parameters
    ----------
    notebook : NotebookNode
    anchors : mapping of str to str
        Ids of models -> the ids that their places get in the page.
    formulas : Formulas
        Of the page.
    """

    @jinja2.pass_context
    def markdown(context: jinja2.runtime.Context, text: str) -> str:
        cell = context.get("cell", {})
        prefix = f"note-{cell.get('id', '')}-"
        return as_html(text, formulas, prefix=prefix, attachments=cell.get("attachments"))

    exporter = HTMLExporter(
        Config(
            {
                "NbConvertBase": {"display_data_priority": list(SHOWN)},
                "HighlightMagicsPreprocessor": {"enabled": True, "languages": COLOURED},
            }
        ),
        template_name="kit",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={
            "as_base64": _as_base64,
            "markdown2html": markdown,
            "latex2html": formulas.in_latex,
            "with_formulas": formulas.in_html,
        },
        log=logging.getLogger("kit.site"),
    )
    body, _ = exporter.from_notebook_node(_known(notebook), {"anchors": dict(anchors)})
    return str(body)


def _known(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook whose pictures are all of kinds that have a place in the template."""
    changed = copy.deepcopy(notebook)
    outputs = (one for cell in changed.cells for one in cell.get("outputs", ()))
    for output in outputs:
        data = output.get("data", {})
        kind = next((kind for kind in PICTURES if kind in data), None)
        if kind and not data.keys() & set(SHOWN[:-1]):
            said = html.escape(str(output.metadata.get(kind, {}).get("alt") or "Picture"))
            content = "".join(str(data[kind]).split())
            data["text/html"] = f'<img src="data:{kind};base64,{content}" alt="{said}">'
    return changed


def draw_formulas(state: dict[str, Any], formulas: Formulas) -> None:
    """Draw the formulas in widgets that show a text with formulas; they are changed in place."""
    for model in state.values():
        traits = model["state"]
        text = str(traits.get("value") or "")
        other = OF_FORMULAS.get(str(model.get("model_name")))
        if other is None:
            continue
        if model["model_name"] == "LabelModel":
            text = html.escape(text, quote=False)
        drawn = formulas.in_html(text)
        if drawn != text:
            model["model_name"] = traits["_model_name"] = f"{other}Model"
            traits["_view_name"] = f"{other}View"
            traits["value"] = drawn


def state_of(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Return the state of the widgets that executing a notebook has left: by their ids."""
    widgets = notebook.metadata.get("widgets", {})
    state: dict[str, Any] = widgets.get(STATE, {})
    return dict(state.get("state", {}))


def shown_models(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the ids of the widgets that cells show, in their order."""
    return [
        output["data"][VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if VIEW in output.get("data", {})
    ]


def _as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
