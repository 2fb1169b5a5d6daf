"""In which kernel and in what surroundings a notebook is run, the same whatever runs it.

`kit check` runs notebooks with nbval, and whatever else runs them with nbclient; both ask here.
"""

from __future__ import annotations

import os

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from kit.check.course import installed

PRESENT = ":nbval-parent-env"
"""The name of the kernel that is run: this Python with its packages, under nbval's name for it.

Which kernel a notebook names depends on who saved it last, and on which computer.
"""
OPTIONS = ("--HistoryManager.hist_file=:memory:",)
"""For IPython: kernels beside each other would wait for one history file."""


class PresentKernels(KernelSpecManager):
    """Knows the kernel `PRESENT` besides those that are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification of a kernel."""
        if kernel_name != PRESENT:
            return super().get_kernel_spec(kernel_name)
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


class PresentKernelManager(AsyncKernelManager):
    """Starts a kernel that `PresentKernels` knows."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return PresentKernels(data_dir=self.data_dir)


def environment() -> dict[str, str]:
    """Return the environment of a kernel: that of a person, who does not use pytest.

    ipykernel shows nothing of what is written to the file descriptors if it thinks that it
    runs in a test. What somebody has answered must neither count here nor be written over.
    """
    person = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return installed().environment(person)
