"""Starting the process of a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import zmq
from jupyter_client.manager import KernelManager

from kit.check.kernels import OPTIONS, PresentKernels, environment

LONGEST_SOCKET = 80
"""Characters of a folder's path that leave room for a socket's name: 108 are allowed."""


def start(
    name: str, folder: Path, *, home: Path, log: IO[bytes], seconds: float
) -> tuple[KernelManager, Any]:
    """Start a kernel; return its manager and a client that is connected.

    nbval's own function lets kernels look for free ports. Two that start at the same time may
    find the same one, and then neither of them answers. Sockets in a folder of their own
    cannot be mixed up.

    Parameters
    ----------
    name : str
        Of its kernel specification.
    folder : Path
        Where it runs.
    home : Path
        An empty folder, for the files of the connection.
    log : file
        What it writes to its terminal.
    seconds : float
        How long it may take.

    Raises
    ------
    NoSuchKernel
        If there is no such specification.
    OSError, RuntimeError
        If it does not start.
    """
    manager = KernelManager(
        kernel_name=name,
        kernel_spec_manager=PresentKernels(),
        connection_file=str(home / "kernel.json"),
    )
    own = is_python(manager)
    if own and zmq.has("ipc") and len(str(home)) <= LONGEST_SOCKET:
        manager.transport = "ipc"
    manager.start_kernel(
        stdout=log,
        stderr=log,
        cwd=str(folder),
        env=environment(),
        extra_arguments=list(OPTIONS if own else ()),
    )
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=seconds)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        raise
    return manager, client


def is_python(manager: KernelManager) -> bool:
    """Return whether a kernel runs Python."""
    spec = manager.kernel_spec
    return spec is not None and spec.language == "python"
