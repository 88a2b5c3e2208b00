"""Assembly: from results to the records of the brief."""
