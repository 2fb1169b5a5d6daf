"""Programs of the lesson language become files that can be executed: compiled, or of Python."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kit.host.c import CProgram, translate
from kit.host.errors import HostError
from kit.host.running.python_way import write_script
from kit.lang.objects import VALUES
from kit.lang.program import Program

HERE = Path(__file__).parent
COMPILERS = ("cc", "gcc", "clang")
RECORDER = ("record.c", "record_waits.c")
HEADERS = ("record.h", "recorder.h")
OPTIONS = ("-std=c11", "-O0", "-pthread", "-fwrapv")
MOST_KEPT = 200
"""Compiled programs in a user's cache; the longest unused ones go first."""
_OURS = re.compile(r"[0-9a-f]{64}\w*")
"""How they are called, also while they are written; nothing else is removed."""


def compiler(who: str = "run") -> str:
    """Return the path of a C compiler.

    Parameters
    ----------
    who : str
        The function that was called, for errors.

    Raises
    ------
    HostError
        If there is none.
    """
    path = find_compiler()
    if not path:
        raise HostError(
            f"{who}: there is no C compiler here; install gcc (Debian, Ubuntu: apt-get install gcc)"
        )
    return path


def find_compiler() -> str:
    """Return the path of a C compiler; "" if there is none."""
    return next((path for path in map(shutil.which, COMPILERS) if path), "")


@contextmanager
def built(programs: Mapping[str, Program], way: str) -> Iterator[Path]:
    """Make programs in a folder that goes afterwards; in it, ``programs`` has what is run.

    Parameters
    ----------
    programs : dict of str to Program
    way : str
        "c" or "python".

    Raises
    ------
    HostError
    """
    with tempfile.TemporaryDirectory(prefix="kit-host-") as name:
        folder = Path(name)
        # Apart from each other and from the runs: a program may be called "p.c" or "run0".
        texts, made = folder / "texts", folder / "programs"
        texts.mkdir()
        made.mkdir()
        for program in programs.values():
            if way == "python":
                write_script(program, made / program.name)
            else:
                _compile(program, texts, made / program.name)
        yield folder


def _compile(program: Program, texts: Path, made: Path) -> None:
    """Compile a program, or take what was compiled of the same text before.

    Parameters
    ----------
    program : Program
    texts : Path
        Folder for its C texts.
    made : Path
        Where the compiled program is wanted.

    Raises
    ------
    HostError
    """
    command = compiler()
    c_program = translate(program)
    recorded = recorded_text(program, c_program)
    kept = _cache() / _key(command, c_program.text, recorded)
    if _taken(kept, made):
        return
    (texts / f"{program.name}.c").write_text(c_program.text, encoding="utf-8")
    source = texts / f"{program.name}.recorded.c"
    source.write_text(recorded, encoding="utf-8")
    parts: list[str | Path] = ["-I", HERE, source, *(HERE / name for name in RECORDER), "-o", made]
    done = subprocess.run([command, *OPTIONS, *parts], capture_output=True, text=True, check=False)
    if done.returncode:
        first = done.stderr.strip().splitlines()[:1]
        raise HostError(f"{command} cannot compile '{program.name}': {first}")
    _keep(made, kept)


def _cache() -> Path:
    """Return where compiled programs are kept for this user."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return home / "os-course-kit" / "host"


def _key(command: str, *texts: str) -> str:
    """Return a name for what a compiler makes of texts: another one for anything else."""
    found = hashlib.sha256()
    version = Path(command).resolve().stat()
    for part in (command, f"{version.st_size} {version.st_mtime_ns}", *OPTIONS, *texts):
        found.update(part.encode() + b"\0")
    for name in (*RECORDER, *HEADERS):
        found.update((HERE / name).read_bytes() + b"\0")
    return found.hexdigest()


def _taken(kept: Path, made: Path) -> bool:
    """Copy what is kept; only what nobody but this user can have written is taken."""
    try:
        # Neither a link is followed, nor is a pipe waited for.
        file = os.open(kept, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    with os.fdopen(file, "rb") as source:
        found = os.fstat(file)
        others_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        mine = found.st_uid == os.geteuid() and not others_write
        if not (mine and stat.S_ISREG(found.st_mode)):
            return False
        with made.open("wb") as target:
            shutil.copyfileobj(source, target)
    made.chmod(0o700)
    with suppress(OSError):
        os.utime(kept)
    return True


def _keep(made: Path, kept: Path) -> None:
    """Keep a compiled program, as a whole or not at all; without a cache all still works."""
    with suppress(OSError):
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, prefix=kept.name, delete=False) as file:
            beside = Path(file.name)
        shutil.copyfile(made, beside)
        beside.replace(kept)
        ours = [path for path in kept.parent.iterdir() if _OURS.fullmatch(path.name)]
        by_use = sorted(ours, key=lambda path: path.lstat().st_mtime)
        for old in by_use[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def recorded_text(program: Program, c_program: CProgram) -> str:
    """Return the C text that is compiled: the program between what records it.

    Parameters
    ----------
    program : Program
    c_program : CProgram
    """
    lines = ['#include "record.h"', f'#include "{program.name}.c"', "void kit_values(void) {"]
    for variable in program.image.variables.values():
        if variable.kind in VALUES:
            address = f"(const void *)&{c_program.names[variable.name]}"
            lines.append(f'    kit_value("{variable.name}", {address}, {variable.length});')
    lines += ["}", "const char *kit_name(const volatile char *address, long *element) {"]
    lines += ["    (void)address;", "    (void)element;"]
    for name, variable_name in c_program.objects.items():
        start = f"(const volatile char *)&{name}"
        inside = f"    if (address >= {start} && address < {start} + sizeof {name}) {{"
        lines.append(inside)
        if program.image.variables[variable_name].is_array:
            lines.append(f"        *element = (address - ({start})) / (long)sizeof {name}[0];")
        lines += [f'        return "{variable_name}";', "    }"]
    lines += [
        "    return NULL;",
        "}",
        "int kit_called(char *text, size_t size, kit_function *function, int number) {",
    ]
    lines += ["    (void)function;", "    (void)number;"]
    for name in c_program.spawned:
        count = len(c_program.scope.functions[name].parameters)
        given = "".join(f", arguments[number][{place}]" for place in range(count))
        call = f'snprintf(text, size, "{name}{" %lld" * count}"{given})'
        lines.append(f"    if (function == start_{name}) return {call};")
    return "\n".join([*lines, '    return snprintf(text, size, "?");', "}", ""])
