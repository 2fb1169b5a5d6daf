"""Twenty questions about the whole course, one for each idea, in two forms that are equally hard.

One form is for before the course, the other for after it. Both ask the same of the same programs,
with other numbers, so that what has changed between them is what a reader thinks.
"""

from __future__ import annotations

from kit.errors import explain_arguments, require
from kit.quiz.course_items import (
    EVERY,
    FORMS,
    PLAIN,
    Template,
    TestQuestion,
    after_free,
    asks,
    every_schedule,
    executing,
    launched_again,
    second_launch,
)


@explain_arguments
def course_test(form: str) -> tuple[TestQuestion, ...]:
    """Return the twenty questions of the test, in one of its two forms.

    Parameters
    ----------
    form : str
        "before" or "after" the course.

    Returns
    -------
    tuple of TestQuestion

    Raises
    ------
    ArgumentError
        If there is no such form.

    Examples
    --------
    >>> len(course_test("before"))
    20
    """
    require(form in FORMS, f"course_test: form is {form!r}; give one of {', '.join(FORMS)}")
    return tuple(template.item(form) for template in _TEMPLATES)


SMALL = ((3, 4), (5, 7))
_TEMPLATES = (
    Template(
        "program_is_process",
        """
count = AA
def main():
    global count
    count += BB
    print(count)
""",
        SMALL,
        launched_again,
        "One core. The program is launched at tick 0 (process 2) and again at tick 60 (process 3).",
    ),
    Template(
        "own_data",
        """
total = 0
lock = Lock()
def add(n):
    global total
    with lock: total += n
def main():
    a = spawn(add, AA)
    b = spawn(add, BB)
    join(a)
    join(b)
""",
        SMALL,
        asks("final_value", name="total"),
    ),
    Template(
        "worked_once",
        """
count = 0
def add(n):
    global count
    count += n
def main():
    a = spawn(add, AA)
    b = spawn(add, BB)
    join(a)
    join(b)
""",
        SMALL,
        every_schedule("count"),
        EVERY,
    ),
    Template(
        "lock_per_code",
        """
money = 100
put = Lock()
take = Lock()
def pay_in():
    global money
    with put: money += AA
def pay_out():
    global money
    with take: money -= BB
def main():
    a = spawn(pay_in)
    pay_out()
    join(a)
""",
        SMALL,
        every_schedule("money"),
        EVERY,
    ),
    Template(
        "lock_locks_variable",
        """
points = 50
lock = Lock()
def win():
    global points
    with lock: points += AA
def lose():
    global points
    points -= BB
def main():
    a = spawn(win)
    lose()
    join(a)
""",
        SMALL,
        every_schedule("points"),
        EVERY,
    ),
    Template(
        "notify_is_remembered",
        """
box = Condition()
state = 1
def waiter():
    global state
    with box:
        box.wait()
        state = AA
def main():
    global state
    a = spawn(waiter)
    with box:
        state = BB
        box.notify()
    join(a)
""",
        SMALL,
        every_schedule("state"),
        EVERY,
    ),
    Template(
        "child_sees_parent",
        """
x = AA
def main():
    global x
    if fork() == 0:
        sleep(30)
        print(x)
        exit(0)
    x = BB
    wait()
""",
        SMALL,
        asks("value_printed", at=6, pid=3),
        f"{PLAIN} Process 3 is the child.",
    ),
    Template(
        "shares_memory",
        """
x = AA
def main():
    global x
    if fork() == 0:
        x = BB
        exit(0)
    wait()
    print(x)
""",
        SMALL,
        asks("value_printed", at=6),
    ),
    Template(
        "child_starts_at_main",
        """
def main():
AA x     fork()
    print("here")
""",
        ((2, 0), (3, 0)),
        asks("how_many", of="processes"),
    ),
    Template(
        "only_output_asks",
        """
def main():
AA x     print(#)
    sleep(BB)
""",
        ((2, 9), (4, 5)),
        asks("how_many", of="system calls"),
    ),
    Template(
        "thread_dies_alone",
        """
def careless():
    poke(0, 1)
def main():
    print("one AA")
    a = spawn(careless)
    join(a)
    print("two BB")
""",
        SMALL,
        asks("value_printed", at=6),
        f"{PLAIN} Address 0 is in no segment.",
    ),
    Template(
        "spawn_waits",
        """
def job():
    work(AA)
    print("job")
def main():
    a = spawn(job)
    print("main", BB)
    join(a)
""",
        SMALL,
        asks("value_printed", at=2),
    ),
    Template(
        "more_threads_faster",
        """
def job():
    work(BB)
def main():
AA x     t# = spawn(job)
AA x     join(t#)
""",
        ((4, 20), (6, 15)),
        asks("metric", of="turnaround", pid=2, settings={"cores": 2}),
        "Two cores. A thread may use one for 5 ticks at a time.",
    ),
    Template(
        "free_gives_back",
        """
def main():
    p = alloc(AA)
    p[0] = BB
    free(p)
    print(p[0])
""",
        SMALL,
        after_free,
    ),
    Template(
        "protected_stacks",
        """
where = 0
def owner():
    global where
    x = AA
    where = address(x)
    sleep(60)
    print(x)
def visitor():
    sleep(20)
    poke(where, BB)
def main():
    a = spawn(owner)
    b = spawn(visitor)
    join(a)
    join(b)
""",
        SMALL,
        asks("value_printed", at=20),
    ),
    Template(
        "turnaround_is_end",
        """
def main():
    work(AA)
""",
        ((20, 7), (30, 11)),
        second_launch,
        f"{PLAIN} The program is launched at tick 0 (process 2) and again at tick BB (process 3).",
    ),
    Template(
        "loads_everything",
        f"""
table = [{", ".join(str(number) for number in range(1, 65))}]
def main():
    print(table[AA] + table[BB])
""",
        ((0, 33), (1, 50)),
        asks("how_many", of="page faults", settings={"page_size": 64, "demand": True}),
        "One core. A page has 8 words, and comes into RAM when it is first used.",
    ),
    Template(
        "killed_leaves_nothing",
        """
def main():
    if fork() == 0: exit(AA)
    work(80)
    wait()
    print("waited", BB)
""",
        SMALL,
        asks("alive", at=0),
        f"{PLAIN} Process 3 is the child.",
    ),
    Template(
        "virtual_is_physical",
        """
def main():
    poke(AA, BB)
    print("done")
""",
        ((0, 1), (8, 2)),
        asks("faults", at=2),
        "One core. The program has no segment at the address that it uses.",
    ),
    Template(
        "exec_makes_process",
        """
def start():
    if fork() == 0: exec("other")
    wait()
def main():
AA x     start()
""",
        ((2, 0), (3, 0)),
        executing,
        "One core. The program other is on the disk, and only prints.",
    ),
)
