"""Questions asked of a run by name: what is left out, graded otherwise, moved or taken as certain.

request → names → question → basis (the run) → answer (weights, or worlds conditioned again)
"""
