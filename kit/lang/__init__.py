"""The lesson language: a subset of Python, compiled to a small register machine."""

from kit.lang.image import Image, Routine, Variable
from kit.lang.program import Program

__all__ = ["Image", "Program", "Routine", "Variable"]
