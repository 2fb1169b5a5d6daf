"""Ids of widgets that are the same whenever a notebook is run."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from kit.authoring.running import Opened
from kit.authoring.site.identities import STATE, VIEW, name_models

ONE, TWO, THREE, STRANGE = (digit * 32 for digit in "abcd")


def test_models_are_called_after_their_cells():
    """State, references and outputs have the new ids; what nobody has opened keeps its own."""
    output = new_output("display_data", {VIEW: {"model_id": TWO}})
    notebook = new_notebook(cells=[new_code_cell(""), new_code_cell("", outputs=[output])])
    state = {
        ONE: {"state": {"children": [f"IPY_MODEL_{TWO}"]}},
        TWO: {"state": {"text": f"{STRANGE} stays"}},
        THREE: {"state": {}},
    }
    notebook.metadata["widgets"] = {STATE: {"state": state}}
    opened = [Opened(1, TWO, "LayoutModel"), Opened(1, ONE, "BoxModel"), Opened(3, THREE, "Label")]
    made = name_models(notebook, opened)
    assert made == {1: ["LayoutModel", "BoxModel"], 3: ["Label"]}
    assert notebook.metadata["widgets"][STATE]["state"] == {
        "c1-2": {"state": {"children": ["IPY_MODEL_c1-1"]}},
        "c1-1": {"state": {"text": f"{STRANGE} stays"}},
        "c3-1": {"state": {}},
    }
    assert notebook.cells[1].outputs[0].data[VIEW]["model_id"] == "c1-1"


def test_a_notebook_without_widgets_stays_as_it_is():
    """Where nothing was opened nothing is renamed."""
    notebook = new_notebook(cells=[new_code_cell("1")])
    assert name_models(notebook, []) == {}
    assert "widgets" not in notebook.metadata
