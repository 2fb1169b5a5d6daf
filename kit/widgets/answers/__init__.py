"""Widgets that ask: predictions, exercises, and what was answered so far."""
