"""Events: records with named fields that are still the tuples which files hold."""

import json
import pickle

import pytest
from hypothesis import given

from kit import RoundRobin
from kit.sim.events import EVENTS
from kit.sim.events.calls import Down, Open
from kit.sim.events.memory import Drop, SegmentSet
from kit.sim.events.scheduling import Dispatch
from kit.sim.segments import SegmentName
from kit.trace.codec import decode, encode
from tests.examples import examples
from tests.running import launch
from tests.strategies import Setup
from tests.worlds import worlds

OPENED = Open(40, 1, 2, 3, "log", "a")


def test_an_event_is_a_tuple_with_names():
    """Its fields have names, and as a tuple it is what a file holds."""
    assert OPENED == (40, "open", 1, 2, 3, "log", "a")
    assert (OPENED.tick, OPENED.kind, OPENED.key) == (40, "open", (1, 2))
    assert (OPENED.descriptor, OPENED.name, OPENED.mode) == (3, "log", "a")
    assert OPENED.details == {"descriptor": 3, "name": "log", "mode": "a"}
    assert json.loads(json.dumps(OPENED)) == [40, "open", 1, 2, 3, "log", "a"]
    assert repr(Dispatch(1, 2, 3, 0)) == "Dispatch(tick=1, pid=2, tid=3, core=0)"


def test_a_field_may_be_called_as_a_method_of_tuples_is():
    """What a semaphore has left is its count."""
    assert Down(0, 1, 1, 4096, 7).count == 7


@pytest.mark.parametrize("name", ["tick", "kind", "name", "anything"])
def test_an_event_does_not_change(name):
    """It is frozen."""
    with pytest.raises(AttributeError):
        setattr(OPENED, name, 1)


@pytest.mark.parametrize("details", [(), (3, "log"), (3, "log", "a", 1)])
def test_an_event_has_all_its_details(details):
    """Too few or too many are refused where they are written down, not where they are read."""
    with pytest.raises(TypeError, match="descriptor"):
        Open(40, 1, 2, *details)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("code", SegmentName("code")),
        ("stack T12", SegmentName("stack", tid=12)),
        ("shared the board", SegmentName("shared", area="the board")),
    ],
)
def test_a_segment_says_whose_it_is(name, part):
    """What a segment is comes with its event; its name is made of that and taken apart again."""
    assert SegmentSet(0, 1, part.tid, name, 0, 64).part == part
    assert Drop(0, 1, part.tid, name).part == part
    assert str(part) == name


@examples(20)
@given(worlds())
def test_events_of_any_run(setup: Setup):
    """Each event is of its kind's class, also one that was pickled or read from a file."""
    record = setup.run().record
    again = decode(encode(record), "run.trace")
    for event, read in zip(record.events, again.events, strict=True):
        kept = pickle.loads(pickle.dumps(event))
        assert type(event) is type(read) is type(kept) is EVENTS[event.kind]
        assert event == read == kept
        assert [type(value) for value in event] == [type(value) for value in read]


def test_events_are_asked_for_by_number_as_in_a_list():
    """Turns that were written down together and single events are one sequence."""
    worker = "def main():\n    work(40)\n    print(1)\n    work(30)\n"
    events = launch(worker, worker, worker, scheduler=RoundRobin(3)).run().record.events
    listed = list(events)
    assert len(events) == len(listed) > 60
    assert [events[place] for place in range(len(events))] == listed
    assert [events[place - len(events)] for place in range(len(events))] == listed
    assert events[5:40:7] == listed[5:40:7]
    assert events[::-1] == listed[::-1]
    with pytest.raises(IndexError, match=f"there are {len(listed)} events"):
        events[len(listed)]
