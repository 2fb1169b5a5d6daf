"""The views of a run, each one class that names its layout, and what can be chosen of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import traitlets
from ipywidgets.widgets.trait_types import TypedTuple

from kit.errors import ArgumentError, nearest, require
from kit.trace.real import MEMORY, RUN
from kit.tracks import cpu, crossing, timeline
from kit.tracks.memory.address_spaces import DETAILS, address_spaces
from kit.tracks.memory.disk import disk
from kit.tracks.memory.frames import frames
from kit.tracks.memory.heap_list import chosen_process, heap_list
from kit.tracks.memory.translation import checked_core, translation
from kit.tracks.system.console import console
from kit.tracks.system.files import files
from kit.tracks.system.lifecycle import lifecycle
from kit.tracks.system.listing import chosen_program, listing
from kit.tracks.system.perspective import perspective
from kit.tracks.system.process_table import process_table
from kit.widgets.pictures.view import View
from kit.widgets.pictures.zoom import Zoom

WIDEST_CPU = "440px"
"""On a wider page its tokens would only become longer."""


class Disk(View):
    """Program files, their copies leaving for RAM, and the files that programs use.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("DISK", "files")
    lay_out = staticmethod(disk)


class AddressSpaces(View):
    """What each process was given: a column of segments with their content.

    Up to six processes stand side by side with what is in them; up to 24 are shown as an
    overview in several rows, and of more the first 24. `kit.host.address_space` has one of a real
    process, which is shown as an overview.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    detail : str
        "overview" for names and sizes of segments, "values" also for what is in them,
        "pages" also for the frame of each page; default "values".
    pids : tuple of int
        Which processes are shown, in this order; default (), the first ones. Pids that do
        not exist in the run are named below the picture.
    """

    heading = ("RAM", "address spaces")
    lay_out = staticmethod(address_spaces)
    shows_real = MEMORY

    detail = traitlets.Enum(DETAILS, default_value="values").tag(option=True)
    pids = TypedTuple(trait=traitlets.Int(), default_value=()).tag(option=True)


class Frames(View):
    """Frames of RAM, who owns them and which segment they hold, and the swap area.

    Frames that several pages share are marked, and those that are copied when they are
    written. Pointing at a frame, or moving to it with the arrow keys, tells which virtual
    page is mapped to it. At most 4,096 frames are shown.

    Parameters, attributes and errors are those of `View`; `widgets` holds the grids as
    "ram" and, where there is a swap area, "swap".
    """

    heading = ("RAM", "physical frames")
    lay_out = staticmethod(frames)


class Cpu(View):
    """Cores with the running threads, the ready queue, and who is blocked and why.

    A context switch shows what is saved of the thread that leaves and restored of the next
    one. More than four cores have a line of a grid each, without registers.

    Parameters and errors are those of `View`.

    Attributes
    ----------
    registers : str
        "few" for pc, sp and r0 of the running threads; "all" for r0 to r7, fp, sp and pc;
        default "few".
    """

    heading = ("CPU", "executes threads")
    lay_out = staticmethod(cpu)

    registers = traitlets.Enum(("few", "all"), default_value="few").tag(option=True)

    def _arrange(self) -> None:
        self.figure.layout.max_width = WIDEST_CPU
        super()._arrange()


class Crossing(View):
    """How cores go between user and kernel mode: a row a step, with time running down.

    Three columns say what the operating system, the hardware and the program do at a trap, an
    interrupt, a switch and a return-from-trap. A row appears at its tick, and the last of each
    core is marked; the last 24 are shown.

    Parameters and errors are those of `View`.

    Attributes
    ----------
    since : int
        Tick from which on crossings are shown, of a long run the first 400 after it; default 0.
    """

    heading = ("CROSSING", "between user mode and kernel mode")
    lay_out = staticmethod(crossing)
    frame_classes = ("kit-columns", "kit-columns-crossing")

    since = traitlets.Int(0, min=0).tag(option=True)


class ProcessTable(View):
    """What the operating system keeps: a row a process, which folds out to its threads.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("OS", "allocates to processes")
    lay_out = staticmethod(process_table)
    frame_classes = ("kit-columns", "kit-columns-processes")
    shows_real = RUN


class Timeline(View):
    """What each thread, or each core, did when; a click seeks.

    Buttons, keys and gestures below the picture zoom and pan it: ``+``, ``-`` and ``0``,
    Shift with the arrows, the wheel with Ctrl or Shift, dragging.

    Parameters and errors are those of `View`.

    Attributes
    ----------
    lanes : str
        "thread" for a lane a thread, those of a process together; "core" for a lane a core,
        with the thread it ran; default "thread".
    direction : str
        Whereto time runs: "right", or "down" as in the classic picture; default "right".
    until : int
        Last tick of the axis, if the run ends before it, so that two runs have one scale;
        ticks, default 0.
    """

    heading = ("TIMELINE", "")
    lay_out = staticmethod(timeline)
    shows_real = RUN

    lanes = traitlets.Enum(("thread", "core"), default_value="thread").tag(option=True)
    direction = traitlets.Enum(("right", "down"), default_value="right").tag(option=True)
    until = traitlets.Int(0, min=0).tag(option=True)

    @property
    def headline(self) -> tuple[str, str]:
        """Its heading, and what a lane is."""
        return self.heading[0], f"one lane for each {self.lanes}"

    def _arrange(self) -> None:
        assert self.drawing is not None
        zoom = self.widgets["zoom"]
        assert isinstance(zoom, Zoom)
        zoom.work_on(self.widgets, self.drawing.scales)
        super()._arrange()


class Lifecycle(View):
    """The states of processes and threads as a diagram, with a token for each of them.

    Parameters, errors and further attributes are those of `View`.

    Attributes
    ----------
    show : str
        Option: "processes", "threads" or "both" side by side. Default "both".
    """

    heading = ("LIFE CYCLE", "of processes and of threads")
    lay_out = staticmethod(lifecycle)
    shows_real = RUN

    show = traitlets.Enum(("both", "threads", "processes"), default_value="both").tag(option=True)


class Perspective(View):
    """One moment seen by the CPU, which is given threads, and by the operating system.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("PERSPECTIVE", "one moment, seen by the CPU and by the operating system")
    lay_out = staticmethod(perspective)


