"""What pytest loads when the kit is installed."""
