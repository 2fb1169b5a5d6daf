"""Programs for exercises of the lessons, right and wrong ones."""
