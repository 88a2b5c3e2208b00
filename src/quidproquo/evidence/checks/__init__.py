"""Whether worlds fit and predict: misfit, back-tests, baselines, planted truths."""
