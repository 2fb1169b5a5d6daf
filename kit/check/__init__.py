"""Checking the notebooks of a course, whatever they teach."""
