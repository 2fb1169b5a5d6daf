"""What the kit's composed widgets share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ipywidgets

from kit.widgets.base.closing import ClosesParts, close_all
from kit.widgets.base.widget import Described


class KitBox(Described, ClosesParts, ipywidgets.VBox):
    """A column of widgets that closes with all it is made of, and says what it shows."""

    folds = True

    @property
    def release_channel(self) -> Any:
        """What reports that it is no longer shown: its player, if it has one."""
        return getattr(self, "player", None)

    def close(self) -> None:
        """Take it off the page, and leave no model of it behind."""
        if self.comm is not None:
            close_all(self)

    def _kit_shows_(self) -> Iterable[ipywidgets.Widget]:
        """Return the widgets that are seen in it."""
        return tuple(self.children)
