"""What is done for each call, a file a subject: by the system, the library or the processor.

A handler takes the machine, the calling thread and the number in the instruction,
finds its arguments in r0 to r5 and returns the result, or None where there is none
or the thread was blocked.
"""
