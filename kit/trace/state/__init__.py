"""The one replay of a run: from its events to the state of the machine at any tick.

A reducer follows one subject: it alone knows what the events of that subject mean, and keeps
step functions that `kit.trace.moment`, the narration, the views and the questions look up.
What nearly everybody asks for is followed when a history is made; files, synchronisation,
messages and devices when they are first asked for.
"""
