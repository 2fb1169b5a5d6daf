"""Runs of the library are what they were, unless the change log says why not."""

import json
import os
import subprocess
import sys

import pytest

from kit.scenarios import SCENARIOS
from tests.golden import CHANGES, GOLDEN, fingerprint

pytestmark = pytest.mark.notebook

KEPT: dict[str, str] = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_run_has_its_golden_digest(name: str):
    """Equal input gives an equal run, today and on every machine."""
    assert SCENARIOS[name]().digest == KEPT[name], "if that is meant to be: make golden"


def test_every_scenario_has_one():
    """None is missing and none is left over."""
    assert KEPT.keys() == SCENARIOS.keys()


def test_the_change_log_names_them():
    """Whoever changes a golden digest writes down why."""
    assert f"`{fingerprint()}`" in CHANGES.read_text(encoding="utf-8")


def test_digests_do_not_depend_on_the_hash_seed():
    """Another Python process with another order of sets gives the same."""
    code = "from tests.golden import digests; import json; print(json.dumps(digests()))"
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert json.loads(found.stdout) == KEPT
