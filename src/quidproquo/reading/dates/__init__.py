"""Dates in running text, absolute or relative."""
