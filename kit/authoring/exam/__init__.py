"""Exams and problem sets made of lessons: other instances of their questions for each paper."""
