"""Links to a run: they lead to the same run, and nothing that is written in one does harm."""

import base64
import json
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    MLFQ,
    Cache,
    Follow,
    Inject,
    Kill,
    KitError,
    LimitExceeded,
    Limits,
    Machine,
    Program,
    RoundRobin,
    RunNext,
    Trace,
    TraceError,
    Write,
)
from kit.scenarios import SCENARIOS
from kit.sim.schedulers import FIFO
from kit.trace.link import LONGEST, MOST_WORK, link_of, packed_run, read_link, read_recipe
from tests.examples import examples
from tests.running import run, scenario
from tests.strategies import Setup
from tests.worlds import worlds

ENDLESS = "def main():\n    while True: pass"
ASSEMBLY = Program("hello", "def main(): print(7)").disassemble()
HELLO = "def main(): print(7)"


def packed(content: object) -> str:
    """Return a link with this content, as somebody could make one by hand."""
    data = zlib.compress(json.dumps(content).encode())
    return "#run=1." + base64.urlsafe_b64encode(data).decode().rstrip("=")


def content(**setup: Any) -> list[Any]:
    """Return the content of a small link, with these settings of the machine."""
    return [[["hello", HELLO]], setup, [["launch", 0, 0, {}], ["run"]]]


def test_every_scenario_has_a_short_link_to_the_same_run() -> None:
    """Programs, machine and what was done to it fit into a few hundred characters."""
    for name in SCENARIOS:
        trace = scenario(name)
        link = link_of(trace, trace.end)
        assert len(link) < 700, name
        found = read_link(link)
        assert (found.trace.digest, found.tick) == (trace.digest, trace.end), name


@examples(60)
@given(worlds(), st.data())
def test_a_link_leads_to_the_same_run(world: Setup, data: st.DataObject) -> None:
    """Whatever the machine is, and whatever was done to it from outside."""
    trace = world.run()
    at = data.draw(st.integers(0, trace.end))
    alive = [pid for pid, one in trace.at(at).processes.items() if one.state == "running"]
    if alive:
        with suppress(LimitExceeded):
            trace = trace.branch(at, Kill(alive[0]))
    found = read_link(link_of(trace, at))
    assert (found.trace.digest, found.tick) == (trace.digest, at)
    assert link_of(found.trace, at) == link_of(trace, at)


def test_what_was_done_goes_along() -> None:
    """Interventions, files, programs for exec, a written schedule, and a run that was stopped."""
    machine = Machine(scheduler=Follow(((2, 1, 9), (3, 1, 5))), seed=3, cache=Cache(4, 16, 2))
    machine.install(Program("other", HELLO))
    machine.put_file("data ü", [1, -(2**63)])
    pid = machine.launch(Program("ünï <b>", "x = 1\ndef main():\n    work(30)\n    print(x)"))
    machine.launch(Program("asm", ASSEMBLY, language="assembly"), at=4, priority=2)
    machine.run(until=12)
    machine.intervene(Write(pid, "x", 5))
    trace = machine.run(until=25)
    found = read_link(link_of(trace)).trace
    assert found.digest == trace.digest
    assert found.programs == trace.programs
    further = [one.branch(20, Inject(pid, 1, "divide by zero")) for one in (trace, found)]
    assert further[0].digest == further[1].digest


def test_a_run_that_reached_a_limit_has_a_link() -> None:
    """What it leads to stops at the same tick, and is no error."""
    machine = Machine(limits=Limits(ticks=50))
    machine.launch(Program("endless", ENDLESS))
    with pytest.raises(LimitExceeded) as limit:
        machine.run()
    trace = limit.value.trace
    assert isinstance(trace, Trace)
    assert read_link(link_of(trace)).trace.digest == trace.digest


