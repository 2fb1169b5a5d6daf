"""Looks at the real machine: done where they can be, else as they were recorded."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from IPython.lib.pretty import pretty

from kit.errors import ArgumentError
from kit.explore import explore
from kit.files import FileError
from kit.host import ForkMemory, HostError, HostTable, HostTrace, RaceResult, look
from kit.host.look import VARIABLE
from kit.host.looking.memory import Footprint, HostAddressSpace, Region
from kit.host.recordings import Found
from kit.scenarios import lost_update
from tests.unit.host.running.logs import real_run

TABLE = HostTable(("call", "times"), (("print", 3), ("io", 0.5)), ("Counted.",))
SPACE = HostAddressSpace(
    7,
    "cat",
    (
        Region(4096, 8192, "r-xp", "cat", "code", 4096),
        Region(12288, 16384, "rw-p", "[heap]", "heap", 0),
    ),
    Footprint(9000, 8000, 7000, 2000, 5, 0),
    {},
    ("Nothing else.",),
)
FORK = ForkMemory(1, ((SPACE,), (SPACE, SPACE), (SPACE, SPACE)))


def elsewhere() -> Found:
    """Look where that is not possible."""
    raise HostError("switches: this is a toaster")


@pytest.mark.parametrize("found", [TABLE, SPACE, FORK, real_run()], ids=repr)
def test_what_was_seen_is_the_same_as_a_recording(
    found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It is shown where nothing runs for real, and says so."""
    file = tmp_path / "recorded" / "look.json"
    now = look(lambda: found, file).save()
    assert not now.recorded
    monkeypatch.setenv(VARIABLE, "recorded")
    again = look(elsewhere, str(file))
    assert again.recorded
    assert "recording" in again.sentence
    assert str(again.found) == str(found)
    assert (again.table is None) == (again.trace is not None)
    with pytest.raises(HostError, match="is what is shown"):
        again.save()


def test_the_last_value_of_a_cell_is_shown_as_print_shows_it(tmp_path: Path):
    """And not as the fields of a dataclass."""
    race = RaceResult(0, {}, explore(lost_update))
    for found in (TABLE, FORK, race, look(lambda: TABLE, tmp_path / "look.json")):
        assert pretty(found) == str(found)


def test_a_race_is_recorded_as_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With each result that came or could have come, and how often."""
    race = RaceResult(0, {}, explore(lost_update))
    look(lambda: race, tmp_path / "race.json").save()
    monkeypatch.setattr(sys, "platform", "emscripten")
    found = look(elsewhere, tmp_path / "race.json")
    assert found.table == race.table
    assert len(race.table.rows) == len(race.possible)


def test_paths_of_the_computer_are_not_recorded(tmp_path: Path):
    """A recording is published; it says what was mapped, not where that lay."""
    region = SPACE.regions[0]._replace(path="/home/ada/bin/cat")
    space = HostAddressSpace(7, "cat", (region,), None)
    look(lambda: space, tmp_path / "space.json").save()
    assert "ada" not in (tmp_path / "space.json").read_text("utf-8")


def test_what_cannot_be_done_here_is_shown_as_recorded(tmp_path: Path):
    """And the sentence says why; without a recording it is an error that does."""
    with pytest.raises(HostError, match=r"no such file.*toaster"):
        look(elsewhere, tmp_path / "look.json")
    look(lambda: TABLE, tmp_path / "look.json").save()
    assert "toaster" in look(elsewhere, tmp_path / "look.json").sentence


def test_a_page_without_its_recording_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """It is the error of the file."""
    monkeypatch.setenv(VARIABLE, "recorded")
    with pytest.raises(FileError):
        look(lambda: TABLE, tmp_path / "none.json")


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"format": "other"},
        {"rows": [["print"]]},
        {"rows": [["print", None]]},
        {"rows": [["print", float("nan")]]},
        {"rows": [["print", float("inf")]]},
        {"rows": [["print", 10**400]]},
        {"bars": ["seconds"]},
        {"headings": 3},
        {"cores": "two"},
    ],
)
def test_damage_is_a_sentence(change: dict[str, Any], tmp_path: Path):
    """What was not written by the kit is refused as a whole."""
    file = tmp_path / "look.json"
    look(lambda: TABLE, file).save()
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(HostError, match=r"look.json: .*; record it again"):
        look(elsewhere, file)


@pytest.mark.parametrize("moments", [[], [[]], [[1]], [[["x", "cat", [], None, []]]]])
def test_damaged_address_spaces_are_a_sentence(moments: Any, tmp_path: Path):
    """However they are nested."""
    file = tmp_path / "look.json"
    look(lambda: SPACE, file).save()
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"moments": moments}), "utf-8")
    with pytest.raises(HostError, match="cannot be so"):
        look(elsewhere, file)


def test_what_is_no_look_is_refused(tmp_path: Path):
    """A function is called, and what it returns is known."""
    with pytest.raises(ArgumentError, match="lambda"):
        look(TABLE, tmp_path / "a.json")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="it returned str"):
        look(lambda: "seen", tmp_path / "a.json")  # type: ignore[arg-type, return-value]
    assert isinstance(look(real_run, tmp_path / "a.json").found, HostTrace)
