"""What the machine does is what Linux does: the same facts, on the real thing and here."""

from __future__ import annotations

import platform
import subprocess
import sys
import textwrap

import pytest

from kit import Program, RoundRobin
from kit.lang.signals import Signal
from tests.running import ended, launch, run, told

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="compares with Linux, which this is not"
    ),
]

MINUTE = 60


AS_AFTER_LOGIN = """
import signal
for number in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)
"""
"""A shell that starts these tests in the background lets them inherit ignored signals."""


def linux(script: str) -> tuple[str, int]:
    """Run a script in a Python process of its own; return what it prints and how it ended."""
    text = AS_AFTER_LOGIN + textwrap.dedent(script)
    command = [sys.executable, "-I", "-W", "ignore", "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MINUTE, check=False)
    return done.stdout, done.returncode


def test_fork_copies_one_thread():
    """The child has one thread, however many its parent has."""
    real, _ = linux(
        """
        import os, threading
        stop = threading.Event()
        for _ in range(3): threading.Thread(target=stop.wait).start()
        child = os.fork()
        tasks = len(os.listdir('/proc/self/task'))
        if child == 0:
            print('child', tasks, flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        print('parent', tasks, flush=True)
        stop.set()
        """
    )
    assert real == "child 1\nparent 4\n"
    trace = run(
        """
        def w():
            sleep(200)
        def main():
            for i in range(3): spawn(w)
            fork()
            sleep(20)
        """,
        scheduler=RoundRobin(5),
    )
    ((tick, *_),) = told(trace, "fork")
    threads = {pid: len(p.threads) for pid, p in trace.at(tick).processes.items()}
    assert threads == {3: 1, 2: 4}


def test_a_write_of_the_child_is_not_seen_by_its_parent():
    """After fork each has its own memory."""
    real, _ = linux(
        """
        import os
        x = [1]
        child = os.fork()
        if child == 0:
            x[0] = 2
            print('child', x[0], flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        print('parent', x[0])
        """
    )
    trace = run(
        """
        x = [1]
        def main():
            child = fork()
            if child == 0:
                x[0] = 2
                print("child", x[0])
                exit(0)
            wait()
            print("parent", x[0])
        """
    )
    assert real == trace.output(3) + trace.output(2) == "child 2\nparent 1\n"


def test_a_write_to_shared_memory_is():
    """Both processes map the same frame."""
    real, _ = linux(
        """
        import mmap, os
        m = mmap.mmap(-1, 8)
        child = os.fork()
        if child == 0:
            m[0] = 2
            os._exit(0)
        os.waitpid(child, 0)
        print('parent', m[0])
        """
    )
    trace = run(
        """
        def main():
            m = shared("m", 1)
            if fork() == 0:
                m[0] = 2
                exit(0)
            wait()
            print("parent", m[0])
        """
    )
    assert real == trace.output(2) == "parent 2\n"


def test_a_segmentation_fault_in_a_thread_ends_the_process():
    """With SIGSEGV, whatever the siblings are doing."""
    real, code = linux(
        """
        import ctypes, threading, time
        threading.Thread(target=lambda: (time.sleep(0.2), ctypes.string_at(8))).start()
        print('working', flush=True)
        time.sleep(50)
        print('never printed', flush=True)
        """
    )
    trace = run(
        """
        def w():
            sleep(20)
            peek(8)
        def main():
            spawn(w)
            print("working")
            sleep(99)
            print("never printed")
        """
    )
    assert (real, -code) == (trace.output(2), ended(trace).signal) == ("working\n", Signal.SIGSEGV)


def test_an_orphan_is_adopted():
    """Its parent is another process from then on, not the one that made it."""
    real, _ = linux(
        """
        import os, sys, time
        read, write = os.pipe()
        parent = os.fork()
        if parent == 0:
            me = os.getpid()
            if os.fork() == 0:
                os.close(write)
                os.read(read, 1)
                while os.getppid() == me: time.sleep(0.01)
                print('adopted', os.getppid() != me, flush=True)
                os._exit(0)
            os._exit(0)
        os.close(write)
        os.waitpid(parent, 0)
        time.sleep(0.5)
        """
    )
    trace = run("""
        def main():
            if fork() == 0:
                sleep(30)
                exit(0)
        """)
    assert real == "adopted True\n"
    assert told(trace, "adopt", 3) != []
    assert (trace.at(3).processes[2].pid, ended(trace, 3).parent) == (2, 1)


def test_writing_to_a_pipe_without_a_reader_is_sigpipe():
    """The default action ends the writer."""
    _, code = linux(
        """
        import os, signal
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        read, write = os.pipe()
        os.close(read)
        os.write(write, b'x')
        """
    )
    trace = run("""
        def main():
            p = pipe()
            close(p)
            write(p + 1, 1)
        """)
    assert -code == ended(trace).signal == Signal.SIGPIPE


def test_reading_the_end_of_a_pipe():
    """What was written can still be read when the writer has gone; then comes the end."""
    real, _ = linux(
        """
        import os
        read, write = os.pipe()
        if os.fork() == 0:
            os.write(write, b'a')
            os._exit(0)
        os.close(write)
        print(len(os.read(read, 9)), len(os.read(read, 9)))
        """
    )
    trace = run(
        """
        def main():
            p = pipe()
            if fork() == 0:
                write(p + 1, 97)
                exit(0)
            close(p + 1)
            print(read(p) == 97, read(p) != -1)
        """
    )
    assert real == trace.output(2) == "1 0\n"


def test_a_pipe_carries_a_stream():
    """Borders between writes are not kept, reads get what is there, and the end is 0."""
    real, _ = linux(
        """
        import os
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            print(os.write(write, b'abc'), os.write(write, b'de'), flush=True)
            os._exit(0)
        os.close(write)
        os.wait()
        print(len(os.read(read, 4)), len(os.read(read, 4)), len(os.read(read, 4)))
        """
    )
    trace = run(
        """
        text = [97, 98, 99, 100, 101]
        got = [0] * 9
        def main():
            p = pipe()
            if fork() == 0:
                close(p)
                print(write(p + 1, text, 3), write(p + 1, address(text[3]), 2))
                exit(0)
            close(p + 1)
            wait()
            print(read(p, got, 4), read(p, got, 4), read(p, got, 4))
        """
    )
    assert real == trace.output(3) + trace.output(2) == "3 2\n4 1 0\n"


def test_a_write_that_does_not_fit_waits_and_returns_when_all_is_in():
    """A reader that takes it bit by bit gets all of it."""
    real, _ = linux(
        """
        import os
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            print(os.write(write, b'x' * 200_000) == 200_000, flush=True)
            os._exit(0)
        os.close(write)
        got = 0
        while part := len(os.read(read, 5_000)):
            got += part
        os.wait()
        print(got == 200_000)
        """
    )
    trace = run(
        """
        got = [0] * 3
        def main():
            p = pipe()
            if fork() == 0:
                close(p)
                text = [120] * 20
                print(write(p + 1, text, 20) == 20)
                exit(0)
            close(p + 1)
            all = 0
            n = read(p, got, 3)
            while n:
                all += n
                n = read(p, got, 3)
            wait()
            print(all == 20)
        """
    )
    assert real == "True\nTrue\n"
    assert trace.output(3) + trace.output(2) == "1\n1\n"


def test_a_write_of_which_a_part_is_in_returns_that_part():
    """Where the last reader goes while it waits for room, and SIGPIPE is ignored."""
    real, _ = linux(
        """
        import os, time
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            part = os.write(write, b'x' * 200_000)
            print(0 < part < 200_000, flush=True)
            try: os.write(write, b'x')
            except BrokenPipeError: print('-1', flush=True)
            os._exit(0)
        os.close(write)
        os.read(read, 5_000)
        time.sleep(0.5)
        os.close(read)
        os.wait()
        """
    )
    trace = run(
        """
        got = [0] * 3
        def main():
            p = pipe()
            if fork() == 0:
                close(p)
                ignore(SIGPIPE)
                text = [120] * 20
                part = write(p + 1, text, 20)
                print(0 < part < 20)
                print(write(p + 1, text, 1))
                exit(0)
            close(p + 1)
            read(p, got, 3)
            sleep(200)
            close(p)
            wait()
        """
    )
    assert real == "True\n-1\n"
    assert trace.output(3) == "1\n-1\n"


def test_an_address_of_nobody_is_an_error_of_the_call():
    """Both calls return an error, EFAULT; the process goes on."""
    real, _ = linux(
        """
        import ctypes, os
        read, write = os.pipe()
        os.write(write, b'abc')
        libc = ctypes.CDLL(None)
        print(libc.read(read, 8, 3), libc.write(write, 8, 3))
        """
    )
    trace = run("""
        def main():
            p = pipe()
            write(p + 1, 5)
            print(read(p, 8, 3), write(p + 1, 8, 3))
        """)
    assert real == trace.output(2) == "-1 -1\n"


def test_a_zombie_stays_until_it_is_waited_for():
    """It has a state of its own, and wait gives its exit code."""
    real, _ = linux(
        """
        import os, time
        child = os.fork()
        if child == 0: os._exit(7)
        state = ''
        while state != 'Z': state = open(f'/proc/{child}/stat').read().rpartition(')')[2].split()[0]
        status = os.waitpid(child, 0)[1]
        print(state, os.waitstatus_to_exitcode(status), os.path.exists(f'/proc/{child}'))
        """
    )
    trace = run(
        """
        def main():
            child = fork()
            if child == 0: exit(7)
            sleep(40)
            wait()
            print(exit_status())
        """
    )
    assert real == "Z 7 False\n"
    assert trace.at(35).processes[3].state == "zombie"
    assert (ended(trace, 3).state, trace.output(2)) == ("terminated", "7\n")


def test_exec_keeps_the_pid_and_the_open_files():
    """Another program, the same process."""
    real, _ = linux(
        """
        import os, sys
        print(os.getpid(), flush=True)
        os.execv(sys.executable, [sys.executable, '-I', '-c', 'import os; print(os.getpid())'])
        """
    )
    machine = launch("""
        def main():
            print(getpid())
            exec("next")
        """)
    machine.install(Program("next", "def main(): print(getpid())"))
    trace = machine.run()
    for output in (real, trace.output(2)):
        before, after = output.split()
        assert before == after


def test_exit_in_a_thread_ends_all_of_them():
    """The whole process, with that code."""
    real, code = linux(
        """
        import os, threading, time
        threading.Thread(target=lambda: os._exit(3)).start()
        time.sleep(50)
        print('never printed')
        """
    )
    trace = run("""
        def w():
            exit(3)
        def main():
            spawn(w)
            sleep(99)
            print(1)
        """)
    assert (real, code) == (trace.output(2), ended(trace).exit_code) == ("", 3)


def test_a_lock_in_shared_memory_stays_held_when_its_holder_dies():
    """A crash releases nothing."""
    real, _ = linux(
        """
        import mmap, os, signal
        m = mmap.mmap(-1, 8)
        child = os.fork()
        if child == 0:
            m[0] = 1
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        print('held', m[0])
        """
    )
    trace = run(
        """
        def main():
            m = shared("m", 1)
            if fork() == 0:
                acquire(m)
                abort()
            wait()
            print("held", m[0])
        """
    )
    assert real == trace.output(2) == "held 1\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="executes machine code of x86-64")
@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("x = read_page_table()", "0f20d8c3"),  # mov rax, cr3; ret
        ("write_page_table(0)", "0f22d8c3"),  # mov cr3, rax; ret
        ("disable_interrupts()", "fac3"),  # cli; ret
        ("halt()", "f4c3"),  # hlt; ret
    ],
)
def test_a_privileged_instruction_is_a_segmentation_fault(call, code):
    """The processor raises a general protection fault, and Linux sends SIGSEGV."""
    real, status = linux(
        f"""
        import ctypes, mmap
        m = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        m.write(bytes.fromhex({code!r}))
        address = ctypes.addressof(ctypes.c_char.from_buffer(m))
        print("before", flush=True)
        ctypes.CFUNCTYPE(ctypes.c_long)(address)()
        print("after", flush=True)
        """
    )
    trace = run(f"def main():\n    print('before')\n    {call}\n    print('after')")
    assert real == trace.output(2) == "before\n"
    assert -status == ended(trace).signal == Signal.SIGSEGV


