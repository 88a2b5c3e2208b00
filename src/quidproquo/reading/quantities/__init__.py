"""Quantities in running text: number words, units, comparisons and what is counted."""
