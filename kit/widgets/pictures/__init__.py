"""A `Picture` as widgets: its marks, what drives them, and the view around it."""