def test_a_link_is_read_from_wherever_it_is() -> None:
    """A whole address, what comes after #, in either order, with blanks around it."""
    trace = run(HELLO)
    data = packed_run(trace)
    assert link_of(trace, 3, "https://example.org/os/run.html") == (
        f"https://example.org/os/run.html#run={data}&t=3"
    )
    for link in (f"run={data}&t=3", f"  #t=3&run={data}\n", f"x/y.html#run={data}&t=3"):
        found = read_link(link)
        assert (found.trace.digest, found.tick) == (trace.digest, 3)
    assert read_link(f"#run={data}").tick == 0
    assert read_link(f"#run={data}&t=99999").tick == trace.end


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("", "there is no run in it"),
        ("https://example.org/#t=4", "there is no run in it"),
        ("#run=2.AAAA", "reads links of version 1"),
        ("#run=1.", "missing or was changed"),
        ("#run=1.A", "missing or was changed"),
        ("#run=1.%3Cscript%3E", "missing or was changed"),
        ("#run=1.AAAA&t=0", "missing or was changed"),
        (packed(content()) + "&t=-1", "the tick is '-1'"),
        (packed(content()) + "&t=1e3", "the tick is '1e3'"),
        ("#run=1." + "A" * 20_000, "no link to a run"),
        (packed(content())[:-6], "missing or was changed"),
        (packed([]), "not what this kit writes"),
        (packed(None), "not what this kit writes"),
        (packed([[], {}, []]), "there is no run in it"),
        (packed(content(ram=1.5)), "is no whole number"),
        (packed(content(ram=True)), "Machine: ram in bytes is True"),
        (packed(content(ram=7)), "Machine: ram in bytes is 7"),
        (packed(content(seed=1 << 70)), "a number in it is too large"),
        (packed(content(nothing=1)), "not what this kit writes"),
        (packed(content(scheduler=["eval", {}])), "not what this kit writes"),
        (packed(content(scheduler=["Cache", {}])), "not what this kit writes"),
        (packed(content(scheduler="FIFO")), "not what this kit writes"),
        (packed(content(contiguous=["Cache", {}])), "not what this kit writes"),
        (
            packed(content(ram=1 << 36, page_size=1 << 16, stack_size=1 << 16)),
            "more than 4096 pages",
        ),
        (packed(content(scheduler=["MLFQ", {"levels": 1 << 40}])), "levels of a policy"),
        (packed(content(limits={"output": 1 << 40})), "a limit of 1099511627776 output"),
        (
            packed([[["a", "x"]], {}, [["launch", 0, 0, {}], ["run"]]]),
            "its run cannot be made: a.py",
        ),
        (packed([[["a\n", HELLO]], {}, [["run"]]]), "Program: the name is"),
        (
            packed([[["a", HELLO]], {}, [["launch", -1, 0, {}], ["run"]]]),
            "not what this kit writes",
        ),
        (packed([[["a", HELLO]], {}, [["launch", 0, 0, {}], ["exec", "1"]]]), "not what"),
        (
            packed([[["a", HELLO]], {}, [["launch", 0, "0", {}], ["run"]]]),
            "Machine.launch: at is '0'",
        ),
        (packed([[["a", HELLO]], {}, [["run", "1"]]]), "Machine.run: until is '1'"),
        (packed([[], {}, [["Kill", {"pid": 2}], ["run"]]]), "Kill: there is no process 2"),
        (packed([[], {}, [["Kill", {"pid": [2]}], ["run"]]]), "Kill: there is no process"),
        (packed([[], {}, [["file", "a", [0.5]], ["run"]]]), "is no whole number"),
        (packed([[], {}, [["file", "a", "words"], ["run"]]]), "not what this kit writes"),
        (packed([[], {}, [["run"]] * 600]), "more than 500 things"),
    ],
)
def test_what_is_no_link_gives_a_sentence(link: str, said: str) -> None:
    """Damage, other content and what a machine cannot be are told, with what to do."""
    with pytest.raises(TraceError, match=r"^link: ") as told:
        read_link(link)
    assert said in str(told.value)


def test_what_is_no_text_and_what_has_more_behind_it_is_refused() -> None:
    """A number is no link, and bytes after the end of what is compressed were put there."""
    with pytest.raises(TraceError, match="this is int; give a link as a text"):
        read_link(7)  # type: ignore[arg-type]
    more = zlib.compress(b"[]") + b"more"
    with pytest.raises(TraceError, match="a part of it is missing or was changed"):
        read_link(f"#run=1.{base64.urlsafe_b64encode(more).decode().rstrip('=')}")


