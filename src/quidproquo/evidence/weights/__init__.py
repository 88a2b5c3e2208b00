"""Weighted draws: the ensemble, estimators with their errors, and re-weighting."""
