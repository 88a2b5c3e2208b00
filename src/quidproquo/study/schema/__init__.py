"""The records that outputs are written from: pydantic models of the brief and its parts."""
