"""Address spaces of real processes: regions, kinds, and what may not be seen."""

import os
import subprocess
import sys

import pytest

from kit import ArgumentError
from kit.host import HostError, address_space
from kit.host.looking import access
from kit.host.looking.memory import LEFT_OUT, Footprint, HostAddressSpace, read_regions
from kit.host.looking.spaces import MOST_FILES, segments_of

PROGRAM = "/usr/bin/own program"
SMAPS = f"""55d000000000-55d000002000 r-xp 00000000 fe:00 131 {PROGRAM}
Size: 8 kB
Rss: 8 kB
55d000002000-55d000003000 rw-p 00002000 fe:00 131 {PROGRAM}
Rss: 4 kB
55d000003000-55d000005000 rw-p 00000000 00:00 0
Rss: 4 kB
55d000100000-55d000200000 rw-p 00000000 00:00 0 [heap]
Rss: 512 kB
7f0000000000-7f0000001000 ---p 00000000 00:00 0
Rss: 0 kB
7f0000001000-7f0000101000 rw-p 00000000 00:00 0
Rss: 16 kB
7f0000200000-7f0000201000 rw-p 00000000 00:00 0
Rss: 4 kB
7f0000300000-7f0000500000 r-xp 00000000 fe:00 17 /usr/lib/libc.so.6
Rss: 1024 kB
7f0000600000-7f0000700000 rw-s 00000000 00:01 18 /dev/shm/board
Rss: 64 kB
7f0000800000-7f0000801000 r--p 00000000 fe:00 19 /tmp/\\033[31mred\x1b[0m
Rss: 4 kB
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]
Rss: 76 kB
7ffc00100000-7ffc00102000 r-xp 00000000 00:00 0 [vdso]
Rss: 4 kB
"""
FOOTPRINT = Footprint(9 << 20, 8 << 20, 1 << 20, 3 << 20, 44, 1)


def a_space() -> HostAddressSpace:
    """Return an address space as the system would tell it."""
    regions = tuple(read_regions(SMAPS, PROGRAM))
    return HostAddressSpace(77, "own program", regions, FOOTPRINT)


def test_what_the_allocator_keeps_for_later_is_no_guard_of_a_stack():
    """A heap of a thread comes after megabytes without access, a stack after some pages."""
    lines = [
        "7f1000000000-7f1000021000 rw-p 00000000 00:00 0\nRss: 4 kB",
        "7f1000021000-7f1004000000 ---p 00000000 00:00 0\nRss: 0 kB",
        "7f1004000000-7f1004021000 rw-p 00000000 00:00 0\nRss: 4 kB\n",
    ]
    kinds = [region.kind for region in read_regions("\n".join(lines), PROGRAM)]
    assert kinds == ["anonymous", "guard", "anonymous"]


def test_each_region_has_a_kind():
    """Code, data and bss, heap, stacks, shared memory, libraries, files, guards, the system."""
    found = a_space().regions
    assert [region.kind for region in found] == [
        *("code", "data", "data", "heap", "guard", "stack", "anonymous", "library", "shared"),
        *("file", "stack", "system"),
    ]
    assert [region.resident >> 10 for region in found][:4] == [8, 4, 4, 512]
    assert found[0].size == 0x2000


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r"])
def test_a_name_makes_no_region(end: str):
    """What else ends a line in Python may be in a name, and in it ends nothing."""
    name = f"/tmp/a{end}{end}7f0000900000-7f0000901000 rwxp 00000000 00:00 0{end}Rss: 9 kB"
    text = SMAPS.replace("/usr/lib/libc.so.6", name)
    regions = [*read_regions(text, PROGRAM)]
    assert len(regions) == len(a_space().regions)
    assert (regions[7].path, regions[7].resident) == (name, 1024 << 10)


def test_it_is_told_in_words():
    """A line for each region, from high addresses down, RAM, and what the model leaves out."""
    text = str(a_space())
    lines = text.splitlines()
    assert lines[0] == "own program (pid 77):"
    assert "system" in lines[1]
    assert lines[-2] == (
        "RSS 9216 KiB, PSS 8192 KiB, shared 1024 KiB, private 3072 KiB; page faults: 44 minor, "
        "1 major"
    )
    for sentence in LEFT_OUT.values():
        assert sentence in lines[-1]


def test_names_of_files_do_nothing_but_be_read():
    """A file can be called anything; what is not printable is not printed."""
    assert "\x1b" not in str(a_space())
    assert all(name.isprintable() for name, _ in segments_of(a_space().regions))


def test_regions_become_the_segments_of_the_model():
    """Pieces of one thing are one segment, stacks are numbered from the top."""
    segments = dict(segments_of(a_space().regions))
    assert segments["data"] == (0x55D000002000, 0x55D000005000)
    assert segments["stack T1"][0] == 0x7FFC00000000
    assert segments["stack T2"][0] == 0x7F0000001000
    assert {"code", "heap", "heap by mmap", "shared libc.so.6", "shared board"} <= set(segments)
    assert len([name for name in segments if name.startswith("shared")]) <= MOST_FILES + 1


def test_only_your_own_processes_are_looked_at(monkeypatch: pytest.MonkeyPatch):
    """Another user's process is refused, and so is what is no process."""
    with pytest.raises(ArgumentError, match="address_space: pid"):
        address_space(0)
    with pytest.raises(HostError, match="there is no process 4194304 here"):
        address_space(4194304)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(HostError, match="another user's; only your own are looked at"):
        address_space(os.getppid())


def test_a_system_without_proc_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A Linux whose /proc is not mounted is told in a sentence."""
    monkeypatch.setattr(access, "PROC", tmp_path)
    with pytest.raises(HostError, match="Linux has no /proc here"):
        address_space()


def test_this_process_can_be_looked_at():
    """Python itself has code, a heap, a stack and libraries, and takes RAM."""
    space = address_space()
    assert space.pid == os.getpid()
    assert {"code", "heap", "stack", "library"} <= {region.kind for region in space.regions}
    starts = [region.start for region in space.regions]
    assert starts == sorted(starts)
    assert space.footprint is None or space.footprint.resident > 1 << 20


@pytest.mark.notebook
def test_the_stack_of_a_thread_is_found():
    """A thread's stack is the memory above a page that nobody may touch."""
    code = (
        "import threading, sys\n"
        "done = threading.Event()\n"
        "threading.Thread(target=done.wait).start()\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
        "done.set()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as program:
        assert program.stdout is not None
        program.stdout.readline()
        assert len(address_space(program.pid).of_kind("stack")) == 2
        program.communicate()
