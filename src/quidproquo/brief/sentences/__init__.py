"""Sentences as functions of what a run found: any output can use them, and none stands in a template.

`support`       what stands behind a figure, and analytic confidence by the published rule
`estimates`     an estimate on a date
`answers`       rival answers to a hypothesis, and the matrix of claims against them
`fit`           how claims sit among the others; bounds
`forecasts`     what others forecast, with the model's own probability
`calibration`   what back-tests say, and what they don't
`limits`        what the brief can't be used for
`choice`        what is preferred, and which options dominate which
`ties`          several options that can't be told apart
`dependence`    why an option is preferred, and what that depends on
`decisions`     what no option changes, what leads are worth, what bundles need, what weights do
`information`   what information is worth, and what to collect
`boxes`         where something holds, and what warns of it
`checks`        the documents' own arithmetic
`run`           how exact the numbers are
`notes`         what stands above a table or a picture
"""
