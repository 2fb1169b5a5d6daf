"""What every widget of the kit stands on: its files, its parts, its end, its cell."""
