"""Runs in words: sentences for a tick, happenings in a few words, lines of a console."""
