"""Making lessons, grading what students answer, and publishing a course."""
