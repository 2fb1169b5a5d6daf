"""Exercises on waiting and deadlock accept every right solution, and no other."""

import re

import pytest

from tests.lesson_exercises import LESSONS, exercise_of

GIVEN = {
    name: (LESSONS / "solutions" / f"{name}.txt").read_text(encoding="utf-8")
    for name in ("14_a_sender", "15_a_accounts", "15_b_shop")
}
SENDER, ACCOUNTS, SHOP = GIVEN.values()
SEND = "    with box:\n        sent = 1\n        box.notify()\n"
CALLED = "        items += 1\n    note()\n"
LOGGED = '    with log:\n        lines += 1\n        with data: print("items", items)\n'
RIGHT = {
    "sender": {
        "ours": SENDER,
        "notified first": SENDER.replace(
            SEND, "    with box:\n        box.notify()\n        sent = 1\n"
        ),
        "notify_all": SENDER.replace("notify()", "notify_all()"),
        "by acquire": SENDER.replace(
            SEND, "    box.acquire()\n    sent = 1\n    box.notify()\n    box.release()\n"
        ),
        "sent before it begins": SENDER.replace(
            f"    a = spawn(receiver)\n{SEND}", f"{SEND}    a = spawn(receiver)\n"
        ),
    },
    "accounts": {
        "ours": ACCOUNTS,
        "with if": ACCOUNTS.replace(
            "    high = max(x, y)\n", "    high = y\n    if x > y: high = x\n"
        ),
        "computed": ACCOUNTS.replace("max(x, y)", "x + y - low"),
        "with": ACCOUNTS.replace(
            "    locks[low].acquire()\n    locks[high].acquire()\n",
            "    with locks[low]:\n      with locks[high]:\n",
        )
        .replace("    accounts[x] -=", "        accounts[x] -=")
        .replace("    accounts[y] +=", "        accounts[y] +=")
        .replace("    locks[high].release()\n    locks[low].release()\n", ""),
        "higher first": ACCOUNTS.replace("min(", "other(")
        .replace("max(", "min(")
        .replace("other(", "max("),
    },
    "shop": {
        "ours": SHOP,
        "noted first": SHOP.replace(
            f"    with data:\n{CALLED}", "    note()\n    with data:\n        items += 1\n"
        ),
        "data first in report": SHOP.replace(
            CALLED, CALLED.replace("    note", "        note")
        ).replace(
            LOGGED,
            "    with data:\n        with log:\n            lines += 1\n"
            '            print("items", items)\n',
        ),
        "one after the other": SHOP.replace(
            LOGGED, '    note()\n    with data: print("items", items)\n'
        ),
        "a copy": SHOP.replace(
            LOGGED, '    with data: n = items\n    note()\n    print("items", n)\n'
        ),
    },
}
WRONG = {
    "sender": {
        "the starter": (SENDER.replace("        sent = 1\n", ""), "forever"),
        "without the lock": (
            SENDER.replace(SEND, "    sent = 1\n    with box: box.notify()\n"),
            "race",
        ),
        "another receiver": (SENDER.replace("while sent == 0: ", ""), "Leave receiver"),
    },
    "accounts": {
        "the starter": (ACCOUNTS.replace("[high]", "[y]"), "forever"),
        "no order": (ACCOUNTS.replace("[low]", "[x]").replace("[high]", "[y]"), "forever"),
    },
    "shop": {
        "the starter": (
            SHOP.replace(CALLED, CALLED.replace("    note", "        note")),
            "forever",
        ),
        "no lock": (SHOP.replace("    with data:\n        items += 1", "    items += 1"), "race"),
    },
}
PARTS = {
    "sender": ("14_synchronisation", ("imports", "half-program", "half-main", "half")),
    "accounts": ("15_deadlock", ("imports", "half-program", "half-main", "half")),
    "shop": ("15_deadlock", ("imports", "shop", "shop-functions", "shop-main", "exercise-1")),
}


@pytest.mark.parametrize(
    ("exercise", "name"), [(one, name) for one in RIGHT for name in RIGHT[one]]
)
def test_every_right_solution_is_accepted(exercise: str, name: str):
    """However it is written."""
    judged = exercise_of(*PARTS[exercise]).judge(RIGHT[exercise][name])
    assert judged.passed, judged.messages


@pytest.mark.parametrize(
    ("exercise", "name"), [(one, name) for one in WRONG for name in WRONG[one]]
)
def test_what_misses_the_goal_is_refused_in_words(exercise: str, name: str):
    """A sentence says what is not as it should be."""
    text, told = WRONG[exercise][name]
    judged = exercise_of(*PARTS[exercise]).judge(text)
    assert not judged.passed
    assert re.search(told, " ".join(judged.messages))
