"""The `AddressSpaces` view."""

from __future__ import annotations

from kit.tracks import address_spaces
from kit.widgets.view import View


class AddressSpaces(View):
    """What each process was given: a column of segments with their content.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("RAM", "address spaces")
    lay_out = staticmethod(address_spaces)
