"""`RealMachine`: what is seen in it of each kind of look, and what it says of it."""

from pathlib import Path

import pytest

from kit import ArgumentError
from kit.explore import explore
from kit.host import HostTable, RaceResult
from kit.host.look import VARIABLE
from kit.host.recordings import Found
from kit.scenarios import lost_update
from kit.widgets import AddressSpaces, RealMachine, Timeline
from kit.widgets.pictures.table import Table
from tests.unit.host.running.logs import real_run
from tests.unit.host.test_look import FORK, SPACE, TABLE


@pytest.mark.parametrize(
    ("found", "shows"),
    [(TABLE, Table), (SPACE, AddressSpaces), (FORK, AddressSpaces), (real_run(), Timeline)],
    ids=repr,
)
def test_each_look_has_its_picture(found: Found, shows: type, tmp_path: Path):
    """A table, address spaces, or the timeline of a run."""
    made = RealMachine(lambda: found, tmp_path / "look.json")
    assert any(isinstance(part, shows) for part in made.children)
    assert str(found) in made.in_words
    assert "on this computer" in made.children[0].value
    made.close()


def test_a_run_is_compared_with_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As a table, in which a recording is called one."""
    file = tmp_path / "look.json"
    model = lost_update()
    RealMachine(real_run, file, model=model).look.save()
    monkeypatch.setenv(VARIABLE, "recorded")
    made = RealMachine(real_run, file, model=model)
    (table,) = (part for part in made.children if isinstance(part, Table))
    assert table.headings == ["what", "model", "recording", "equal?"]
    assert "Different: time: " in made.in_words
    assert "a recording" in made.children[0].value
    made.close()


def test_a_table_shows_what_the_system_told(tmp_path: Path):
    """Each cell as text, and the notes below it."""
    made = RealMachine(lambda: TABLE, tmp_path / "look.json")
    (table,) = (part for part in made.children if isinstance(part, Table))
    assert table.text() == [["print", "3"], ["io", "0.5"]]
    assert table.numbers == [1]
    assert table.caption == "Counted."
    made.close()


def test_bars_of_a_table_without_texts_are_named_by_its_first_column(tmp_path: Path):
    """A table of numbers alone has bars, too."""
    numbers = HostTable(("threads", "seconds"), ((1, 0.5), (2, 0.25)), bars=("seconds",))
    made = RealMachine(lambda: numbers, tmp_path / "look.json")
    (room,) = (part for part in made.children if "kit-charts" in part._dom_classes)
    (bars,) = (figure.marks[0] for figure in room.children)
    assert (list(bars.x), list(bars.y)) == (["1", "2"], [0.5, 0.25])
    made.close()


def test_a_model_is_a_simulated_run(tmp_path: Path):
    """A real one next to a real one would say nothing of the model."""
    with pytest.raises(ArgumentError, match="give the simulated one"):
        RealMachine(real_run, tmp_path / "look.json", model=real_run().trace)


def test_a_race_has_bars_of_its_runs_and_of_all_schedules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Side by side with one scale, when it runs as when it was recorded."""
    three = (((2, "count 3\n"),), ((2, 0, None),))
    raced = RaceResult(40, {three: 40}, explore(lost_update))
    file = tmp_path / "look.json"
    RealMachine(lambda: raced, file).look.save()
    for found in ("", "recorded"):
        monkeypatch.setenv(VARIABLE, found)
        made = RealMachine(lambda: raced, file)
        (room,) = (part for part in made.children if "kit-charts" in part._dom_classes)
        runs, schedules = (figure.marks[0] for figure in room.children)
        assert list(runs.y) == [100] + [0] * (len(raced.possible) - 1)
        assert 0 < schedules.y[0] < 100
        assert [name[:26] for name in runs.x] == [name[:26] for name in schedules.x]
        assert runs.scales["y"].max == schedules.scales["y"].max == 100
        (table,) = (part for part in made.children if isinstance(part, Table))
        assert table.headings == [*raced.table.headings]
        made.close()
