"""Making and checking notebooks."""
