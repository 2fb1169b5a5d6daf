"""States as bytes, for workers in other processes."""

import pickle

from kit.explore.explore import plan_of
from kit.explore.pages import KnownPages
from kit.explore.state import State
from kit.explore.transition_system import TransitionSystem
from tests.unit.explore import programs


def some_states(number: int) -> tuple[TransitionSystem, list[State]]:
    """The first states of two threads that count, with the system that found them."""
    system = TransitionSystem(plan_of(programs.computed(programs.counter(2))))
    states = [system.root]
    for state in states:
        if len(states) >= number:
            break
        states += [step.state for step in system.transitions(state)]
    return system, states


def test_states_come_back_as_they_were():
    """What another process makes of the bytes of a state is that state."""
    system, states = some_states(40)
    other = KnownPages()
    for state in states:
        back = State.unpacked(state.packed(system.root, system.pages), system.root, other)
        assert vars(back) == vars(state)


def test_equal_pages_are_sent_once():
    """Among states that are sent together each page occurs once, and they share it again."""
    system, states = some_states(40)
    packed = [state.packed(system.root, system.pages) for state in states]
    pages = {page for _, words in packed for page in words}
    sent = pickle.dumps(packed)
    assert all(sent.count(page) == 1 for page in pages)
    other = KnownPages()
    back = [State.unpacked(one, system.root, other) for one in pickle.loads(sent)]
    shared = {id(words) for state in back for _, words in state.parts["physical"][1]}
    assert len(shared) == len(pages)


def test_more_pages_than_are_remembered_are_still_right(monkeypatch):
    """Pages that were forgotten are worked out again."""
    monkeypatch.setattr(KnownPages, "MOST", 1)
    pages = KnownPages()
    some = [(0, 1), (2, 3), (0, 1), (4, 5), (2, 3)]
    assert [pages.unpacked(pages.packed(words)) for words in some] == some
    assert pages.of((0, 1)) == pages.of(pages.unpacked(pages.packed((0, 1)))) != pages.of((2, 3))
