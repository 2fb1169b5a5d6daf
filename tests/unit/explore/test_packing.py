"""States as bytes, for workers in other processes."""

import pickle

from kit.explore import work
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


def test_a_worker_remembers_what_it_sent():
    """A state that is found again or comes back is the same object; after that it is read anew."""
    worker = work._Worker(plan_of(programs.computed(programs.counter(2))))
    (step,) = worker.system.transitions(worker.system.root)
    sent = worker.packed(step)
    assert worker.packed(step._replace(state=worker.system.root)) is sent
    came = pickle.loads(pickle.dumps(sent))
    assert worker.unpacked(came) is step.state
    assert vars(worker.unpacked(came)) == vars(step.state)


def test_a_worker_forgets_the_oldest_of_what_it_sent(monkeypatch):
    """A worker remembers only so many states, and what it has forgotten is still right."""
    monkeypatch.setattr(work, "KEPT", 2)
    worker = work._Worker(plan_of(programs.computed(programs.counter(2))))
    states, sent = [worker.system.root], {}
    for state in states:
        for step in worker.system.transitions(state):
            packed = worker.packed(step)
            assert len(worker._packed) == len(worker._states) <= 2
            if step.digest not in sent:
                sent[step.digest] = packed, step.state
                states.append(step.state)
    assert len(sent) > 2
    for packed, state in sent.values():
        assert vars(worker.unpacked(packed)) == vars(state)


def test_more_pages_than_are_remembered_are_still_right(monkeypatch):
    """Pages that were forgotten are worked out again."""
    monkeypatch.setattr(KnownPages, "MOST", 1)
    pages = KnownPages()
    some = [(0, 1), (2, 3), (0, 1), (4, 5), (2, 3)]
    assert [pages.unpacked(pages.packed(words)) for words in some] == some
    assert pages.of((0, 1)) == pages.of(pages.unpacked(pages.packed((0, 1)))) != pages.of((2, 3))
