"""What the kit draws with of bqplot, told to bqplot's front half without its Python half.

bqplot's own classes bring numpy and pandas along, which take longer to import than all of the
kit, and which Python in a browser may not have. The state of these models is that of bqplot's;
a test compares them. A mark, an axis or a figure of bqplot itself fits in wherever one of these
does.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import traitlets

from kit.widgets.base.closing import living_widgets

MARKS, SCALES = ("bqplot", "^0.6.1"), ("bqscales", "^0.3")
"""Modules of the front half, and the versions that bqplot's Python half asks for."""
CATEGORY = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd")
CATEGORY_10 = (*CATEGORY, "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")

UP = "vertical"
BOTH_WAYS = {
    "x": {"orientation": "horizontal", "dimension": "x"},
    "y": {"orientation": UP, "dimension": "y"},
    "color": {"dimension": "color"},
}
LYING = {
    "x": {"orientation": UP, "dimension": "x"},
    "y": {"orientation": "horizontal", "dimension": "y"},
}
"""Of bars that lie."""


def numbers_to_json(value: Any, _widget: object = None) -> Any:
    """Return numbers as the front half takes them: 8 bytes each, in rows of the same length.

    Parameters
    ----------
    value : sequence or None
        Of numbers, or of such sequences; texts are told as they are.
    """
    if value is None or (value and isinstance(value[0], str)):
        return None if value is None else list(value)
    shape, flat = [len(value)], list(value)
    if flat and isinstance(flat[0], Sequence):
        shape.append(len(flat[0]))
        flat = [number for row in flat for number in row]
    numbers = array("d", flat)
    if len(numbers) != math.prod(shape):
        raise ValueError(f"rows of {shape[-1]} numbers were expected; give all the same length")
    return {"value": memoryview(numbers), "dtype": "float64", "shape": shape, "type": None}


def numbers_from_json(value: Any, _widget: object = None) -> Any:
    """Return numbers of the front half as a list."""
    if not isinstance(value, Mapping):
        return value
    numbers = array({"float64": "d", "float32": "f", "int32": "i", "uint32": "I"}[value["dtype"]])
    numbers.frombytes(bytes(value["value"]))
    flat = numbers.tolist()
    if len(value["shape"]) == 1:
        return flat
    rows, width = value["shape"]
    return [flat[row * width : (row + 1) * width] for row in range(rows)]


def _numbers(value: Any = None) -> Any:
    return traitlets.Any(value).tag(sync=True, to_json=numbers_to_json, from_json=numbers_from_json)


def _plain(value: Any = None) -> Any:
    """Return a synced trait for what is told as it is."""
    if isinstance(value, dict):
        return traitlets.Dict(value).tag(sync=True)
    if isinstance(value, list):
        return traitlets.List(value).tag(sync=True)
    return traitlets.Any(value).tag(sync=True)


def _widgets(trait: Any) -> Any:
    return trait.tag(sync=True, **living_widgets)


def _one(kind: type) -> Any:
    return _widgets(traitlets.Instance(kind, allow_none=True))


def _many() -> Any:
    return _widgets(traitlets.List(traitlets.Instance(ipywidgets.Widget)))


class Model(ipywidgets.Widget):
    """A model of bqplot's; it and its view are called as the class, and are found in `part`."""

    part = MARKS

    @traitlets.default("_model_name")
    def _named_as_class(self) -> str:
        return f"{type(self).__name__}Model"

    @traitlets.default("_view_name")
    def _shown_as_class(self) -> str:
        return type(self).__name__

    @traitlets.default("_model_module")
    def _module_of_model(self) -> str:
        return self.part[0]

    @traitlets.default("_view_module")
    def _module_of_view(self) -> str:
        return self.part[0]

    @traitlets.default("_model_module_version")
    def _version_of_model(self) -> str:
        return self.part[1]

    @traitlets.default("_view_module_version")
    def _version_of_view(self) -> str:
        return self.part[1]


class Scale(Model):
    """What places something along one way."""

    part = SCALES

    reverse, allow_padding = _plain(False), _plain(True)


class LinearScale(Scale):
    """Places numbers."""

    min, max = _plain(), _plain()
    mid_range, min_range = _plain(0.8), _plain(0.6)
    stabilized = _plain(False)


class OrdinalScale(Scale):
    """Places names, one after the other."""

    domain = _plain([])


