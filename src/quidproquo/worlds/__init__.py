"""Worlds: what one consists of, and how it runs under an option."""
