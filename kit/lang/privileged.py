"""Privileged instructions, which only the operating system may execute.

A program of the lesson language always runs in user mode, so that the machine refuses each of
them. They are here because a student has to have seen that.

Definitions: Intel, *Software Developer's Manual*, volume 3, section "Privileged Instructions";
there they are MOV from and to CR3, CLI and HLT.
"""

from __future__ import annotations

from kit.lang.system_call import SystemCall

PRIVILEGED = {
    "read_page_table": SystemCall(
        0,
        0,
        True,
        "read where the page table is: privileged",
        form="read_page_table()",
        op="RDPT",
    ),
    "write_page_table": SystemCall(
        1,
        1,
        False,
        "use the page table at address a: privileged",
        form="write_page_table(a)",
        op="WRPT",
    ),
    "disable_interrupts": SystemCall(
        0,
        0,
        False,
        "take no more interrupts: privileged",
        form="disable_interrupts()",
        op="CLI",
    ),
    "halt": SystemCall(
        0, 0, False, "stop the core until an interrupt: privileged", form="halt()", op="HLT"
    ),
}
"""Written like calls; each is one instruction. A program may define functions of these names."""
