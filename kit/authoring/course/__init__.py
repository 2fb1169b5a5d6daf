"""`kit init`: a repository in which a teacher writes lessons of their own."""

from kit.authoring.course.repository import Course, make_course

__all__ = ["Course", "make_course"]
