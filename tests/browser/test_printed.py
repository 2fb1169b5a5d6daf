"""What a user's function prints, displays or raises is on the page, each time."""

from playwright.sync_api import Locator, Page, expect

from kit.check.browser.servers import Server
from tests.browser.notebooks import open_notebook, write_notebook
from tests.browser.stage import RUN

CELLS = (
    RUN,
    """
import logging
from IPython.display import HTML, display
from kit.quiz import Choice, Question
from kit.widgets import Editor, Player, Predict, sandbox
from kit.widgets.runs.editor import run_alone
""",
    """
player = Player(trace)
player.observe(lambda change: print("moved to", change["new"]), "tick")
player
""",
    """
def answered(asked):
    display(HTML(f"<i>tried {asked.tries}</i>"))
    logging.warning("logged %d", asked.tries)
    if asked.tries == 2:
        raise ValueError("second try")
asked = Predict(Question("?", (Choice("a", True, "Yes."), Choice("b", False, "No.")), 3))
asked.on_answer.append(answered)
asked
""",
    """
def of(quantum):
    print("run with", quantum)
    return trace
box = sandbox(of, quantum=[1, 2, 3])
box
""",
    """
def run(program):
    print("program of", len(program.text))
    return run_alone(program)
editor = Editor("def main():\\n    print(0)\\n", run=run)
editor
""",
)


def outputs(page: Page, place: int) -> Locator:
    """All that a cell shows."""
    return page.locator(".jp-CodeCell").nth(place).locator(".jp-Cell-outputArea")


def test_what_a_callback_prints_is_shown_at_its_cell(page: Page, jupyterlab: Server):
    """Observers, answers, functions of a sandbox and an editor: the second time as the first."""
    opened = open_notebook(page, jupyterlab, write_notebook(jupyterlab, "printed.ipynb", *CELLS))
    assert not opened.errors()

    player = outputs(page, 2)
    for tick in (1, 2):
        player.get_by_role("button", name="One tick on").click()
        expect(player).to_contain_text(f"moved to {tick}")

    predict = outputs(page, 3)
    for tries in (1, 2):
        predict.get_by_role("radio", name="a").check()
        predict.get_by_role("button", name="Check", exact=True).click()
        expect(predict.locator("i", has_text=f"tried {tries}")).to_be_visible()
        expect(predict).to_contain_text(f"logged {tries}")
    expect(predict).to_contain_text("ValueError: second try")

    box = outputs(page, 4)
    expect(box).to_contain_text("run with 1")
    for quantum in ("2", "3"):
        box.get_by_label("quantum").select_option(quantum)
        expect(box).to_contain_text(f"run with {quantum}")

    editor = outputs(page, 5)
    text = "def main():\n    print(12)\n"
    editor.get_by_role("textbox").fill(text)
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(editor).to_contain_text(f"program of {len(text)}")

    shown = opened.run_cell("player.tick = 7")
    assert [one["text"] for one in shown] == ["moved to 7\n"], "the cell that asked shows it"
