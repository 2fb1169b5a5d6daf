"""`kit init`: a repository in which a teacher writes lessons of their own.

Nothing is imported here, because the `kit` command loads this package also where the
extra "check" is not installed.
"""
