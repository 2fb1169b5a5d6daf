"""The table of processes that were watched: each cell at each look."""

from hypothesis import given
from hypothesis import strategies as st

from kit.host.looking.watching import HostWatch, Look, Sample
from kit.tracks.system.watched import watched
from tests.examples import examples

SAMPLES = st.builds(
    Sample,
    st.just("a"),
    st.integers(1, 3),
    st.just(0),
    st.sampled_from(["running", "sleeping"]),
    st.none() | st.floats(0, 200),
    st.none() | st.integers(0, 1 << 30),
    st.integers(1, 3),
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
)
LOOKS = st.lists(st.dictionaries(st.integers(2, 5), SAMPLES, max_size=3), min_size=2, max_size=8)


@given(looks=LOOKS)
@examples(30)
def test_every_cell_is_what_was_seen(looks: list[dict[int, Sample]]) -> None:
    """A row appears with its process, follows it, and stays, greyed, when that has ended."""
    watch = HostWatch([Look(float(n), samples) for n, samples in enumerate(looks)], 1.0)
    picture = watched(watch.trace)
    pids = [*dict.fromkeys(pid for samples in looks for pid in samples)]
    for tick, samples in enumerate(looks):
        cells, states = (
            picture.channels["processes", name].at(tick) for name in ("cells", "states")
        )
        for row, pid in enumerate(pids):
            was_there = any(pid in before for before in looks[: tick + 1])
            assert states[row] == ("" if pid in samples else "ended" if was_there else "hidden")
            if pid in samples:
                assert tuple(cells[row * 7 : row * 7 + 7]) == samples[pid].cells()


def test_a_long_watching_shows_some_of_its_looks() -> None:
    """So many cells change at most that the page stays quick."""
    samples = {pid: Sample("a", 1, 0, "running", pid, 0, 1, 1, 1) for pid in range(2, 32)}
    looks = [
        Look(float(n), {pid: s._replace(voluntary=n) for pid, s in samples.items()})
        for n in range(1200)
    ]
    picture = watched(HostWatch(looks, 1.0).trace)
    changes = picture.channels["processes", "cells"]
    assert changes.at(0) != changes.at(1199)
    assert len({tuple(changes.at(tick)) for tick in range(0, 1200, 7)}) < 120
