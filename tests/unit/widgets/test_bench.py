"""The bench as Python sees it: any run, its programs and its machine to be changed."""

import asyncio
from collections.abc import Iterator

import pytest

from kit import Kill, Limits, Machine, Program, RoundRobin
from kit.runner import Work
from kit.scenarios import full_ram, lost_update
from kit.sim.schedulers import Lottery
from kit.sim.setup import Setup
from kit.trace import Trace
from kit.trace.link import link_of, read_link
from kit.widgets.answers.scheduling import Scheduling
from kit.widgets.bench import Bench
from kit.widgets.runs.machine_form import MachineForm
from kit.widgets.runs.outcomes import Outcomes
from tests.running import scenario
from tests.unit.widgets.running import until


class AtOnce(Bench):
    """A bench whose runs are made at once, as they are in a page."""

    def _start(self, work: Work, wanted: str, *, at_once: bool = True) -> None:
        assert isinstance(at_once, bool)
        super()._start(work, wanted, at_once=True)


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A bench that shows what it begins with."""
    made = AtOnce()
    yield made
    made.close()


def give(bench: Bench, trace: Trace, tick: int = 0) -> None:
    """Open a link, as the page tells Python."""
    field = bench.link_field
    field._take_message(field, {"do": "open", "link": link_of(trace, tick)}, [])


def test_it_begins_with_a_run_of_the_library(bench: Bench) -> None:
    """Program, machine and all views are there before anybody has done anything."""
    assert bench.trace is not None
    assert bench.trace.digest == lost_update().digest
    assert [area.label for area in bench.areas] == ["counter.py"]
    assert len(bench.stage.views) == 14


def test_a_link_shows_its_run_at_its_moment(bench: Bench) -> None:
    """Also one to which something was done; its link leads there again."""
    trace = scenario("lost_update").branch(30, Kill(2))
    give(bench, trace, 30)
    assert (bench.trace.digest, bench.stage.player.tick) == (trace.digest, 30)
    assert read_link(bench.link()).trace.digest == trace.digest
    give(bench, full_ram(), 5)
    assert [area.text for area in bench.areas] == [one.text for one in full_ram().programs]


def test_several_programs_have_an_area_each(bench: Bench) -> None:
    """Those that are no longer needed go."""
    machine = Machine()
    for name in ("one", "two"):
        machine.launch(Program(name, "def main(): print(1)"))
    give(bench, machine.run())
    assert [area.label for area in bench.areas] == ["one.py", "two.py"]
    both = bench.areas
    give(bench, scenario("deadlock"))
    assert bench.areas == both[:1]
    assert [area.comm is None for area in both] == [False, True]


def test_a_damaged_link_is_said_and_nothing_changes(bench: Bench) -> None:
    """The picture stays, and hostile text is text."""
    before = bench.trace
    bench.show_link("#run=1.<b>x</b>")
    assert bench.trace is before
    assert bench.status.state == "failed"
    assert bench.status.text.startswith("link: a part of it is missing")


def test_program_and_machine_are_changed(bench: Bench) -> None:
    """What is not touched stays as it was."""
    bench.areas[0].text = "def main(): print(42)"
    bench.form.controls["cores"].value = 2
    bench.run()
    assert bench.trace.output(2) == "42\n"
    assert bench.trace.settings.cores == 2
    bench.areas[0].text = "def main(: print(42)"
    bench.run()
    assert bench.status.text.startswith("There is a mistake in line 1 of counter.py.")
    assert bench.areas[0].errors[0]["line"] == 1
    assert bench.trace.output(2) == "42\n"


def test_what_no_machine_can_be_is_said(bench: Bench) -> None:
    """The sentence is that of the machine."""
    machine = Machine(tlb=8, asid=True)
    machine.launch(Program("hello", "def main(): print(7)"))
    give(bench, machine.run())
    bench.form.controls["tlb"].value = 0
    bench.run()
    assert bench.status.state == "failed"
    assert bench.status.text.startswith("Machine: ")


def test_every_schedule_and_the_scheduler(bench: Bench) -> None:
    """Both are made for the programs as they are, and take each other's place."""
    bench.explore()
    (outcomes,) = bench._asked.children
    assert isinstance(outcomes, Outcomes)
    bench.schedule()
    (scheduling,) = bench._asked.children
    assert isinstance(scheduling, Scheduling)
    assert scheduling.task == "Reach what the fewest schedules lead to: prints 'count 2'"
    give(bench, scenario("one_program"))
    assert bench._asked.children == ()


def test_every_schedule_is_explored_beside_the_kernel() -> None:
    """The page is not kept waiting; what cannot be shown is said once it is known."""

    async def main() -> None:
        bench = Bench()
        bench.explore()
        assert (bench.running, bench.status.state) == (True, "running")
        assert bench._asked.children == ()
        await until(lambda: not bench.running)
        assert isinstance(bench._asked.children[0], Outcomes)
        assert bench.status.state == "done"
        bench.areas[0].text = "def main(): print(1)"
        bench.schedule()
        await until(lambda: not bench.running)
        assert bench._asked.children == ()
        assert bench.status.state == "failed"
        bench.close()

    asyncio.run(main())


def test_a_program_that_does_not_end_cannot_be_explored(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both buttons say so, and what to do."""
    monkeypatch.setattr("kit.widgets.bench.STATES", 10)
    bench.areas[0].text = "def main():\n    n = 0\n    while True:\n        n += 1"
    for ask in (bench.explore, bench.schedule):
        ask()
        assert bench.status.text.startswith("Bench: no schedule ends within 10 states; make ")
        assert bench._asked.children == ()


@pytest.mark.parametrize(
    "setup",
    [
        Setup(),
        Setup(cores=64, scheduler=Lottery(3), seed=2**40, limits=Limits(ticks=7)),
        full_ram().record.recipe.setup,
    ],
)
def test_a_form_that_nobody_touches_changes_nothing(setup: Setup) -> None:
    """Not even what its controls could not show."""
    form = MachineForm()
    form.show(setup)
    assert form.applied_to(setup) is setup


def test_each_control_sets_what_it_names() -> None:
    """Memory is given in whole pages; a policy keeps its other settings."""
    form, setup = MachineForm(), Setup(scheduler=RoundRobin(quantum=4, timer="clock"))
    form.show(setup)
    for name, value in {"quantum": 7, "swap": 8, "tlb": 4, "demand": True, "costs": "free"}.items():
        form.controls[name].value = value
    made = form.applied_to(setup)
    assert (made.scheduler, made.swap, made.tlb) == (
        RoundRobin(quantum=7, timer="clock"),
        8 * 1024,
        4,
    )
    assert made.replacement is not None
    form.controls["scheduler"].value = "SJF"
    assert form.applied_to(setup).scheduler.name == "shortest job first"


def test_a_mistake_is_marked_while_it_is_written(bench: Bench) -> None:
    """At its line, in the program that it is in, and only as long as it is there."""
    give(bench, named("a: b", "c"))
    first, second = bench.areas
    second.text = "def main():\n    print(1\n"
    assert [error["line"] for error in second.errors] == [2]
    assert first.errors == []
    first.text = "x = 0\ndef main():\n    y\n"
    assert [error["line"] for error in first.errors] == [3]
    assert "a: b.py" not in first.errors[0]["message"]
    bench.run()
    assert "There is a mistake in line 3 of a: b.py." in bench.status.text
    second.text = second.given
    assert second.errors == []


def named(*names: str) -> Trace:
    """A run of programs of these names."""
    machine = Machine()
    for name in names:
        machine.launch(Program(name, f"def main():\n    print({len(name)})\n"))
    return machine.run()
