"""Finding out why lessons do not work on a machine, and saying what to do about it.

Nothing here needs more than the kit's own dependencies: a part of Jupyter that is not
installed is said, and is nothing wrong.
"""