class Listing(View):
    """The text of a program beside its instructions, and which thread stands where.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    program : str
        Name of the program that is shown; default "", the one that was launched first. A
        name that the run does not have is refused; another run that does not have it shows
        its first one.
    """

    heading = ("LISTING", "source and instructions")
    lay_out = staticmethod(listing)
    frame_classes = ("kit-side-by-side",)

    program = traitlets.Unicode("").tag(option=True)

    @traitlets.validate("program")
    def _program_of_the_run(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        chosen_program(self.trace, name)
        return name

    @traitlets.observe("trace")
    def _another_trace(self, change: dict[str, Any]) -> None:
        if self.program not in ("", *(program.name for program in change["new"].programs)):
            self.program = ""


class Console(View):
    """What each process has printed, and what the operating system reports of it.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("CONSOLE", "output and errors")
    lay_out = staticmethod(console)
    frame_classes = ("kit-columns", "kit-columns-console")
    shows_real = RUN


class Files(View):
    """The files on the disk: programs, which never change, and data with who has it open.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("FILES", "on the disk")
    lay_out = staticmethod(files)
    frame_classes = ("kit-columns", "kit-columns-files")


class HeapList(View):
    """The heap of a process to scale, with the free list of its allocator.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    pid : int
        The process whose heap is shown; default 0, the first one that has a heap. A pid
        that the run does not have is refused; another run that does not have it shows its
        first heap.
    """

    heading = ("HEAP", "free list of the allocator")
    lay_out = staticmethod(heap_list)
    frame_classes = ("kit-columns", "kit-columns-heap")

    pid = traitlets.Int(0).tag(option=True)

    @traitlets.validate("pid")
    def _process_of_the_run(self, proposal: dict[str, Any]) -> int:
        pid: int = proposal["value"]
        chosen_process(self.trace, pid)
        return pid

    @traitlets.observe("trace")
    def _another_trace(self, change: dict[str, Any]) -> None:
        if self.pid not in (0, *change["new"].history.processes):
            self.pid = 0


class Translation(View):
    """How a core's addresses are translated: base and bounds, segments, or page tables with TLB.

    Below stands what the translation goes by: how large page tables are, or the segments.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    core : int
        The core that is shown; default 0. One that the machine does not have is refused;
        another run that does not have it shows core 0.
    """

    heading = ("MMU", "translates addresses")
    lay_out = staticmethod(translation)
    frame_classes = ("kit-columns", "kit-columns-translation")

    core = traitlets.Int(0).tag(option=True)

    @traitlets.validate("core")
    def _core_of_the_machine(self, proposal: dict[str, Any]) -> int:
        core: int = proposal["value"]
        checked_core(self.trace, core)
        return core

    @traitlets.observe("trace")
    def _another_trace(self, change: dict[str, Any]) -> None:
        if self.core >= change["new"].settings.cores:
            self.core = 0


VIEWS: dict[str, type[View]] = {
    "disk": Disk,
    "address_spaces": AddressSpaces,
    "frames": Frames,
    "cpu": Cpu,
    "crossing": Crossing,
    "process_table": ProcessTable,
    "timeline": Timeline,
    "lifecycle": Lifecycle,
    "perspective": Perspective,
    "listing": Listing,
    "console": Console,
    "files": Files,
    "heap_list": HeapList,
    "translation": Translation,
}


REAL_VIEWS = tuple(name for name, view in VIEWS.items() if view.shows_real == RUN)
"""What there is to see of a real run."""


def checked_views(who: str, names: object) -> tuple[str, ...]:
    """Return the names of views, each one once.

    Raises
    ------
    ArgumentError
        If one does not exist.
    """
    require(
        isinstance(names, Iterable) and not isinstance(names, str),
        f"{who}: views is {names!r}; give a list of names, of {', '.join(VIEWS)}",
    )
    listed = tuple(dict.fromkeys(names))  # type: ignore[call-overload]
    for name in listed:
        if name not in VIEWS:
            raise ArgumentError(f"{who}: there is no view {name!r}; {nearest(str(name), VIEWS)}")
    return listed
