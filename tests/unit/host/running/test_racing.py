"""The counts of results next to those of `explore`."""

import pytest

from kit.errors import ArgumentError
from kit.explore import explore
from kit.host import race, run
from kit.host.running.racing import RaceResult
from kit.scenarios import SCENARIOS

THREE = (((2, "count 3\n"),), ((2, 0, None),))
NINE = (((2, "count 9\n"),), ((2, 0, None),))


def test_results_are_put_next_to_the_possible_ones():
    """What came is counted, what could have come is named, what cannot be is found."""
    result = RaceResult(12, {THREE: 11, NINE: 1}, explore(SCENARIOS["lost_update"]))
    assert THREE in result.possible
    assert result.unexplained == (NINE,)
    lines = str(result).splitlines()
    assert lines[:2] == [
        "11 times: process 2 prints 'count 3\\n'",
        " 1 times: process 2 prints 'count 9\\n'",
    ]
    assert " 0 times: process 2 prints 'count 6\\n', which is possible" in lines
    assert len(lines) == 2 + len(result.possible) - 1


def test_what_is_asked_wrongly_is_told_before_anything_is_explored():
    """The error names the function that was called."""
    asked: list[dict[str, object]] = [{"times": 0}, {"seconds": 0}, {"memory": 1}]
    for arguments in asked:
        with pytest.raises(ArgumentError, match=r"^race: "):
            race(SCENARIOS["lost_update"], **arguments)
    for function, name in ((race, "race"), (run, "run")):
        with pytest.raises(ArgumentError, match=rf"^{name}: got 'text'"):
            function("text")


def test_each_result_has_its_share_of_the_runs_and_of_the_schedules():
    """In percent, as numbers that bars can show; what no schedule has, has none of them."""
    explored = explore(SCENARIOS["lost_update"])
    rows = RaceResult(12, {THREE: 11, NINE: 1}, explored).table
    assert rows.bars == ("runs (%)", "schedules (%)")
    assert rows.column("runs (%)")[:3] == (91.7, 8.3, 0.0)
    of_three = [one for one in explored.outcomes if one.output == {2: "count 3\n"}]
    share = 100 * sum(one.schedules or 0 for one in of_three) / (explored.schedules or 0)
    assert rows.column("schedules (%)")[0] == pytest.approx(share, rel=0.05)
    assert rows.column("schedules (%)")[1] == 0.0
    assert sum(part for part in rows.column("schedules (%)")) == pytest.approx(100, abs=0.3)


def test_shares_are_not_told_where_not_every_schedule_was_followed():
    """Nor is it said that a result is impossible."""
    explored = explore(SCENARIOS["lost_update"], limit=60)
    assert not explored.complete
    rows = RaceResult(1, {NINE: 1}, explored).table
    assert rows.column("possible in the model")[0] == "not found"
    assert set(rows.column("schedules (%)")) <= {0.0, "not counted"}
