"""System calls of a command, counted by the tools that are there."""

import re
import shutil

import pytest

from kit import ArgumentError
from kit.host import HostError, system_calls
from kit.host.looking.system_calls import read_perf, read_strace

STRACE = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000030           1        23           close
 40.00    0.000020           2        34        13 openat
------ ----------- ----------- --------- --------- ----------------
100.00    0.000050           1        57        13 total
"""
PERF = """
 Summary of events:

 ls (3862), 290 events, 97.3%

   syscall            calls  errors  total       min       avg       max       stddev
   --------------- --------  ------ -------- --------- --------- ---------     ------
   openat                34     13     0.465     0.012     0.014     0.017      1.50%

 sh (3863), 2 events, 0.1%

   openat                 1      0     0.265     0.010     0.012     0.014      1.98%
"""


ADVICE = r"apt-get install strace|kit\.host\.look shows a recording instead"
"""What the sentence says at its end where neither can be used."""


def test_tables_of_both_tools_are_read():
    """Each call with how often it was made and how often it failed, of all processes together."""
    assert list(read_strace(STRACE)) == [("close", 23, 0), ("openat", 34, 13)]
    assert list(read_perf(PERF)) == [("openat", 35, 13)]


@pytest.mark.notebook
@pytest.mark.parametrize("without", ["", "strace", "perf"])
def test_a_command_is_counted_or_it_is_said_why_not(without: str, tmp_path, monkeypatch):
    """Where neither tool is there or allowed, the sentence says what to install."""
    for tool in {"true", "strace", "perf"} - {without}:
        path = shutil.which(tool)
        if path is not None:
            (tmp_path / tool).symlink_to(path)
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        found = system_calls("true")
    except HostError as missing:
        assert re.search(ADVICE, str(missing))  # noqa: PT017 - both are right here
        return
    assert "execve" in found.column("system call")
    assert without not in found.notes[0].split() or not without


@pytest.mark.notebook
def test_what_does_not_end_is_not_run_again(tmp_path):
    """A command that goes on when it is told to end is ended, and not tried with another tool."""
    begun = tmp_path / "begun"
    text = f"trap '' INT; echo >> {begun}; exec sleep 10"
    with pytest.raises(HostError, match=f"did not end when it was told to|{ADVICE}"):
        system_calls(["sh", "-c", text], seconds=0.5)
    # Where no tool is there or allowed, it is not run at all.
    assert not begun.exists() or begun.read_text() == "\n"


@pytest.mark.notebook
def test_a_tool_that_may_not_trace_is_not_to_be_installed(tmp_path, monkeypatch):
    """As in a container without ptrace, where strace is there and of no use."""
    (tmp_path / "true").symlink_to(str(shutil.which("true")))
    tool = tmp_path / "strace"
    tool.write_text("#!/bin/sh\nexit 1\n")
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HostError, match=r"strace may not trace here.*shows a recording instead$"):
        system_calls(["true"])


@pytest.mark.notebook
def test_without_either_tool_it_is_said(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """Both that are missing are named."""
    (tmp_path / "true").symlink_to(str(shutil.which("true")))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HostError, match="strace is not installed and perf is not installed"):
        system_calls(["true"])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "is empty"),
        (["ls", "a\0b"], "zero byte"),
        ("'", "No closing quotation"),
        (7, "give"),
        (["ls", 7], "give"),
    ],
)
def test_what_is_no_command_is_refused(command, said: str):
    """A command is a text or a list of texts; no shell sees it."""
    with pytest.raises(ArgumentError, match=said):
        system_calls(command)


def test_what_does_not_exist_is_not_run():
    """A name that leads to no program is told, and nothing is started."""
    with pytest.raises(HostError, match="there is no command 'no-such-program; ls' here"):
        system_calls(["no-such-program; ls"])
    with pytest.raises(ArgumentError, match="seconds"):
        system_calls("true", seconds=0)
