"""Who says what: cues, clauses, speakers and how surely."""
