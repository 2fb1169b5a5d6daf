"""The `AddressSpaces` view."""

from __future__ import annotations

import traitlets
from ipywidgets.widgets.trait_types import TypedTuple

from kit.tracks.memory.address_spaces import DETAILS, address_spaces
from kit.widgets.view import View


class AddressSpaces(View):
    """What each process was given: a column of segments with their content.

    Up to six processes stand side by side with what is in them; up to 24 are shown as an
    overview in several rows, and of more the first 24.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    detail : str
        "overview" for names and sizes of segments, "values" also for what is in them,
        "pages" also for the frame behind each page; default "values".
    pids : tuple of int
        Which processes are shown, in this order; default (), the first ones. Pids that do
        not exist in the run are named below the picture.
    """

    heading = ("RAM", "address spaces")
    lay_out = staticmethod(address_spaces)

    detail = traitlets.Enum(DETAILS, default_value="values").tag(option=True)
    pids = TypedTuple(trait=traitlets.Int(), default_value=()).tag(option=True)
