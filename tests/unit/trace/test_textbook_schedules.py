"""Schedules come out as the textbook's simulators print them."""

from typing import Any

import pytest

from kit import FIFO, MLFQ, SJF, Costs, Cyclic, KiB, Machine, RoundRobin
from tests.textbook import CASES, feedback_job, job, listed_process, race

RAM = 256 * KiB


@pytest.mark.parametrize("case", CASES["scheduler"], ids=lambda case: case["policy"])
def test_scheduler(case: dict[str, Any]):
    """Jobs that arrive together get the textbook's response, turnaround and waiting times."""
    policy = {"FIFO": FIFO(), "SJF": SJF(), "RR": RoundRobin(case["quantum"])}[case["policy"]]
    machine = Machine(scheduler=policy, costs=Costs.free(), ram=RAM)
    pids = [
        machine.launch(job(f"job {n}", burst), expected=burst)
        for n, burst in enumerate(case["bursts"])
    ]
    metrics = machine.run().metrics()
    for figures in case["jobs"]:
        found = metrics.processes[pids[figures["job"]]]
        assert found.response == figures["response"]
        assert found.turnaround == figures["turnaround"]
        assert found.wait == figures["wait"]
    assert metrics.totals["busy"] == metrics.totals["ticks"] == sum(case["bursts"])


@pytest.mark.parametrize("case", CASES["process_run"], ids=lambda case: "-".join(case["processes"]))
def test_process_run(case: dict[str, Any]):
    """Who runs while devices work: total, busy core and busy devices are the textbook's."""
    machine = Machine(
        scheduler=Cyclic(),
        costs=Costs(io=case["io_ticks"]),
        switch_on_io=case["switch"] == "SWITCH_ON_IO",
        io_completion="run" if case["io_done"] == "IO_RUN_IMMEDIATE" else "queue",
        ram=RAM,
    )
    for number, text in enumerate(case["processes"]):
        machine.launch(listed_process(f"process {number}", text))
    totals = machine.run().metrics().totals
    assert totals["ticks"] == case["total_ticks"]
    assert totals["busy"] == case["cpu_busy"]
    assert totals["device_busy"] == case["io_busy"]


@pytest.mark.parametrize("case", CASES["mlfq"])
def test_mlfq(case: dict[str, Any]):
    """Response and turnaround on a feedback queue are the textbook's."""
    machine = Machine(
        scheduler=MLFQ(
            levels=case["queues"],
            quantum=case["quantum"],
            allotment=case["allotment"],
            boost=case["boost"],
            stay_on_io=case["stay_on_io"],
            io_bump=case["io_bump"],
        ),
        ram=RAM,
    )
    pids = [
        machine.launch(
            feedback_job(f"job {n}", one["run"], one["io_every"], case["io_ticks"]), at=one["start"]
        )
        for n, one in enumerate(case["jobs"])
    ]
    metrics = machine.run().metrics()
    for pid, figures in zip(pids, case["result"], strict=True):
        found = metrics.processes[pid]
        assert (found.response, found.turnaround) == (figures["response"], figures["turnaround"])


@pytest.mark.parametrize("case", CASES["race"], ids=lambda case: str(case["interrupt_every"]))
def test_race(case: dict[str, Any]):
    """A race written in assembly loses exactly the textbook's updates."""
    every = case["interrupt_every"]
    program, prologue = race(case["threads"], case["loops"], every)
    machine = Machine(scheduler=RoundRobin(every, timer="clock"), ram=RAM)
    pid = machine.launch(program)
    trace = machine.run()
    assert trace.at(trace.end).processes[pid].globals["count"] == case["final_count"]
    assert trace.metrics().totals["instructions"] - prologue == case["instructions"]
