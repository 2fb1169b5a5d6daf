"""The fast engine of the explorer, for one process whose threads share its globals and its heap.

The same schedules as those that `TransitionSystem` goes through on a real computer, with states
that are made for being compared: a tuple of words, and of each thread only what it will still
use. A test holds both to the same outcomes, numbers of schedules, races and invariants.

=============  ================================================================================
`image`        which programs the engine takes; everything else goes to the computer
`compiling`    instructions as functions on registers and a stack
`local_arrays` arrays on a stack that no other thread can reach
`records`      what there is to know of a thread
`threads`      what a thread does by itself, up to the next thing that others could notice
`calls`        system calls; `heap` and `rwlocks` those of their subject
`state`        what a state is
`moment`       a state that is being changed
`machine`      what becomes of a state when one thread takes a step
`searching`    going through all states
`replaying`    a way through the states as turns on the real machine
=============  ================================================================================
"""
