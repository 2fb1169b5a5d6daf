"""The lesson language to C11: the same program, line by line, for the real machine."""

from kit.host.c.code import is_file_name
from kit.host.c.translation import CProgram, c_text, translate

__all__ = ["CProgram", "c_text", "is_file_name", "translate"]
