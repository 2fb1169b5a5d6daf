"""How the operating system gets a core, and gives it back: traps, modes, kernel stacks."""
