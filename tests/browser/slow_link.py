"""Reaching a server over a link as slow as one to Binder."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.check.browser.servers import HOST, Server

PROXY = Path(__file__).with_name("latency_proxy.py")


@contextmanager
def delayed(server: Server, one_way_ms: float) -> Iterator[Server]:
    """Put a slow link in front of a server."""
    command = [sys.executable, str(PROXY), str(server.port), str(one_way_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield server.at(f"http://{HOST}:{int(process.stdout.readline())}")
        finally:
            process.terminate()
