"""A check that is ended leaves no server and no browser running, and no temporary folder."""

import signal
import sys
from pathlib import Path

import pytest

from tests.ending import Ended, end_check


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals and pipes")
def test_sigterm_ends_server_browser_and_kernel(tmp_path: Path):
    """SIGTERM ends JupyterLab, its kernel and Chromium, and nothing of theirs stays."""
    assert end_check(tmp_path, "browser") == Ended(128 + signal.SIGTERM, [], [])
