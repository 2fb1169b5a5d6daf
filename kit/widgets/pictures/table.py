"""A table whose cells the player drives."""

from __future__ import annotations

import traitlets

from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import ScriptWidget


class Table(ScriptWidget):
    """A table in real HTML, so that it needs no other text alternative; see `Picture.table`.

    Attributes
    ----------
    caption : str
    headings : list of str
    rows : list of (list of str)
        What stands in cells that do not change.
    live : list of int
        Columns whose cells change.
    cells : list of str
        What stands in those, row after row.
    changed : list of int
        Which of the cells changed at the tick that is shown; set in the browser.
    states : list of str
        A look for each row.
    mono, numbers : list of int
        Columns of program text, columns of figures.
    code : dict of str to str
        Columns that hold lines of a program, and in which language.
    parents : list of int
        For each row the row it folds away under, or -1.
    height : int
        Pixels above which it scrolls; 0 for never.
    about : list of str
        The key of what each row is about; "" or nothing for what cannot be pointed at.
    subjects : list of str
        The keys of what each live cell is about now, with `kit.tracks.subjects.BETWEEN` between
        them.
    by_text : dict of str to str
        The same by the text of a cell, where that tells it.
    pointed : str
        The key of what a person points at; set in the browser.
    """

    _esm = module("dom.js", "changed_cells.js", "pointed_cells.js", "syntax.js", "table.js")
    _css = style("table.css", "syntax.css", "changed_cells.css")

    caption = traitlets.Unicode("").tag(sync=True)
    headings: traitlets.List[str] = traitlets.List().tag(sync=True)
    rows: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    live: traitlets.List[int] = traitlets.List().tag(sync=True)
    cells: traitlets.List[str] = traitlets.List().tag(sync=True)
    changed: traitlets.List[int] = traitlets.List().tag(sync=True)
    states: traitlets.List[str] = traitlets.List().tag(sync=True)
    mono: traitlets.List[int] = traitlets.List().tag(sync=True)
    numbers: traitlets.List[int] = traitlets.List().tag(sync=True)
    code: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    parents: traitlets.List[int] = traitlets.List().tag(sync=True)
    height = traitlets.Int(0).tag(sync=True)
    about: traitlets.List[str] = traitlets.List().tag(sync=True)
    subjects: traitlets.List[str] = traitlets.List().tag(sync=True)
    by_text: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    pointed = traitlets.Unicode("").tag(sync=True)

    def text(self) -> list[list[str]]:
        """Return what stands in the table now, row by row; hidden rows are left out."""
        cells, shown = iter(self.cells), []
        for row, state in zip(self.rows, self.states, strict=True):
            full = [next(cells) if place in self.live else text for place, text in enumerate(row)]
            if "hidden" not in state.split():
                shown.append(full)
        return shown

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self.headings)}; {len(self.rows)} rows>"


class TableAlone(Table):
    """A table where there may be no player on the page, which has the style sheet for all."""

    _css = style("table.css", "ground.css", "charts.css", "metrics.css")
