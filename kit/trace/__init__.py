"""What happened in a run: step functions, events, state at any tick, narration."""

from kit.sim.events.event import Event
from kit.trace.call_stack import CallFrame
from kit.trace.machine import Machine
from kit.trace.moment import Moment
from kit.trace.narration.sentences import Narration
from kit.trace.process_state import ProcessState, SegmentState, ThreadState
from kit.trace.resources import MailboxState, OpenFileState, PipeState, SynchronisationState
from kit.trace.steps import Steps
from kit.trace.trace import Trace

__all__ = [
    "CallFrame",
    "Event",
    "Machine",
    "MailboxState",
    "Moment",
    "Narration",
    "OpenFileState",
    "PipeState",
    "ProcessState",
    "SegmentState",
    "Steps",
    "SynchronisationState",
    "ThreadState",
    "Trace",
]
