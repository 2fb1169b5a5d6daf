"""Grading answers: every one is judged anew by a run of the lesson, never by what a file says."""
