"""Widgets that show a trace: views on a player, and the stage with all of them."""

from kit.widgets.address_spaces import AddressSpaces
from kit.widgets.answering import score
from kit.widgets.answers import Answers
from kit.widgets.compare import Compare
from kit.widgets.console import Console
from kit.widgets.cpu import Cpu
from kit.widgets.disk import Disk
from kit.widgets.editor import Editor
from kit.widgets.exercise import Exercise
from kit.widgets.files import Files
from kit.widgets.frames import Frames
from kit.widgets.heap_list import HeapList
from kit.widgets.lifecycle import Lifecycle
from kit.widgets.listing import Listing
from kit.widgets.metrics import Metrics
from kit.widgets.outcomes import Outcomes
from kit.widgets.perspective import Perspective
from kit.widgets.player import Player
from kit.widgets.predict import Predict
from kit.widgets.process_table import ProcessTable
from kit.widgets.sandbox import Sandbox, sandbox
from kit.widgets.stage import Stage
from kit.widgets.timeline import Timeline
from kit.widgets.views import VIEWS

__all__ = [
    "VIEWS",
    "AddressSpaces",
    "Answers",
    "Compare",
    "Console",
    "Cpu",
    "Disk",
    "Editor",
    "Exercise",
    "Files",
    "Frames",
    "HeapList",
    "Lifecycle",
    "Listing",
    "Metrics",
    "Outcomes",
    "Perspective",
    "Player",
    "Predict",
    "ProcessTable",
    "Sandbox",
    "Stage",
    "Timeline",
    "sandbox",
    "score",
]
