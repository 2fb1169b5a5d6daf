"""Time laid out: lanes, bars, arrows."""
