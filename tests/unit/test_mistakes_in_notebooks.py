"""What a student or teacher sees in a notebook after a slip."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

MISTAKES = {
    "Machine(core=2)": "did you mean 'cores'?",
    "Program('x', 'def main():\\n    f = lambda: 1')": "define a function with 'def'",
    "RoundRobin(quantum=0)": "give a whole number of at least 1",
    "Machine().run().at(5)": "give 0",
    "Stage(Machine())": "give what machine.run() returned",
    "Stage(Machine().run(), tilte='x')": "did you mean 'title'?",
    "Player(Machine().run(), tick=3)": "give a tick from 0 to 0",
    "Predict.from_trace(Machine().run(), kind='x')": "use one of next_thread, next_state",
}


@pytest.fixture(scope="module")
def shell() -> InteractiveShell:
    """An IPython shell, which shows errors as a notebook does."""
    shell = InteractiveShell.instance(colors="nocolor")
    shell.run_cell("from kit import *\nfrom kit.widgets import *")
    yield shell
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_slip_is_answered_in_one_sentence(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], mistake: str
):
    """A slip shows one sentence that says what to write, and no line from inside the kit."""
    result = shell.run_cell(mistake)
    assert not result.success
    shown = capsys.readouterr().out
    assert MISTAKES[mistake] in shown
    assert "Traceback" not in shown
    assert "kit/" not in shown
