"""Fills memory, forks, and lets the child write to it; a program of its own, told when to go on.

It imports nothing of the kit, and answers each line that it is sent with one.
"""

from __future__ import annotations

import os
import sys

PAGE = 4096


def wait() -> None:
    """Wait until a line comes; end without a word if none can come any longer."""
    if not os.read(0, 1):
        os._exit(0)


def main() -> None:
    """Go from moment to moment."""
    block = bytearray(int(sys.argv[1]))
    for start in range(0, len(block), PAGE):
        block[start] = 1
    sys.stdout.write("filled\n")
    sys.stdout.flush()
    wait()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    wait()
    for start in range(0, len(block), PAGE):
        block[start] = 2
    sys.stdout.write("written\n")
    sys.stdout.flush()
    wait()
    os._exit(0)


if __name__ == "__main__":
    main()