def test_an_exit_status_has_eight_bits():
    """The parent gets 44 of 300, and 255 of -1."""
    real, _ = linux(
        """
        import os
        for code in (300, -1, 256):
            child = os.fork()
            if child == 0: os._exit(code)
            print(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
        """
    )
    trace = run(
        """
        codes = [300, -1, 256]
        def main():
            for i in range(3):
                if fork() == 0: exit(codes[i])
                wait()
                print(exit_status())
        """
    )
    assert real == trace.output(2) == "44\n255\n0\n"


WRONG = {
    "a division by zero": ("x = 1 // (getpid() - getpid())", "b80100000031c999f7f9c3"),
    "a load from address 0": ("x = peek(0)", "31c0488b00c3"),
    "a store to address 0": ("poke(0, 1)", "31c0488900c3"),
    "a privileged instruction": ("halt()", "f4c3"),
    "a return to a page that is not mapped": ("smash(7)", "48c7042407000000c3"),
    "a return to the stack": ("smash(address(x))", "488d042448890424c3"),
    "a return to what is no instruction": ("between()", "0f0b"),
    "an access far below the stack": ("x = peek(address(x) - 1048576)", "488b8424000080ffc3"),
}
"""What goes wrong -> how a program does it here, and as machine code of x86-64."""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="executes machine code of x86-64")
@pytest.mark.parametrize("cause", WRONG)
def test_a_fault_gives_the_signal_that_it_gives_on_linux(cause):
    """The process has no exit code, and the parent is told the same signal."""
    text, code = WRONG[cause]
    real, _ = linux(
        f"""
        import ctypes, mmap, os
        m = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        m.write(bytes.fromhex({code!r}))
        address = ctypes.addressof(ctypes.c_char.from_buffer(m))
        child = os.fork()
        if child == 0:
            ctypes.CFUNCTYPE(ctypes.c_long)(address)()
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        print(os.WIFEXITED(status), os.WTERMSIG(status))
        """
    )
    trace = run(
        f"""
        def smash(target):
            x = 1
            poke(address(x) + 16, target)
            return x

        def between():
            x = 1
            poke(address(x) + 16, peek(address(x) + 16) + 4)
            return x

        def main():
            x = 0
            if fork() == 0:
                {text}
                exit(0)
            wait()
            print(exit_status() != -1, term_signal())
        """
    )
    assert real.split() == ["False", trace.output(2).split()[1]]
    assert trace.output(2).split()[0] == "0"
    assert (ended(trace, 3).exit_code, ended(trace, 3).signal) == (None, int(real.split()[1]))


