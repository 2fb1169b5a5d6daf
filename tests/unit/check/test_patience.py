"""What a busy computer takes from a program is no time of that program."""

from pathlib import Path

import pytest

from kit.check import patience
from kit.check.patience import Patience, seconds_without_core

PID = 7


class Computer:
    """A clock, and how long a process had no core, as Linux writes it; both are set by hand."""

    def __init__(self, folder: Path) -> None:
        self.now, self._file = 100.0, folder / str(PID) / "schedstat"
        self._file.parent.mkdir()
        self.without_core(0)

    def clock(self) -> float:
        """Return the time."""
        return self.now

    def without_core(self, seconds: float) -> None:
        """Let the process have had no core for so long."""
        self._file.write_text(f"123456789 {seconds * 1e9:.0f} 42\n", encoding="ascii")


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """A computer on which a process has waited for 3 s already."""
    monkeypatch.setattr(patience, "PROCESSES", tmp_path)
    made = Computer(tmp_path)
    made.without_core(3)
    return made


def test_time_without_a_core_does_not_count(computer: Computer):
    """A cell of a minute gets 50 s more if it had no core for 50 s, and then no more."""
    waiting = Patience(60, PID, computer.clock)
    computer.now += 70
    computer.without_core(3 + 50)
    assert waiting.left == pytest.approx(40)
    assert waiting.passed == pytest.approx(20)
    computer.now += 45
    assert waiting.left == pytest.approx(-5)


def test_a_program_that_waits_by_itself_gets_no_more(computer: Computer):
    """What waits for input or the network is not ready to run, and its time is over in time."""
    waiting = Patience(60, PID, computer.clock)
    computer.now += 60
    assert waiting.left <= 0


def test_where_nothing_is_told_the_clock_counts(computer: Computer):
    """A process that has ended, or a system that does not tell, is as if it always had a core."""
    waiting = Patience(60, None, computer.clock)
    computer.now += 59
    assert waiting.left == pytest.approx(1)
    assert waiting.passed == pytest.approx(59)
    assert seconds_without_core(12345) == 0
