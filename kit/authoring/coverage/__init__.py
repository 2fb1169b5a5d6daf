"""What a course covers: lines of the storyline, widgets, questions and misconceptions by lesson."""

from kit.authoring.coverage.lessons import Covered, covered_by
from kit.authoring.coverage.page import coverage_page

__all__ = ["Covered", "coverage_page", "covered_by"]
