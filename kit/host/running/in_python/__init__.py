"""Runs a program of the lesson language in Python: what there is for it where C cannot be compiled.

A program of its own, which imports nothing of the kit, so that it starts quickly.
"""
