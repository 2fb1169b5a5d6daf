"""Widgets that show a trace: views on a player, and the stage with all of them."""

from kit.widgets.address_spaces import AddressSpaces
from kit.widgets.compare import Compare
from kit.widgets.cpu import Cpu
from kit.widgets.disk import Disk
from kit.widgets.player import Player
from kit.widgets.predict import Predict
from kit.widgets.stage import Stage
from kit.widgets.timeline import Timeline
from kit.widgets.views import VIEWS

__all__ = [
    "VIEWS",
    "AddressSpaces",
    "Compare",
    "Cpu",
    "Disk",
    "Player",
    "Predict",
    "Stage",
    "Timeline",
]
