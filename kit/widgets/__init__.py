"""Widgets that show a trace: views on a player, and the stage with all of them."""

from kit.answering.notebook import score
from kit.widgets.answers.answers import Answers
from kit.widgets.answers.exercise import Exercise
from kit.widgets.answers.explain import Explain
from kit.widgets.answers.ideas import Ideas
from kit.widgets.answers.predict import Predict
from kit.widgets.answers.review import Review
from kit.widgets.answers.scheduling import Scheduling
from kit.widgets.compare import Compare
from kit.widgets.moments import Moments
from kit.widgets.pictures.player import Player
from kit.widgets.runs.editor import Editor
from kit.widgets.runs.host_monitor import HostMonitor
from kit.widgets.runs.metrics import Metrics
from kit.widgets.runs.outcomes import Outcomes
from kit.widgets.runs.real_machine import RealMachine
from kit.widgets.runs.sandbox import Sandbox, sandbox
from kit.widgets.stage import Stage
from kit.widgets.views import (
    VIEWS,
    AddressSpaces,
    Console,
    Cpu,
    Crossing,
    Disk,
    Files,
    Frames,
    HeapList,
    Lifecycle,
    Listing,
    Perspective,
    ProcessTable,
    Timeline,
    Translation,
)

__all__ = [
    "VIEWS",
    "AddressSpaces",
    "Answers",
    "Compare",
    "Console",
    "Cpu",
    "Crossing",
    "Disk",
    "Editor",
    "Exercise",
    "Explain",
    "Files",
    "Frames",
    "HeapList",
    "HostMonitor",
    "Ideas",
    "Lifecycle",
    "Listing",
    "Metrics",
    "Moments",
    "Outcomes",
    "Perspective",
    "Player",
    "Predict",
    "ProcessTable",
    "RealMachine",
    "Review",
    "Sandbox",
    "Scheduling",
    "Stage",
    "Timeline",
    "Translation",
    "sandbox",
    "score",
]
