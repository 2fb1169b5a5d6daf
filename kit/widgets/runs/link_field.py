"""The field into which a link to a run is pasted; on a site's page it takes that of the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import Gesture, ScriptWidget


class LinkField(ScriptWidget):
    """Takes a link to a run.

    Parameters
    ----------
    take : callable
        Takes the text of a link.
    """

    _esm = module("dom.js", "link_field.js")
    _css = style("link_field.css")
    _without_kernel = traitlets.Dict(
        {"how": "text", "words": "Opening a link to a run needs a kernel"}
    ).tag(sync=True)

    def __init__(self, take: Callable[[str], object]) -> None:
        super().__init__()
        self._take = take
        self.on_msg(self._take_message)

    def _take_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        link = content.get("link") if isinstance(content, dict) else None
        if isinstance(link, str):
            self._take(link)

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it now."""
        return [{"says": "was given a link", "send": {"do": "open", "link": "#run=1.x"}}]

    def __repr__(self) -> str:
        return "<LinkField>"
