"""What changed between two runs of a case, and what it is due to.

sides (two runs) → changes (what differs) → coalitions (which of it has happened) → worlds (weighed by each)
→ split (Shapley shares and a remainder)
"""
