"""Controls for what a machine is: its cores, policy, memory, costs and seed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import ipywidgets

from kit.sim.replacement import POLICIES as REPLACEMENTS
from kit.sim.replacement import Replacement
from kit.sim.schedulers import POLICIES, Follow, Scheduler
from kit.sim.settings import Costs, KiB
from kit.sim.setup import Setup
from kit.widgets.base.controls import ControlsAid

MOST_CORES = 8
PAGE_SIZES = tuple(64 << bits for bits in range(11))
KEEP, FREE, REALISTIC = "as they are", "free", "realistic"
_COSTS = {FREE: Costs.free, REALISTIC: Costs.realistic}
_NONE = "none"


class MachineForm(ipywidgets.VBox):
    """A row for each setting that can be changed; all others stay as they are.

    Attributes
    ----------
    controls : dict of str to Widget
        By the names of what they set.
    """

    def __init__(self) -> None:
        whole = ipywidgets.BoundedIntText
        policies = [kind.__name__ for kind in POLICIES if kind is not Follow]
        replacements = [_NONE, *(one for one in REPLACEMENTS if one != "opt")]
        self.controls: dict[str, Any] = {
            "cores": whole(min=1, max=MOST_CORES, description="cores"),
            "scheduler": ipywidgets.Dropdown(options=policies, description="scheduler"),
            "quantum": whole(min=1, max=1000, description="quantum"),
            "ram": whole(min=4, max=4096, description="RAM, pages"),
            "page_size": ipywidgets.Dropdown(options=PAGE_SIZES, description="page size"),
            "demand": ipywidgets.Checkbox(description="demand paging", indent=False),
            "swap": whole(min=0, max=2048, description="swap, pages"),
            "replacement": ipywidgets.Dropdown(options=replacements, description="replacement"),
            "tlb": whole(min=0, max=64, description="TLB entries"),
            "costs": ipywidgets.Dropdown(options=[KEEP, *_COSTS], description="costs"),
            "seed": whole(min=0, max=2**31 - 1, description="seed"),
        }
        for control in self.controls.values():
            control.style.description_width = "14ch"
        self._given: dict[str, Any] = {}
        super().__init__([*self.controls.values(), ControlsAid(layout={"display": "none"})])
        self.add_class("kit-controls")

    def show(self, setup: Setup) -> None:
        """Let the controls say what a machine is."""
        name = type(setup.scheduler).__name__
        choice = self.controls["scheduler"]
        if name not in choice.options:
            choice.options = [*choice.options, name]
        replacement = setup.replacement
        told: dict[str, Any] = {
            "cores": setup.cores,
            "scheduler": name,
            "quantum": _quantum_of(setup.scheduler) or 10,
            "ram": setup.ram // setup.page_size,
            "page_size": setup.page_size,
            "demand": setup.demand,
            "swap": setup.swap // setup.page_size,
            "replacement": replacement.policy if isinstance(replacement, Replacement) else _NONE,
            "tlb": setup.tlb,
            "costs": KEEP,
            "seed": setup.seed,
        }
        for one, value in told.items():
            self.controls[one].value = value
        # A control has its own limits: what it could not take counts as not touched.
        self._given = {one: control.value for one, control in self.controls.items()}

    def applied_to(self, setup: Setup) -> Setup:
        """Return a machine's setup with what was changed in the controls.

        Raises
        ------
        ArgumentError
            If no machine can be like that.
        """
        now = {one: control.value for one, control in self.controls.items()}
        changed = {one: now[one] for one in now if now[one] != self._given.get(one)}
        made: dict[str, Any] = {
            one: changed[one] for one in ("cores", "demand", "tlb", "seed") if one in changed
        }
        if {"scheduler", "quantum"} & changed.keys():
            made["scheduler"] = _policy(now["scheduler"], now["quantum"], setup.scheduler)
        if {"ram", "page_size", "swap", "replacement"} & changed.keys():
            made |= _memory(now, setup)
        if "costs" in changed:
            made["costs"] = _COSTS[now["costs"]]()
        return replace(setup, **made) if made else setup


def _memory(now: dict[str, Any], setup: Setup) -> dict[str, Any]:
    """Return the sizes of RAM, swap area and stacks in whole pages."""
    size = now["page_size"]
    swap = now["swap"] * size
    chosen = _NONE if not swap else now["replacement"]
    if swap and chosen == _NONE:
        chosen = "lru"
    stack = max(size, setup.stack_size // size * size)
    return {
        "page_size": size,
        "ram": now["ram"] * size,
        "stack_size": stack,
        "address_space": max(4 * stack, setup.address_space // size * size, 64 * KiB),
        "swap": swap,
        "replacement": None if chosen == _NONE else Replacement(chosen),
    }


def _quantum_of(policy: Scheduler) -> int | None:
    quantum = getattr(policy, "quantum", None)
    return quantum if isinstance(quantum, int) else None


def _policy(name: str, quantum: int, given: Scheduler) -> Scheduler:
    """Return the policy of a name; with this quantum, if it has one."""
    kind: Any = {one.__name__: one for one in POLICIES}[name]
    base: Any = given if type(given) is kind else kind()
    timed = any(field.name == "quantum" for field in fields(kind))
    made: Scheduler = replace(base, quantum=quantum) if timed else base
    return made
