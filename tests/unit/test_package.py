"""What holds for the package as a whole."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

import kit
from kit import ArgumentError, Costs, LimitExceeded, Limits, Machine, Program, RoundRobin

pytestmark = pytest.mark.notebook

HEAVY = ["anywidget", "bqplot", "ipywidgets", "numpy", "pandas", "traitlets"]
RUN = """
from kit import Costs, Machine, Program, RoundRobin
text = '''
count = 0
def worker(n):
    global count
    p = alloc(n)
    for i in range(n):
        count += 1
        p[i] = count
    sleep(n)
def main():
    a = spawn(worker, 3)
    b = spawn(worker, 4)
    join(a)
    join(b)
    print("count", count)
'''
machine = Machine(cores=2, scheduler=RoundRobin(quantum=3), costs=Costs(load_page=2), seed=7)
machine.launch(Program("one", text))
machine.launch(Program("two", text), at=5)
print(machine.run().digest)
"""
# Imports each module as if it were the first: it and all that import it, one way or another, are
# forgotten. What it imports may stay, since that was imported first, too, and does not lead to it.
EACH_FIRST = """
import builtins, importlib.util, pkgutil, sys, kit
names = [m.name for m in pkgutil.walk_packages(kit.__path__, 'kit.') if m.name != 'kit.__main__']
users, original = {name: set() for name in names}, builtins.__import__

def noting(name, globals=None, locals=None, fromlist=(), level=0):
    found = original(name, globals, locals, fromlist, level)
    who = (globals or {}).get('__name__')
    if level:
        name = importlib.util.resolve_name('.' * level + name, globals['__package__'])
    for one in (name, *(f'{name}.{part}' for part in fromlist or ())):
        while one in users:
            users[one].add(who)
            one = one.rpartition('.')[0]
    return found

builtins.__import__ = noting
for name in names:
    importlib.import_module(name)
for name in names:
    users.get(name.rpartition('.')[0], set()).add(name)
for name in names:
    above, new = set(), {name}
    while new:
        above |= new
        new = {user for one in new for user in users.get(one, ())} - above
    for one in above:
        sys.modules.pop(one, None)
    importlib.import_module(name)
print(len(names))
"""
MACHINE_MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "unknown keyword": (lambda: Machine(core=2), "did you mean 'cores'?"),
    "no cores": (lambda: Machine(cores=0), "a whole number from 1 to 64"),
    "page size": (lambda: Machine(page_size=1000), "give a power of two"),
    "ram": (lambda: Machine(ram=65_000), "give 65536"),
    "policy": (lambda: Machine(scheduler="RR"), "give FIFO() or RoundRobin"),
    "policy class": (lambda: Machine(scheduler=RoundRobin), "give FIFO() or RoundRobin"),
    "quantum": (lambda: RoundRobin(quantum=0), "a whole number of at least 1"),
    "costs": (lambda: Costs(load_page=-1), "a whole number of at least 0"),
    "limits": (lambda: Limits(tick=5), "did you mean 'ticks'?"),
    "launch text": (lambda: Machine().launch("def main(): pass"), "give Program(name, text)"),
    "negative tick": (
        lambda: Machine().launch(Program("p", "def main(): pass"), at=-1),
        "at least",
    ),
    "empty name": (lambda: Program("", "def main(): pass"), "1 to 80 characters"),
    "text": (lambda: Program("p", 5), "give the program as a string"),
    "tick": (lambda: Machine().run().at(3), "give 0"),
    "pid": (lambda: Machine().run().output(2), "there is no process 2"),
}


def python(code: str, seed: str = "0") -> str:
    """Run code in a fresh Python process and return what it prints."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return result.stdout.strip()


def test_import_loads_no_widget_library():
    """`import kit` stays light: no widget library, no numpy, no pandas."""
    loaded = python(f"import kit, sys; print([name for name in {HEAVY} if name in sys.modules])")
    assert loaded == "[]"


def test_import_loads_what_is_needed_when_it_is_needed():
    """`import kit` loads no other module of the kit; a name loads its own, a package itself."""
    own = "sorted(name for name in sys.modules if name.startswith('kit.'))"
    assert python(f"import kit, sys; print({own})") == "[]"
    assert "kit.trace" not in python(f"import kit, sys; kit.Program; print({own})")
    assert python("import kit; print(len(kit.scenarios.SCENARIOS) > 30)") == "True"
    assert python("from kit import *; print(Machine(scheduler=FIFO()).now)") == "0"


@pytest.mark.thorough
def test_every_module_can_be_imported_first():
    """No module of the kit needs another one to have been imported before it."""
    assert int(python(EACH_FIRST)) > 300


def test_every_name_is_there_to_be_completed():
    """All that notebooks import from the kit is offered, and is what its package has."""
    assert set(kit.__all__) == {*kit._HOMES, "__version__"}
    for name, home in kit._HOMES.items():
        assert name in dir(kit)
        assert getattr(kit, name) is getattr(importlib.import_module(home), name)
    for package in kit._PACKAGES:
        assert package in dir(kit)
        assert getattr(kit, package) is importlib.import_module(f"kit.{package}")


def test_a_name_that_does_not_exist_is_told():
    """What the kit does not have is an AttributeError, and an ImportError for an import."""
    with pytest.raises(AttributeError, match="module 'kit' has no attribute 'Machin'"):
        kit.Machin  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'Machin'"):
        exec("from kit import Machin")  # noqa: S102


def test_equal_scenarios_have_equal_digests():
    """Two Python processes with different hash seeds give one digest."""
    digests = {python(RUN, seed) for seed in ("0", "1", "4242")}
    assert len(digests) == 1
    assert len(digests.pop()) == 64


@pytest.mark.parametrize("mistake", MACHINE_MISTAKES)
def test_mistakes_are_answered_in_one_sentence(mistake: str):
    """A wrong argument says what was found and what to give instead."""
    action, advice = MACHINE_MISTAKES[mistake]
    with pytest.raises(ArgumentError) as caught:
        action()
    assert advice in str(caught.value)
    assert "\n" not in str(caught.value)


def test_endless_loop_leaves_its_trace():
    """A run that reaches its limit says so, and carries what happened until then."""
    machine = Machine(limits=Limits(ticks=500))
    machine.launch(Program("loop", "def main():\n    while True: pass\n"))
    with pytest.raises(LimitExceeded, match="look for an endless loop") as caught:
        machine.run()
    assert caught.value.trace.end == 500
    assert caught.value.trace.at(500).processes[2].state == "running"


def test_refused_call_changes_nothing():
    """After a refused launch the machine runs as if it had not been tried."""
    machine = Machine()
    program = Program("p", "def main(): print(1)")
    machine.launch(program)
    with pytest.raises(ArgumentError, match="a name of its own"):
        machine.launch(Program("p", "def main(): print(2)"))
    alone = Machine()
    alone.launch(program)
    assert machine.run().digest == alone.run().digest
