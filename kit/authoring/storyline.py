"""What this course must cover: its storyline, and the pictures that textbooks draw of it."""

from __future__ import annotations

STORYLINE = {
    1: "A program is a file: instructions and initial data, not executed",
    2: "From program to process: the system loads it",
    3: "What a process is given: an address space of its own, in four kinds of segment",
    4: "Why one process was not enough, and what talking costs",
    5: "From process to thread: a path of execution in a process",
    6: "What a thread is given: a stack and registers of its own",
    7: "The price of sharing: races, locks, deadlock",
    8: "Failure: what a fault takes down, and what it leaves broken",
    9: "Perspective: the CPU is given threads, resources are given to processes",
    10: "Context switch: what is saved and restored",
    11: "Further: scheduling, paging, fork, synchronisation, the real machine",
}
"""Line -> what students see happen, predict and change."""

PICTURES = {
    "a": "a program on disk being loaded into RAM as a process",
    "b": "one process splitting into threads, time downwards",
    "c": "several processes, each with its own code, data, heap and stack",
    "d": "one process with shared code, data and heap, and one stack per thread",
}
"""The four pictures of the classic course, which widgets bring to life."""
