"""Each test begins as a new kernel does, as those of widgets do."""

from tests.unit.widgets.conftest import answers_file, own_store

__all__ = ["answers_file", "own_store"]
