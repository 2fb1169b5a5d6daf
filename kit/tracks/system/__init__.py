"""What the operating system keeps laid out: tables, states, files, output."""
