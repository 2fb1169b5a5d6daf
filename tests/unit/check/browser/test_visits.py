"""A visit to a notebook: how long its page is waited for."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kit.check.browser import visits
from kit.check.browser.lab import Lab
from kit.check.browser.visits import BUSY_SECONDS, Visit


class SlowPage:
    """A page that presses one button for each time it is asked, of many."""

    def __init__(self, buttons: int) -> None:
        self.buttons = buttons
        self.limits: list[float] = []
        self.log = SimpleNamespace(traffic=None)

    def ask(self, call: str, argument: int, seconds: float) -> dict[str, Any]:
        """Press the next button, which raises an exception if it is the third."""
        assert call == "press"
        self.limits.append(seconds)
        raised = [{"cell": 1, "label": "third", "message": "no"}] if argument == 2 else []
        return {"raised": raised, "next": argument + 1, "done": argument + 1 == self.buttons}


def test_each_button_may_take_its_time(monkeypatch: pytest.MonkeyPatch):
    """However many there are: a page that answers is not told to have stopped."""
    monkeypatch.setattr(visits, "_come_to_rest", lambda _traffic: "done")
    monkeypatch.setattr(visits, "_note_errors", lambda _lab, _seen: None)
    page, seen = SlowPage(200), Visit()
    visits._press(cast(Lab, page), seen)
    assert page.limits == [BUSY_SECONDS] * 200
    assert [one["label"] for one in seen.raised] == ["third"]
    assert seen.end == "done"
