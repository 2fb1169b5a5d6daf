"""os-course-kit: see what an operating system does with a program.

The names a notebook needs are here, and so are the packages with all others, such as
`kit.widgets`. Each is loaded when it is first asked for, so that `import kit` costs next to
nothing.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.errors import ArgumentError, KitError, LanguageError, LimitExceeded, TraceError
    from kit.lang import Program
    from kit.sim import (
        FIFO,
        MLFQ,
        SJF,
        STCF,
        Cache,
        Contiguous,
        Costs,
        Cyclic,
        Fair,
        Follow,
        FreeList,
        HeapPolicy,
        Inject,
        KiB,
        Kill,
        Limits,
        Lottery,
        MiB,
        PageTable,
        Priority,
        Replacement,
        RoundRobin,
        RunNext,
        Segmentation,
        Stride,
        Write,
        replace_pages,
    )
    from kit.trace import Machine, Trace

__version__ = "0.1.0"

__all__ = [
    "FIFO",
    "MLFQ",
    "SJF",
    "STCF",
    "ArgumentError",
    "Cache",
    "Contiguous",
    "Costs",
    "Cyclic",
    "Fair",
    "Follow",
    "FreeList",
    "HeapPolicy",
    "Inject",
    "KiB",
    "Kill",
    "KitError",
    "LanguageError",
    "LimitExceeded",
    "Limits",
    "Lottery",
    "Machine",
    "MiB",
    "PageTable",
    "Priority",
    "Program",
    "Replacement",
    "RoundRobin",
    "RunNext",
    "Segmentation",
    "Stride",
    "Trace",
    "TraceError",
    "Write",
    "__version__",
    "replace_pages",
]

_NAMES = {
    "kit.errors": ("ArgumentError", "KitError", "LanguageError", "LimitExceeded", "TraceError"),
    "kit.lang": ("Program",),
    "kit.sim": (
        "Cache",
        "Contiguous",
        "Costs",
        "Cyclic",
        "FIFO",
        "Fair",
        "Follow",
        "FreeList",
        "HeapPolicy",
        "Inject",
        "KiB",
        "Kill",
        "Limits",
        "Lottery",
        "MLFQ",
        "MiB",
        "PageTable",
        "Priority",
        "Replacement",
        "RoundRobin",
        "RunNext",
        "SJF",
        "STCF",
        "Segmentation",
        "Stride",
        "Write",
        "replace_pages",
    ),
    "kit.trace": ("Machine", "Trace"),
}
"""Where the names come from."""
_HOMES = {name: home for home, names in _NAMES.items() for name in names}
_PACKAGES = ("errors", "explore", "host", "lang", "quiz", "scenarios", "sim", "trace", "widgets")

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a name, or a package, when it is first asked for (PEP 562)."""
        if name in _PACKAGES:
            return import_module(f"kit.{name}")
        if name not in _HOMES:
            raise AttributeError(f"module 'kit' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value

    def __dir__() -> list[str]:
        """Name what is loaded and what can be, for completion."""
        return sorted({*globals(), *__all__, *_PACKAGES})


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook the cell magic ``%%program``; ``%load_ext kit`` calls this.

    Parameters
    ----------
    shell : InteractiveShell
        What runs the cells.
    """

    def program(line: str, cell: str) -> None:
        """Bind a name to the `Program` whose text is this cell.

        ``%%program counter`` makes `counter`. ``%%program counter N=3 K=5`` lets globals begin
        with other numbers than the text says, and ``language=assembly`` takes assembly.
        """
        import_module("kit.magics").run(shell, line, cell)

    program.__dict__["_ipython_magic_no_var_expand"] = True
    shell.register_magic_function(program, "cell", "program")


def _load_into_notebook() -> None:
    """Have ``%%program`` where notebooks run; IPython is not loaded for it."""
    running = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(running, "register_magic_function"):
        load_ipython_extension(running)


_load_into_notebook()
