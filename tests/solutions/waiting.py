"""Programs for the exercises of the lessons on waiting and on deadlock, right and wrong ones."""

from tests.lesson_exercises import LESSONS

GIVEN = {
    name: (LESSONS / "solutions" / f"{name}.txt").read_text(encoding="utf-8")
    for name in ("14_a_sender", "15_a_accounts", "15_b_shop")
}
SENDER, ACCOUNTS, SHOP = GIVEN.values()
SEND = "    with box:\n        sent = 1\n        box.notify()\n"
CALLED = "        items += 1\n    note()\n"
LOGGED = '    with log:\n        lines += 1\n        with data: print("items", items)\n'
ORDERED = "    low = min(x, y)\n    high = max(x, y)\n"
BOTH = "    locks[low].acquire()\n    locks[high].acquire()\n"
FREED = "    locks[high].release()\n    locks[low].release()\n"
ALL = "    locks[x].release()\n    locks[y].release()\n"
PAID = "    accounts[x] -= amount\n    accounts[y] += amount\n"
CASES = """    if x < y:
        locks[x].acquire()
        locks[y].acquire()
    else:
        locks[y].acquire()
        locks[x].acquire()
"""
RIGHT_SENDERS = {
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
    "stored, and notified later": SENDER.replace(
        SEND, "    with box:\n        sent = 1\n    with box:\n        box.notify()\n"
    ),
    "counted": SENDER.replace("sent = 1", "sent += 1"),
    "notified twice": SENDER.replace("box.notify()", "box.notify()\n        box.notify()"),
    "a function of its own": SENDER.replace(SEND, "    tell()\n").replace(
        "def main():\n    global sent\n", f"def tell():\n    global sent\n{SEND}def main():\n"
    ),
    "a thread of its own": SENDER.replace(SEND, "    b = spawn(tell)\n    join(b)\n").replace(
        "def main():\n    global sent\n", f"def tell():\n    global sent\n{SEND}def main():\n"
    ),
}
RIGHT_ACCOUNTS = {
    "ours": ACCOUNTS,
    "with if": ACCOUNTS.replace("    high = max(x, y)\n", "    high = y\n    if x > y: high = x\n"),
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
    "the lower one released first": ACCOUNTS.replace("locks[high].release()", "locks[z].release()")
    .replace("locks[low].release()", "locks[high].release()")
    .replace("locks[z].release()", "locks[low].release()"),
    "paid in before it is taken": ACCOUNTS.replace(PAID, "".join(reversed(PAID.splitlines(True)))),
    "each case by itself": ACCOUNTS.replace(ORDERED, "").replace(BOTH, CASES).replace(FREED, ALL),
    "all locks in a loop": ACCOUNTS.replace(ORDERED, "")
    .replace(BOTH, "    for i in range(2): locks[i].acquire()\n")
    .replace(FREED, "    for i in range(2): locks[i].release()\n"),
    "a function of its own": ACCOUNTS.replace(ORDERED, "")
    .replace(BOTH, "    take(min(x, y), max(x, y))\n")
    .replace(FREED, ALL)
    .replace("def move", f"def take(low, high):\n{BOTH}def move"),
}
RIGHT_SHOPS = {
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
    "a copy": SHOP.replace(LOGGED, '    with data: n = items\n    note()\n    print("items", n)\n'),
    "printed first": SHOP.replace(LOGGED, '    with data: print("items", items)\n    note()\n'),
    "one lock for both": SHOP.replace("with log: lines", "with data: lines").replace(
        LOGGED, '    with data:\n        lines += 1\n        print("items", items)\n'
    ),
    "locked by the caller": SHOP.replace("    with log: lines", "    lines").replace(
        CALLED, "        items += 1\n    with log: note()\n"
    ),
    "log first in add": SHOP.replace(
        f"    with data:\n{CALLED}",
        "    with log:\n        count()\n        with data: items += 1\n",
    ).replace("def note", "def count():\n    global lines\n    lines += 1\ndef note"),
    "by acquire and release": SHOP.replace(
        f"    with data:\n{CALLED}",
        "    data.acquire()\n    items += 1\n    data.release()\n    note()\n",
    ),
}
WRONG_SENDERS = {
    "the starter": (SENDER.replace("        sent = 1\n", ""), "forever"),
    "without the lock": (
        SENDER.replace(SEND, "    sent = 1\n    with box: box.notify()\n"),
        "race",
    ),
    "notified, and stored later": (
        SENDER.replace(SEND, "    with box: box.notify()\n    with box: sent = 1\n"),
        "forever",
    ),
    "another receiver": (SENDER.replace("while sent == 0: ", ""), "Leave receiver"),
}
WRONG_ACCOUNTS = {
    "the starter": (ACCOUNTS.replace("[high]", "[y]"), "forever"),
    "no order": (ACCOUNTS.replace("[low]", "[x]").replace("[high]", "[y]"), "forever"),
    "released too early": (ACCOUNTS.replace(PAID + FREED, FREED + PAID), "race"),
    "the lock of one account": (
        ACCOUNTS.replace("    locks[high].acquire()\n", "")
        .replace("    locks[high].release()\n", "")
        .replace("[low]", "[x]"),
        "race",
    ),
    "paid in, and not out": (ACCOUNTS.replace("    accounts[x] -= amount\n", ""), "accounts"),
}
WRONG_SHOPS = {
    "the starter": (
        SHOP.replace(CALLED, CALLED.replace("    note", "        note")),
        "forever",
    ),
    "no lock": (SHOP.replace("    with data:\n        items += 1", "    items += 1"), "race"),
    "noted without the lock": (SHOP.replace("with log: lines", "lines"), "race"),
    "printed without the lock": (SHOP.replace('with data: print("items"', 'print("items"'), "race"),
    "not noted": (SHOP.replace(CALLED, "        items += 1\n"), "lines"),
}
