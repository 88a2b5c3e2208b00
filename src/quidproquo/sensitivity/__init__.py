"""Sensitivity: what estimates, metrics and the choice depend on, by re-weighting and by running again."""
