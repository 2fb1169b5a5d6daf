"""The second tier: nbval executes a notebook, and the kit looks where nbval does not."""
