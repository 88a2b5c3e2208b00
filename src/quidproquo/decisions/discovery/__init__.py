"""Scenario discovery: in which worlds something holds, as boxes (PRIM) and as a classification tree."""