def test_a_run_that_ends_early_may_have_been_allowed_more() -> None:
    """How far a run could have gone is no reason to refuse its link."""
    trace = run(HELLO, limits=Limits(ticks=1 << 50))
    assert read_link(link_of(trace)).trace.digest == trace.digest


def test_bombs_are_refused_before_they_go_off() -> None:
    """A little that unpacks to much, deep nesting, long numbers, and programs that never end."""
    for data in (b"[" * 100_000, b" " * 50_000_000, b"1" * 100_000, b'"' + b"x" * 50_000_000):
        code = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")
        with pytest.raises(TraceError):
            read_link(f"#run=1.{code}")
    endless = [[["a", ENDLESS]], {"limits": {"ticks": 1 << 50}}, [["launch", 0, 0, {}], ["run"]]]
    with pytest.raises(TraceError, match=f"goes beyond tick {MOST_WORK}"):
        read_link(packed(endless))
    later = [[["a", HELLO]], {"limits": {"ticks": 1 << 50}}, [["launch", 0, 1 << 49, {}], ["run"]]]
    with pytest.raises(TraceError, match="goes beyond tick"):
        read_link(packed(later))


@examples(300)
@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
def test_any_text_is_a_run_or_a_sentence(text: str) -> None:
    """Whatever comes after #, also when it is compressed as a link is."""
    code = base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8", "replace"))).decode()
    for link in (text, f"#run={text}", f"#run=1.{text}", f"#run=1.{code.rstrip('=')}"):
        with pytest.raises(KitError):
            read_link(link)


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 9),
    st.sampled_from([1 << 31, 1 << 62, -(1 << 63), 1 << 80, 0.5, "", "lru", "FIFO", [], {}, [[]]]),
)
"""What somebody who changes a link could put in place of a value."""


def _mutated(content: Any, draw: Any) -> Any:
    """Return content with some of its values replaced."""
    if draw(st.integers(0, 11)) == 0:
        return draw(_VALUES)
    if isinstance(content, list):
        return [_mutated(one, draw) for one in content]
    if isinstance(content, dict):
        return {name: _mutated(one, draw) for name, one in content.items()}
    return content


@examples(200)
@given(worlds(), st.data())
def test_a_link_that_was_changed_is_a_run_or_a_sentence(world: Setup, data: st.DataObject) -> None:
    """Each value may be another one, of another kind or far too large."""
    code = packed_run(world.run()).partition(".")[2]
    content = json.loads(zlib.decompress(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))))
    try:
        found = read_link(packed(_mutated(content, data.draw)))
    except KitError as error:
        assert str(error).startswith("link: ")  # noqa: PT017 - it may be a run as well
    else:
        assert link_of(found.trace)


class Odd(FIFO):
    """A policy that is not one of the kit."""


def test_what_has_no_link_says_why() -> None:
    """A part of the machine that is not the kit's, a trace without a recipe, a long program."""
    machine = Machine(scheduler=Odd())
    machine.launch(Program("hello", HELLO))
    with pytest.raises(TraceError, match="Odd is not one of the kit"):
        link_of(machine.run())
    trace = run(HELLO)
    with pytest.raises(KitError, match="link: tick is 9999"):
        link_of(trace, 9999)
    lines = "\n".join(f"    print({n * n * 7919 % 1000003}, {n})" for n in range(2000))
    with pytest.raises(TraceError, match=rf"at most {LONGEST} are sure to arrive"):
        link_of(run(f"def main():\n{lines}"))


def test_nothing_is_run_to_read_how_a_run_is_made() -> None:
    """The recipe has programs, settings and steps, for whoever wants to change them."""
    machine = Machine(cores=2, scheduler=MLFQ(quantum=(2, 4, 8)))
    machine.launch(Program("hello", HELLO))
    made = machine.run(until=3)
    ready = RunNext(2, 1)
    recipe, tick = read_recipe(link_of(made, 2))
    assert (recipe.setup.scheduler, tick) == (MLFQ(quantum=(2, 4, 8)), 2)
    assert ready not in recipe.steps
    assert RoundRobin() != recipe.setup.scheduler
