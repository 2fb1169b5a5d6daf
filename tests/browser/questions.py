"""Questions of each form about the run of `tests.browser.stage`, as cells of a notebook."""

QUESTIONS = """
from kit.quiz import Choice, Question
from kit.widgets import Predict

one = Question("What will count be in the end?", (
    Choice("4", True, "An update is lost.", tick=60),
    Choice("6", False, "No update is lost here.", "no_update_lost", 40),
    Choice("3", False, "They share count.", "own_data", 30),
), 90, at=30)
several = Question("Which of these do T2 and T3 both use?", (
    Choice("code", True, "There is one copy of the code."),
    Choice("data", True, "There is one count."),
    Choice("heap", False, "Nothing was allocated."),
    Choice("registers", False, "Each thread has its own.", "own_data", 38),
), 50, at=24, form="several", why="Threads share code and data.")
order = Question("Put these events into their order.", (
    Choice("T3 starts", True, "T3 is spawned after T2.", tick=20),
    Choice("main starts", True, "Who spawns others is there first."),
    Choice("T2 starts", True, "T2 is spawned first.", "spawn_waits", 16),
), 22, at=4, form="order", order=(1, 2, 0), why="main spawns T2, then T3.")
mark = Question("Where is count?", (
    Choice("data of counter (pid 2)", True, "A global stands in data.", place=(2, "data", 0)),
    Choice("stack of T1 (pid 2)", False, "Only locals stand there.", "own_data", 33,
           place=(2, "stack", 1)),
    Choice("code of counter (pid 2)", False, "Only instructions stand there.",
           place=(2, "code", 0)),
), 20, at=20, form="mark")
"""
