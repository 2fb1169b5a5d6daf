"""What the kit's composed widgets share."""

from __future__ import annotations

from typing import Any

import ipywidgets

from kit.widgets.base.closing import ClosesParts, close_all
from kit.widgets.base.described import described
from kit.widgets.base.own_cell import InItsCell


class KitBox(InItsCell, ClosesParts, ipywidgets.VBox):
    """A column of widgets that closes with all it is made of, and says what it shows."""

    @property
    def speaker(self) -> Any:
        """Who knows in the page whether it is still shown: its player, if it has one."""
        return getattr(self, "player", None)

    def close(self) -> None:
        """Take it off the page, and leave no model of it behind."""
        if self.comm is not None:
            close_all(self)

    @property
    def in_words(self) -> str:
        """What it shows, for readers of a stored notebook, where no widget can be shown."""
        return repr(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return described(super()._repr_mimebundle_(**kwargs), self.in_words, fold=True)
