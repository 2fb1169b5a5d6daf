"""Widgets that run something, and those that show what came of many runs."""
