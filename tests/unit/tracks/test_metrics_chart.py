"""The figures by which runs are compared, against the metrics of their traces."""

from itertools import pairwise
from statistics import mean

import pytest

from kit import ArgumentError, Costs, Machine, Program
from kit.scenarios import SCENARIOS
from kit.tracks.metrics_chart import (
    MEASURES,
    MOST_AMOUNTS,
    Value,
    checked_measures,
    labelled_runs,
    round_amounts,
)

MEANS = ("turnaround", "response", "wait")


@pytest.mark.parametrize("name", ["three_jobs", "several_cores", "overlap_with_device", "full_ram"])
def test_values_are_those_of_the_trace(name):
    """Means are over the processes of a run, totals are its totals."""
    trace = SCENARIOS[name]()
    metrics = trace.metrics()
    for measure in MEANS:
        processes = metrics.processes.values()
        expected = mean(getattr(process, measure) for process in processes)
        assert MEASURES[measure].of(trace) == Value(pytest.approx(expected))
    for measure in set(MEASURES) - {*MEANS, "utilisation"}:
        assert MEASURES[measure].of(trace) == Value(metrics.totals[measure])
    busy = metrics.totals["busy"] / (trace.end * trace.settings.cores)
    assert MEASURES["utilisation"].of(trace).number == pytest.approx(100 * busy)


def test_every_total_can_be_shown():
    """There is a measure for every total of a run."""
    assert set(SCENARIOS["three_jobs"]().metrics().totals) <= set(MEASURES)


def test_what_has_not_ended_is_left_out_and_noted():
    """A mean is of those that have ended, and says how many are missing."""
    machine = Machine(costs=Costs(load_page=5))
    for ticks in (10, 20, 200):
        machine.launch(Program(f"work {ticks}", f"def main(): work({ticks})"))
    trace = machine.run(until=60)
    ended = [p.turnaround for p in trace.metrics().processes.values() if p.turnaround is not None]
    assert len(ended) == 2
    value = MEASURES["turnaround"].of(trace)
    assert value == Value(mean(ended), "1 of 3 processes, which had not ended")


def test_nothing_to_measure():
    """Where no process was there is no mean, and no division by zero."""
    trace = Machine().run()
    assert {name: measure.of(trace).text for name, measure in MEASURES.items()} == {
        **dict.fromkeys(MEASURES, "0"),
        **dict.fromkeys((*MEANS, "utilisation"), "none"),
    }


@pytest.mark.parametrize(
    ("number", "text"), [(None, "none"), (3, "3"), (2.25, "2.2"), (12345.0, "12,345"), (0.04, "0")]
)
def test_numbers_are_short(number, text):
    """A value is written with at most one decimal."""
    assert Value(number).text == text


@pytest.mark.parametrize("most", [0, 0.4, 1, 3, 4, 4.1, 9, 10, 41, 99, 12345, 1e9])
def test_amounts_are_round_and_few(most):
    """An axis begins at 0, reaches as far as it must and has a few round numbers."""
    amounts = round_amounts(most)
    assert amounts[0] == 0
    assert amounts[-1] >= most
    assert 2 <= len(amounts) <= MOST_AMOUNTS + 1
    assert len({round(b - a, 6) for a, b in pairwise(amounts)}) == 1
    assert str(int(amounts[1])).rstrip("0") in ("1", "2", "5")


def test_labels():
    """Runs are called by their labels, by their schedulers where these differ, or by number."""
    scenario = SCENARIOS["three_jobs"]
    one, other = scenario(policy="fifo"), scenario(policy="round robin", quantum=3)
    assert labelled_runs("who", {"a": one, "b": other}) == {"a": one, "b": other}
    assert labelled_runs("who", one) == {"first in, first out": one}
    assert list(labelled_runs("who", [one, other])) == [
        "first in, first out",
        "round robin, quantum 3",
    ]
    assert list(labelled_runs("who", [one, one])) == ["run 1", "run 2"]


@pytest.mark.parametrize("wrong", [None, [], {}, [1], {"a": 1}, {1: None}, "trace", Machine()])
def test_what_is_no_run(wrong):
    """Anything else is refused with what to give."""
    with pytest.raises(ArgumentError, match=r"^Metrics: .*give a (trace|text)"):
        labelled_runs("Metrics", wrong)


def test_empty_label():
    """A label is a text."""
    with pytest.raises(ArgumentError, match="a label is ''; give a text"):
        labelled_runs("Metrics", {"": SCENARIOS["three_jobs"]()})


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (("turnaruond",), "no measure 'turnaruond'; did you mean 'turnaround'"),
        ("speed", "no measure 'speed'; use one of turnaround, response"),
        ((1,), "no measure 1; use one of"),
        ((), "of is (); give names such as"),
        (None, "of is None; give names such as"),
    ],
)
def test_unknown_measures(wrong, hint):
    """A measure that does not exist is refused with what could be meant."""
    with pytest.raises(ArgumentError) as caught:
        checked_measures("Metrics", wrong)
    assert hint in str(caught.value)


def test_measures_by_name():
    """One name, a list or a tuple will do; repeated ones count once."""
    assert checked_measures("Metrics", "wait") == ("wait",)
    assert checked_measures("Metrics", ["wait", "ticks", "wait"]) == ("wait", "ticks")
