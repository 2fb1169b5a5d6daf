"""Exploring on a dask cluster: real workers, in processes of their own."""

import os
import signal
from collections.abc import Iterator

import pytest
from distributed import Client, LocalCluster

from kit.explore import explore
from tests.unit.explore import programs

# dask has warnings of its own about the machine that it finds itself on.
pytestmark = [pytest.mark.notebook, pytest.mark.filterwarnings("default")]


@pytest.fixture
def client(tmp_path) -> Iterator[Client]:
    """A client of a cluster with two workers on this machine."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with (
        LocalCluster(processes=True, local_directory=str(tmp_path), **options) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_cluster_finds_the_same_though_a_worker_is_killed(client: Client):
    """A worker that is killed in the middle takes nothing with it: the result is the same."""
    pids = list(client.run(os.getpid).values())
    assert len(pids) == 2
    killed: list[int] = []

    def kill_one(looked: int, known: int) -> None:
        if looked > 200 and not killed:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    machine = programs.computed(programs.counter(3))
    spread = explore(machine, executor=client.get_executor(), progress=kill_one)
    alone = explore(machine)
    assert killed
    assert spread.complete
    assert spread.outcomes == alone.outcomes
    assert spread.states == alone.states
    assert spread.races == alone.races
