"""The same small model written several times, to be timed against each other."""
