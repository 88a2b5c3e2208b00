"""What the options that anybody advises do to the weightiest metric; options that nobody advises are set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quidproquo.brief.natural import difference_words
from quidproquo.brief.numerals import plain
from quidproquo.decisions.rule import is_tie, is_within
from quidproquo.study.schema.brief import Brief

__all__ = ["heaviest_sentences", "is_foil", "moved_by_foils"]


def is_foil(brief: Brief, option: str) -> bool:
    """Whether an option is there only to compare with: no report recommends it, and it is no bundle of options."""
    record = brief.options.get(option)
    if record is None:
        return False
    named = {*brief.components, *brief.preferred.options, *brief.preferred.leading, brief.preferred.option}
    return not (record.baseline or record.recommended_by or option in named)


def heaviest_sentences(brief: Brief) -> list[str]:
    """That no option betters the metric with the most weight by as much as counts; empty where one does.

    Levels are means over the same worlds, so the error of the farthest move stands for that of any.
    """
    found, name = brief.unchanged, _heaviest(brief)
    if found is None or not name or name not in brief.worth or name not in found.moves:
        return []
    metric = brief.metrics[name]
    sign = -1.0 if metric.direction == "lower" else 1.0
    gains = {option: sign * change for option, change in _changes(brief, name).items()}
    if not gains:
        return []
    best = max(gains, key=lambda option: gains[option])
    gain, error = gains[best] / brief.worth[name], found.moves[name].move.mcse / brief.worth[name]
    if gain > found.delta:
        return []
    way, title = "lowers" if sign < 0.0 else "raises", f"“{metric.title}”, the metric with the most weight,"
    if is_tie(gain, error, 0.0):
        return [f"No option that anybody here advises {way} {title} by more than the error."]
    size = difference_words(gains[best], metric.unit, found.moves[name].move.mcse, signed=False)
    most = f"at most by {size} (“{brief.options[best].title}”), worth {plain(gain)} of value"
    if not is_within(gain, error, found.delta):
        counts = f"counts can't be told: {most}, where {plain(found.delta)} counts."
        return [f"Whether any option that anybody here advises {way} {title} by as much as {counts}"]
    text = (
        f"No option that anybody here advises {way} {title} by as much as counts: {most}, less than the "
        f"{plain(found.delta)} that counts."
    )
    return [text]


def moved_by_foils(brief: Brief, names: Sequence[str]) -> Iterable[str]:
    """Of metrics that an option moves farthest which nobody advises, how far the others move them."""
    assert brief.unchanged is not None
    for name in names:
        move, metric = brief.unchanged.moves[name], brief.metrics[name]
        others = _changes(brief, name)
        if not is_foil(brief, move.option) or not others:
            continue
        most = max(others, key=lambda option: abs(others[option]))
        size = difference_words(others[most], metric.unit, move.move.mcse)
        title = brief.options[most].title
        yield f"Of the options that anybody advises, “{title}” moves “{metric.title}” most: {size}."


def _heaviest(brief: Brief) -> str:
    """The metric with the most weight; empty where several have it."""
    weights = {name: metric.weight for name, metric in brief.metrics.items()}
    most = [name for name, weight in weights.items() if weight == max(weights.values()) and weight > 0.0]
    return most[0] if len(most) == 1 else ""


def _changes(brief: Brief, name: str) -> dict[str, float]:
    """How far each option that isn't a foil moves the mean of a metric from the baseline."""
    assert brief.unchanged is not None
    if brief.unchanged.baseline not in brief.options:
        return {}
    start = brief.options[brief.unchanged.baseline].weighted.metrics[name].mean
    return {
        option: record.weighted.metrics[name].mean - start
        for option, record in brief.options.items()
        if not record.baseline and not is_foil(brief, option)
    }
