"""Logs of real runs, written by hand, and random ones."""

from typing import Any

from hypothesis import strategies as st

from kit import Program
from kit.host import HostTrace
from kit.host.running.log import read_run

PROGRAM = Program(
    "counter",
    "log = [0, 0]\nlocks = [Lock() for _ in range(2)]\nslots = Semaphore(1)\ntable = RWLock()\n"
    "def worker(n):\n    pass\ndef main():\n    join(spawn(worker, 7))\n",
)
PROGRAMS = {"counter": PROGRAM, "other": Program("other", "def main(): pass\n")}

LOG = """1100 2 1 0 begin counter
1200 2 1 0 forks 3
1300 3 1 1 fork 2
1400 2 1 0 create 2 worker 7
1500 2 2 1 thread 0
1600 2 2 1 lock locks[1]
1700 2 1 0 wait_for_lock locks[1]
1800 3 1 1 print 61250a
1900 3 1 1 value log 1 2
2000 3 1 1 end 0
2100 2 2 1 unlock locks[1]
2200 2 1 0 go_on 0
2300 2 1 0 lock locks[1]
2400 2 1 0 wait 3 0 250 1 2 30
2500 2 1 0 sleep 100
2600 2 1 0 go_on 0
2700 2 2 1 thread_end 0
2800 2 1 0 end 0
"""

ENDED = {"2": [5, 2900, 300, 4, 5, 60]}


def found(*, log: str = LOG, late: bool = False, ends: Any = None) -> dict[str, Any]:
    """Return what the launcher tells."""
    forked = [line.split()[1] for line in log.splitlines() if " fork " in line]
    pids = {pid: 75 + int(pid) for pid in ["2", *forked]}
    ends = ENDED if ends is None else ends
    last = max(int(line.split()[0]) for line in log.splitlines())
    told = {"pids": pids, "ends": ends, "log": log, "late": late}
    return {**told, "begin": 1000, "end": last + 200, "cores": 2, "way": "c"}


def real_run(**told: Any) -> HostTrace:
    """Return a run that did what a log says."""
    return read_run(found(**told), PROGRAMS, 1)


DOINGS = (
    *("lock locks[0]", "unlock locks[0]", "print 410a", "down slots 0", "up slots 1"),
    *("read_lock table", "write_lock table", "unlock table", "wait_for_lock locks[1]"),
    *("wait_for_read_lock table", "wait_for_write_lock table", "wait_at_barrier 0x7ffe10"),
    *("wait_at_condition gone", "wait_for_data 3", "wait_for_room 4", "wait_for_child -1"),
    *("wait_for_thread 2", "sleep 1000", "go_on 0", "kill 3 9", "kill 77 15", "join 2"),
    *("wait_for_semaphore slots", "create", "thread_end 0", "fork", "begin other", "end 0"),
)
"""What a thread can write down; in any order, since a log may be cut off anywhere."""


@st.composite
def logs(draw: st.DrawFn) -> str:
    """Draw a log in which threads that are there do anything, until their process ends."""
    lines, now = ["1100 2 1 0 begin counter"], 1100
    alive, made, children = [(2, 1)], {2: 1}, 0
    for _ in range(draw(st.integers(0, 30))):
        if not alive:
            break
        now += draw(st.integers(0, 300))
        pid, tid = draw(st.sampled_from(alive))
        start = f"{now} {pid} {tid} {draw(st.integers(-1, 70))}"
        what = draw(st.sampled_from(DOINGS))
        if what == "create":
            made[pid] += 1
            alive.append((pid, made[pid]))
            lines += [f"{start} create {made[pid]} worker 1"]
            lines += [f"{now} {pid} {made[pid]} 1 thread 0"]
        elif what == "fork":
            children += 1
            child = 2 + children
            alive.append((child, tid))
            made[child] = made[pid]
            lines += [f"{start} forks {child}", f"{now} {child} {tid} 0 fork {pid}"]
        elif what == "begin other":
            alive = [key for key in alive if key[0] != pid]
            alive.append((pid, 1))
            made[pid] = 1
            lines.append(f"{now} {pid} 1 0 begin other")
        else:
            lines.append(f"{start} {what}")
            if what in ("thread_end 0", "end 0"):
                alive = [k for k in alive if k != (pid, tid) and (k[0] != pid or what[0] == "t")]
    return "\n".join([*lines, ""])
