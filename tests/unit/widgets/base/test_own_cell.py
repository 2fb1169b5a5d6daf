"""A user's functions are called as if the cell that made the widget called them."""

import asyncio
from contextvars import ContextVar

import pytest

from kit.quiz import Choice, Question
from kit.widgets import Exercise, Player, Predict, sandbox
from kit.widgets.base import own_cell
from tests.unit.tracks.runs import counter
from tests.unit.widgets.running import until

# As ipykernel keeps in the context whose output it is.
OUTPUT: ContextVar[str] = ContextVar("output", default="")


@pytest.fixture
def from_page(monkeypatch: pytest.MonkeyPatch):
    """Let what is made belong to a cell, and what follows to a message of the page."""
    told: list[str] = []
    cell = OUTPUT.set("the cell")

    def begin() -> list[str]:
        OUTPUT.set("a message")
        monkeypatch.setattr(own_cell, "_is_asked_by_page", lambda: True)
        return told

    yield begin, lambda *_: told.append(OUTPUT.get())
    OUTPUT.reset(cell)


def test_observers_of_a_player_belong_to_its_cell(from_page):
    """Whatever moves it: the page, or another widget."""
    begin, tell = from_page
    player = Player(counter())
    player.observe(tell, "tick")
    told = begin()
    player._handle_msg({"content": {"data": {"method": "update", "state": {"tick": 3}}}})
    player.tick = 5
    assert told == ["the cell"] * 2
    assert OUTPUT.get() == "a message"


def test_callbacks_of_answers_belong_to_its_cell(from_page):
    """Of a question, and of an exercise that is run."""
    begin, tell = from_page
    choices = (Choice("one", False, "No."), Choice("two", True, "Yes."))
    asked = Predict(Question("How many?", choices, tick=0))
    task = Exercise("def main():\n    print(0)\n", validator=lambda _trace: "Never right.")
    for one in (asked, task):
        one.on_answer.append(tell)
    told = begin()
    asked._handle_msg(
        {"content": {"data": {"method": "update", "state": {"chosen": [1], "tries": 1}}}}
    )
    task.run()
    task.check()
    assert set(told) == {"the cell"}
    assert len(told) == 3


def test_runs_beside_the_kernel_belong_to_the_cell_of_their_widget(from_page):
    """Also in a thread, which has no context of its own."""
    begin, tell = from_page

    def run(quantum: int):
        tell(quantum)
        return counter()

    async def go() -> None:
        box = sandbox(run, quantum=[1, 2])
        told = begin()
        box.controls["quantum"].value = 2
        await until(lambda: not box.running)
        assert told == ["the cell"] * 2

    asyncio.run(go())


def test_a_cell_that_runs_shows_what_it_asks_for():
    """What another cell does to a widget is shown at that cell."""
    told: list[str] = []
    player = Player(counter())
    player.observe(lambda _: told.append(OUTPUT.get()), "tick")
    token = OUTPUT.set("another cell")
    player.tick = 2
    OUTPUT.reset(token)
    assert told == ["another cell"]
