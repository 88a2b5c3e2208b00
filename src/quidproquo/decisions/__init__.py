"""Ensemble → findings: options compared, the choice and what it hangs on."""
