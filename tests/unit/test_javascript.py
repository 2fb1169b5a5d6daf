"""The JavaScript tests, which Node.js runs, and the types that JavaScript is checked with."""

import re
import subprocess
from pathlib import Path

import pytest
from anywidget import AnyWidget

from kit.widgets.answers.answers import Answers
from kit.widgets.answers.exercise_sheet import ExerciseSheet
from kit.widgets.answers.ideas import Ideas
from kit.widgets.answers.predict import Predict
from kit.widgets.pictures.frame_grid import FrameGrid
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.table import Table
from kit.widgets.pictures.tracks_model import Tracks
from kit.widgets.pictures.zoom import Zoom
from kit.widgets.runs.code_area import CodeArea
from kit.widgets.runs.graph_of_states import GraphOfStates
from kit.widgets.runs.run_status import RunStatus
from tests.node import FLAGS, REMEDY, find_node

ROOT = Path(__file__).parents[2]
JAVASCRIPT = ROOT / "tests" / "javascript"
TRAITS = (JAVASCRIPT / "types" / "traits.d.ts").read_text(encoding="utf-8")
TYPED = [
    *(Answers, CodeArea, ExerciseSheet, FrameGrid, GraphOfStates, Player),
    *(Ideas, Predict, RunStatus, Table, Tracks, Zoom),
]


def test_javascript():
    """Every JavaScript test passes."""
    node = find_node()
    assert node, REMEDY
    tests = sorted(JAVASCRIPT.glob("**/*.test.js"))
    assert tests, "There are no JavaScript tests in tests/javascript."
    done = subprocess.run(
        [node, *FLAGS, "--test", "--test-reporter=spec", *tests],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("widget", TYPED, ids=lambda widget: widget.__name__)
def test_traits_are_those_of_python(widget):
    """The page's types know just the traits that the class shares with it, by their names."""
    interface = re.search(
        rf"^interface {widget.__name__}Traits {{\n(.*?)^}}", TRAITS, re.MULTILINE | re.DOTALL
    )
    assert interface
    typed = set(re.findall(r"^  (\w+)\??:", interface[1], re.MULTILINE))
    shared = set(widget.class_trait_names(sync=True))
    shared -= {*AnyWidget.class_trait_names(sync=True), "_without_kernel"}
    assert typed == shared, "Bring tests/javascript/types/traits.d.ts up to date."
