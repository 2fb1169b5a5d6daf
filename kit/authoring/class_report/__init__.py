"""What a class believes: ideas held, shaken and dropped, and what to talk about next time."""