def test_abort_and_a_failed_assert_are_sigabrt():
    """Both end the process by the signal that abort(3) raises."""
    _, code = linux("import os; os.abort()")
    for text in ("abort()", "assert 1 == 2"):
        assert ended(run(f"def main(): {text}")).signal == -code == Signal.SIGABRT


SIGNALLED = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGABRT", "SIGKILL", "SIGUSR1", "SIGPIPE", "SIGTERM"]
SIGNALLED += ["SIGILL", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGUSR2", "SIGALRM", "SIGCHLD"]


def test_signals_sent_and_ignored():
    """Each does by default, and where it is ignored, what it does on Linux."""
    real, _ = linux(
        f"""
        import os, signal, time
        for name in {SIGNALLED}:
            number = getattr(signal, name)
            for ignored in (0, 1):
                ready, go = os.pipe(), os.pipe()
                child = os.fork()
                if child == 0:
                    signal.signal(signal.SIGINT, signal.SIG_DFL)
                    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                    if ignored and name not in ("SIGKILL", "SIGCHLD"):
                        signal.signal(number, signal.SIG_IGN)
                    os.write(ready[1], b"x")
                    os.read(go[0], 1)
                    os._exit(7)
                os.read(ready[0], 1)
                os.kill(child, number)
                os.write(go[1], b"x")
                status = os.waitpid(child, 0)[1]
                code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
                print(int(number), ignored, code, os.WTERMSIG(status), flush=True)
        """
    )
    trace = run(
        f"""
        signals = [{", ".join(SIGNALLED)}]
        def main():
            for i in range({len(SIGNALLED)}):
                for ignored in range(2):
                    child = fork()
                    if child == 0:
                        if ignored: ignore(signals[i])
                        sleep(20)
                        exit(7)
                    sleep(10)
                    kill(child, signals[i])
                    wait()
                    print(signals[i], ignored, exit_status(), term_signal())
        """
    )
    assert real == trace.output(2)
    assert len(real.splitlines()) == 2 * len(SIGNALLED)


STOPPED = [
    ["SIGSTOP", "SIGCONT"],
    ["SIGTSTP", "SIGCONT"],
    ["SIGSTOP", "SIGKILL"],
    ["SIGSTOP", "SIGTERM", "SIGCONT"],
    ["SIGSTOP", "SIGTERM", "SIGHUP", "SIGCONT"],
    ["SIGSTOP", "SIGHUP", "SIGSEGV", "SIGFPE", "SIGCONT"],
    ["SIGSTOP", "SIGTERM", "SIGKILL"],
    ["SIGSTOP", "SIGCHLD", "SIGSTOP", "SIGCONT"],
    ["SIGTSTP", "SIGSTOP", "SIGCONT"],
    ["SIGCONT", "SIGCONT"],
    ["SIGCONT", "SIGTERM"],
]


@pytest.mark.parametrize("ignored", ["", "SIGTSTP", "SIGCONT", "SIGTERM"])
def test_stopping_and_going_on(ignored: str):
    """After each signal: whether the child is stopped or has ended; then how it ended."""
    real, _ = linux(
        f"""
        import os, select, signal
        def settled(child, told, owed):
            # Wait until it is stopped, has ended, or has answered.
            while owed:
                state = open(f"/proc/{{child}}/stat").read().rpartition(")")[2].split()[0]
                if state in "TZ":
                    break
                if select.select([told], [], [], 0.01)[0]:
                    owed -= len(os.read(told, owed))
            return owed, state
        for names in {STOPPED}:
            (told, tells), (hears, asks) = os.pipe(), os.pipe()
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)  # Terminal stops do nothing to a group that nobody looks after.
                if {ignored!r}: signal.signal(signal.{ignored or "SIGTERM"}, signal.SIG_IGN)
                while True:
                    os.write(tells, b"x")
                    if os.read(hears, 1) == b"e": os._exit(7)
            os.read(told, 1)
            owed = 0
            for name in (*names, "SIGCONT"):
                os.kill(child, getattr(signal, name))
                os.write(asks, b"a")
                owed, state = settled(child, told, owed + 1)
                if name != "SIGCONT":
                    print(int(getattr(signal, name)), int(state == "T"), flush=True)
            os.write(asks, b"e")
            status = os.waitpid(child, 0)[1]
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
            print(code, os.WTERMSIG(status), flush=True)
        """
    )
    lines = []
    for names in STOPPED:
        sends = "\n".join(
            f"            kill(child, {name})\n            sleep(5)" for name in names
        )
        trace = run(
            f"""
        def main():
            child = fork()
            if child == 0:
                {f"ignore({ignored})" if ignored else "pass"}
                sleep(100)
                exit(7)
            sleep(10)
{sends}
            kill(child, SIGCONT)
            wait()
            print(exit_status(), term_signal())
            """
        )
        for tick, _, _, number in told(trace, "kill")[:-1]:
            if number != Signal.SIGCONT:
                child = trace.at(tick).processes[3]
                lines.append(f"{number} {int(child.stopped)}\n")
        lines.append(trace.output(2))
    assert real == "".join(lines)


def test_a_zombie_can_be_sent_a_signal():
    """It is no error; once the parent has waited for it, nobody has that pid."""
    real, _ = linux(
        """
        import os, signal
        child = os.fork()
        if child == 0: os._exit(3)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        os.kill(child, signal.SIGTERM)
        os.kill(child, signal.SIGKILL)
        print(os.WEXITSTATUS(os.waitpid(child, 0)[1]), flush=True)
        try: os.kill(child, signal.SIGTERM)
        except ProcessLookupError: print(-1, flush=True)
        """
    )
    trace = run(
        """
        def main():
            child = fork()
            if child == 0: exit(3)
            sleep(20)
            if kill(child, SIGTERM) == 0 and kill(child) == 0:
                wait()
                print(exit_status())
                print(kill(child, SIGTERM))
        """
    )
    assert real == trace.output(2) == "3\n-1\n"


def test_what_is_ignored_survives_fork_and_exec():
    """A child inherits it, and the program that exec brings has it still."""
    real, _ = linux(
        """
        import os, signal, sys
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        read, write = os.pipe()
        os.set_inheritable(write, True)
        child = os.fork()
        if child == 0:
            code = f"import os, time; os.write({write}, b'x'); time.sleep(50)"
            os.execv(sys.executable, [sys.executable, "-I", "-c", code])
        os.read(read, 1)
        os.kill(child, signal.SIGTERM)
        os.kill(child, signal.SIGHUP)
        print(os.WTERMSIG(os.waitpid(child, 0)[1]))
        """
    )
    machine = launch("""
        def main():
            ignore(SIGTERM)
            child = fork()
            if child == 0:
                exec("next")
            sleep(40)
            kill(child, SIGTERM)
            kill(child, SIGHUP)
            wait()
            print(term_signal())
        """)
    machine.install(Program("next", "def main(): sleep(500)"))
    assert real == machine.run().output(2) == "1\n"


def test_a_write_that_nobody_can_read_where_sigpipe_is_ignored():
    """It fails, and the process goes on."""
    real, code = linux(
        """
        import os, signal
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        read, write = os.pipe()
        os.close(read)
        try:
            os.write(write, b"x")
        except BrokenPipeError:
            print(-1)
        """
    )
    trace = run("""
        def main():
            ignore(SIGPIPE)
            p = pipe()
            close(p)
            print(write(p + 1, 1))
        """)
    assert (real, code) == (trace.output(2), ended(trace).exit_code) == ("-1\n", 0)


def test_an_orphan_has_another_parent():
    """Here it is init, pid 1; on Linux init or a subreaper, which was there before as well."""
    real, _ = linux(
        """
        import os, time
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            me = os.getpid()
            if os.fork() == 0:
                while os.getppid() == me: time.sleep(0.01)
                os.write(write, f"{int(os.getppid() == me)}".encode())
            os._exit(0)
        os.waitpid(child, 0)
        print(os.read(read, 99).decode())
        """
    )
    trace = run("""
        def main():
            if fork() == 0:
                me = getpid()
                if fork() == 0:
                    sleep(20)
                    print(getppid() == me)
                exit(0)
            wait()
            sleep(60)
        """)
    assert real == trace.output(4) == "0\n"


COUNTS = """
import os, time
def counts():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    names = ("voluntary_ctxt_switches", "nonvoluntary_ctxt_switches")
    return [int(status[name]) for name in names]
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""
"""What a process on Linux asks of its switches, and does between asking."""


def switches(text: str) -> tuple[int, int]:
    """Return how often the first process leaves its core because it waits, and by the timer."""
    trace = run(text, scheduler=RoundRobin(5))
    waits = [event for event in trace.happened("block") if event.pid == 2]
    interrupted = [event for event in trace.happened("preempt") if event.pid == 2]
    return len(waits), len(interrupted)


def test_a_call_that_blocks_is_a_voluntary_switch():
    """Each sleep is one; a process that is alone and waits is not interrupted for another one."""
    real, _ = linux(
        COUNTS
        + textwrap.dedent("""
        before = counts()[0]
        for _ in range(20): time.sleep(0.002)
        print(counts()[0] - before >= 20)
        """)
    )
    assert real == "True\n"
    assert switches("def main():\n    for i in range(20): sleep(3)") == (20, 0)


def test_a_timer_interrupt_is_an_involuntary_switch():
    """Two processes that compute on one core are interrupted, and none of them waits."""
    real, _ = linux(
        COUNTS
        + textwrap.dedent("""
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        child = os.fork()
        if child == 0:
            compute(60)
        before = counts()
        while counts()[1] - before[1] < 5: compute(0.01)
        os.kill(child, 9)
        os.waitpid(child, 0)
        print("interrupted")
        """)
    )
    assert real == "interrupted\n"
    text = """
        def main():
            fork()
            for i in range(100): work(1)
        """
    waits, interrupted = switches(text)
    assert (waits, interrupted >= 5) == (0, True)
