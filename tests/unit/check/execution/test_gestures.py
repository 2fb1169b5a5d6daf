"""What a person can do with a widget, and what a page sends for it."""

from typing import Any

import pytest

from kit.check.execution.gestures import CONTROLS, MOST_CHOICES, Gesture, Operable, gestures


def done(model: str, state: dict[str, Any], **more: Any) -> list[Gesture]:
    """Return what can be done with a widget of a kind."""
    told = {"id": "1", "model": model, "kind": "Widget", "label": "", "state": state, **more}
    return list(gestures(Operable.of(told)))


def values(model: str, state: dict[str, Any], name: str = "value") -> list[Any]:
    """Return the values that a trait is given."""
    return [gesture.data["state"][name] for gesture in done(model, state)]


@pytest.mark.parametrize(
    ("model", "state", "expected"),
    [
        ("IntSliderModel", {"min": 0, "max": 10, "step": 1}, [0, 5, 10]),
        ("IntSliderModel", {"min": 1, "max": 10, "step": 3}, [1, 7, 10]),
        ("IntSliderModel", {"min": 4, "max": 4, "step": 1}, [4]),
        ("IntSliderModel", {"min": 0, "max": 1, "step": 1}, [0, 1]),
        ("FloatSliderModel", {"min": 0.0, "max": 1.0, "step": 0.5}, [0.0, 0.5, 1.0]),
        ("BoundedFloatTextModel", {"min": 0.0, "max": 1.0, "step": None}, [0.0, 0.5, 1.0]),
        ("BoundedFloatTextModel", {"min": 0.0, "max": float("inf"), "step": None}, []),
        ("IntRangeSliderModel", {"min": 0, "max": 4, "step": 1}, [[0, 0], [0, 4], [4, 4]]),
        ("CheckboxModel", {"value": True}, [False]),
        ("TextModel", {"value": "ab"}, ["abx", ""]),
    ],
)
def test_numbers_and_texts(model: str, state: dict[str, Any], expected: list[Any]):
    """A slider goes to both ends and the middle, on the grid of its steps."""
    assert values(model, {"value": 0, **state}) == expected


def test_every_choice_of_a_list_is_tried_and_many_are_spread():
    """A short list is tried as a whole, a long one with both its ends."""
    short = values("DropdownModel", {"index": None, "_options_labels": ["a", "b"]}, "index")
    assert short == [0, 1]
    labels = [str(number) for number in range(1000)]
    long = values("SelectModel", {"index": 0, "_options_labels": labels}, "index")
    assert len(long) == len(set(long)) == MOST_CHOICES
    assert (long[0], long[-1]) == (0, 999)
    assert values("SelectionSliderModel", {"index": None, "_options_labels": []}, "index") == []


def test_what_was_there_before_can_be_set_back():
    """A gesture remembers what it changes; a click changes nothing."""
    (gesture,) = done("ToggleButtonModel", {"value": False})
    assert dict(gesture.back) == {"value": False}
    (click,) = done("ButtonModel", {})
    assert click.data == {"method": "custom", "content": {"event": "click"}}
    assert not click.back


def test_nobody_can_choose_nothing_again():
    """A list that had no choice is not set back to none, which no page offers."""
    for model in ("DropdownModel", "SelectModel", "RadioButtonsModel", "SelectionSliderModel"):
        before = {"index": None, "_options_labels": ["tea", "coffee"]}
        assert all(gesture.back == {} for gesture in done(model, before))
        assert all(gesture.back == {"index": 1} for gesture in done(model, {**before, "index": 1}))


def test_what_a_widget_says_can_be_done_is_done():
    """A message is sent as it stands; what is set can be set back."""
    says = [
        {"says": "was clicked", "send": {"at": [1, 2]}},
        {"says": "was turned", "set": {"angle": 90}},
    ]
    sent, turned = done("AnyModel", {"angle": 7}, gestures=says)
    assert (sent.deed, sent.data) == (
        "was clicked",
        {"method": "custom", "content": {"at": [1, 2]}},
    )
    assert (turned.data["state"], dict(turned.back)) == ({"angle": 90}, {"angle": 7})


def test_every_control_says_what_has_to_be_known_of_it():
    """No gesture needs a trait that is not asked for."""
    known = {
        "_options_labels": ["a"],
        "base": 10.0,
        "children": 1,
        "ensure_option": False,
        "index": 0,
        "max": 4,
        "min": 0,
        "options": ["a"],
        "selected_index": 0,
        "step": 1,
        "value": 1,
    }
    for model, control in CONTROLS.items():
        assert done(model, {name: known[name] for name in control.traits}), model