class Axis(Model):
    """The line beside a figure that says what a scale places where."""

    scale = _one(ipywidgets.Widget)
    side, visible, label, grid_lines = _plain("bottom"), _plain(True), _plain(""), _plain("solid")
    tick_format, num_ticks, tick_rotate = _plain(), _plain(), _plain(0)
    tick_values, tick_labels, tick_style = _numbers(), _plain({}), _plain({})
    color, grid_color, label_color = _plain(), _plain(), _plain()
    label_location, label_offset, offset = _plain("middle"), _plain(), _plain({})


class Mark(Model):
    """What is drawn in a figure."""

    scales = _widgets(traitlets.Dict())
    scales_metadata = _plain(BOTH_WAYS)
    preserve_domain, display_legend, labels = _plain({}), _plain(False), _plain([])
    apply_clip, visible, enable_hover = _plain(True), _plain(True), _plain(True)
    selected, selected_style, unselected_style = _numbers(), _plain({}), _plain({})
    tooltip, tooltip_style = _one(ipywidgets.Widget), _plain({"opacity": 0.9})
    tooltip_location, interactions = _plain("mouse"), _plain({"hover": "tooltip"})
    x, y, color = _numbers([]), _numbers([]), _numbers()


class Lines(Mark):
    """Lines through points, or outlines."""

    colors, labels_visibility = _plain(list(CATEGORY_10)), _plain("none")
    line_style, interpolation, stroke_width = _plain("solid"), _plain("linear"), _plain(2.0)
    close_path, fill, curves_subset = _plain(False), _plain("none"), _plain([])
    opacities, fill_opacities, fill_colors = _plain([]), _plain([]), _plain([])
    marker, marker_size = _plain(), _plain(64)


class Label(Mark):
    """Texts."""

    scales_metadata = _plain(
        {**BOTH_WAYS, **{name: {"dimension": name} for name in ("size", "opacity", "rotation")}}
    )
    text, colors, align = _plain([]), _plain(list(CATEGORY_10)), _plain("start")
    default_size, font_unit, font_weight = _plain(16.0), _plain("px"), _plain("bold")
    size, rotation, opacity, opacities = _numbers(), _numbers(), _numbers(), _numbers([])
    x_offset, y_offset, rotate_angle, drag_size = _plain(0), _plain(0), _plain(0.0), _plain(1.0)
    enable_delete, enable_move, update_on_move = _plain(False), _plain(False), _plain(False)
    restrict_x, restrict_y = _plain(False), _plain(False)
    hovered_point, hovered_style, unhovered_style = _plain(), _plain({}), _plain({})


class Bars(Mark):
    """Bars, upright or lying."""

    colors, color_mode = _plain(["steelblue"]), _plain("auto")
    stroke, stroke_width, fill, padding = _plain(), _plain(1.0), _plain(True), _plain(0.05)
    type, align, base, orientation = _plain("stacked"), _plain("center"), _plain(0.0), _plain(UP)
    opacities, opacity_mode = _plain([]), _plain("auto")
    label_display, label_display_format, label_font_style = _plain(False), _plain(".2f"), _plain({})
    label_display_horizontal_offset, label_display_vertical_offset = _plain(0.0), _plain(0.0)

    @traitlets.default("scales_metadata")
    def _along(self) -> dict[str, dict[str, str]]:
        """Return which scale runs which way, as the bars stand or lie when they are made."""
        return BOTH_WAYS if self.orientation == UP else LYING


class Figure(Model, ipywidgets.DOMWidget):
    """Marks and axes on one ground."""

    title, theme, title_style = _plain(""), _plain("classic"), _plain({})
    axes, marks, interaction = _many(), _many(), _one(ipywidgets.Widget)
    scale_x, scale_y = _one(ipywidgets.Widget), _one(ipywidgets.Widget)
    fig_margin = _plain(dict.fromkeys(("top", "bottom", "left", "right"), 60))
    padding_x, padding_y, auto_layout = _plain(0.0), _plain(0.025), _plain(False)
    min_aspect_ratio, max_aspect_ratio, pixel_ratio = _plain(0.01), _plain(100.0), _plain()
    background_style, animation_duration = _plain({}), _plain(0)
    legend_style, legend_text, legend_location = _plain({}), _plain({}), _plain("top-right")
    display_toolbar = _plain(True)

    @traitlets.default("scale_x")
    def _whole_width(self) -> LinearScale:
        return LinearScale(min=0.0, max=1.0, allow_padding=False)

    @traitlets.default("scale_y")
    def _whole_height(self) -> LinearScale:
        return LinearScale(min=0.0, max=1.0, allow_padding=False)
