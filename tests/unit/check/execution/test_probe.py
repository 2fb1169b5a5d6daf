"""What the probe reads of widgets that say something of themselves, without any kernel."""

import sys

import ipywidgets
import pytest

from kit.check.execution.probing import INSTALL, PROBE

for expression in INSTALL:
    eval(expression)  # noqa: S307 - as a kernel does, in which both files become one module
probe = sys.modules[PROBE]


class Pad(ipywidgets.VBox):
    """A widget of a notebook, which knows nothing of the kit."""

    def _kit_gestures_(self):
        return [{"says": "was clicked", "send": {"at": 1}}]

    def _kit_asks_(self):
        return {"key": "k", "kind": "own", "prompt": "Which?", "choices": ["a", "b"], "right": [1]}

    def _kit_shows_(self):
        return self.children[:1]


class Broken(ipywidgets.VBox):
    """One whose class has a mistake."""

    def _kit_gestures_(self):
        return self.children[0]


@pytest.fixture
def pad():
    """A pad that shows one of its two parts."""
    made = Pad([ipywidgets.Label("a"), ipywidgets.Label("b")])
    yield made
    made.close()


def of(told, widget):
    """Return what is told of a widget."""
    return [one for one in told if one["id"] == widget.model_id]


def test_a_widget_of_anybody_says_what_can_be_done_and_what_it_asks(pad):
    """Its class need not be of the kit, and need not have JavaScript."""
    (found,) = of(probe.operable({}), pad)
    assert found["gestures"] == [{"says": "was clicked", "send": {"at": 1}}]
    assert found["kind"] == "Pad"
    (asked,) = of(probe.predictions(), pad)
    assert asked["right"] == [1]
    (seen,) = of(probe.asked([pad.model_id]), pad)
    assert (seen["what"], seen["seen"], seen["playable"]) == ("Pad", True, True)
    assert not of(probe.asked([]), pad)[0]["seen"]


def test_only_what_a_widget_shows_is_seen(pad):
    """What it holds besides may be anywhere."""
    shown, hidden = (child.model_id for child in pad.children)
    seen = probe._reached([pad.model_id])
    assert shown in seen
    assert hidden not in seen


def test_a_mistake_in_what_a_widget_says_is_told_as_its_failure():
    """It ends neither the check nor what is known of other widgets."""
    broken = Broken()
    assert of(probe.operable({}), broken) == []
    (failed,) = of(probe.after()["failed"], broken)
    assert (failed["kind"], failed["text"]) == ("Broken", "IndexError: tuple index out of range")
    broken.close()


@pytest.mark.parametrize(
    ("method", "says", "wrong"),
    [
        ("_kit_gestures_", ["click"], "TypeError: 'click' is no dict with 'says', and 'send' or"),
        (
            "_kit_gestures_",
            [{"says": "was clicked"}],
            "is no dict with 'says', and 'send' or 'set'",
        ),
        ("_kit_gestures_", [{"send": 1}], "is no dict with 'says', and 'send' or 'set'"),
        ("_kit_gestures_", [{"says": "", "set": {"angel": 1}}], "has no attribute 'angel'"),
        ("_kit_gestures_", [{"says": "", "send": {1}}], "set is not JSON serializable"),
        ("_kit_asks_", "Which?", "'Which?' is no dict with texts as 'key', 'kind' and 'prompt'"),
        ("_kit_asks_", {"key": "k", "kind": "own"}, "is no dict with texts as 'key', 'kind' and"),
        (
            "_kit_asks_",
            {"key": "k", "kind": "own", "prompt": "Which?", "choices": ["a"]},
            "has 'choices' and not which are 'right'",
        ),
        ("_kit_failure_", "it is broken", "TypeError: 'it is broken' is no exception"),
        ("_kit_shows_", 1, "TypeError: 'int' object is not iterable"),
    ],
)
def test_what_a_widget_says_in_a_wrong_form_is_told_with_its_method(method, says, wrong):
    """The check goes on as if the widget said nothing."""
    widget = type("Dial", (ipywidgets.VBox,), {method: lambda _self: says})()
    assert of(probe.operable({}), widget) == of(probe.predictions(), widget) == []
    assert widget.model_id in probe._reached([widget.model_id])
    (failed,) = of(probe.failed_runs(), widget)
    assert (failed["kind"], failed["asked"]) == ("Dial", method)
    assert wrong in failed["text"]
    widget.close()
