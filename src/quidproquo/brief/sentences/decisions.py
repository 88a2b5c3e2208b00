"""Sentences on the choice: what no option changes, what leads are worth, what bundles need, what weights do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quidproquo.brief.natural import difference_words, lead_words, mean_words, percent
from quidproquo.brief.numerals import plain, share
from quidproquo.brief.sentences.advised import heaviest_sentences, is_foil, moved_by_foils
from quidproquo.brief.wording import number_words
from quidproquo.decisions.rule import is_tie
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.decisions import (
    BundleRecord,
    ComponentRecord,
    MetricMoveRecord,
    MetricWeights,
    TurningPointRecord,
)

__all__ = [
    "bundle_sentences",
    "lead_sentences",
    "leading",
    "level_words",
    "listed",
    "metric_weight_sentences",
    "next_option",
    "option_name",
    "quoted",
    "tie_sentences",
    "turning_sentences",
    "unchanged_sentences",
    "worth_words",
]

_NAMED = 3


def listed(items: Iterable[str], last: str = "and") -> str:
    """Words in a row: a, b and c."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def quoted(title: str) -> str:
    """A title inside a sentence, as it is."""
    return f"“{title}”"


def leading(brief: Brief) -> list[str]:
    """The options that can't be told from the first under all the evidence."""
    return [name for name in brief.preferred.leading or brief.preferred.options if name in brief.options]


def option_name(brief: Brief, option: str) -> str:
    """An option's title in a sentence: titles hold commas and verbs, so they are set in quotation marks."""
    return quoted(brief.options[option].title if option in brief.options else option)


# ---------------------------------------------------------------- what no option changes


def unchanged_sentences(brief: Brief) -> list[str]:
    """What no option changes, what is given and got first; what they do change; which thresholds fail."""
    found = brief.unchanged
    if found is None:
        return []
    given = [name for name in found.moves if brief.metrics[name].side]
    # what is given and got has its own sentence, but for what stays as it is while the rest moves
    idle = [name for name in given if _within_error(found.moves[name])]
    some = any(found.moves[name].changed for name in given)
    others = [name for name in found.moves if name not in given or (some and name in idle)]
    return [
        *heaviest_sentences(brief),
        *_exchange(brief, given),
        *_others(brief, others, bool(given)),
        *_thresholds(brief),
    ]


def _exchange(brief: Brief, names: Sequence[str]) -> list[str]:
    """Whether any option changes what is given or got."""
    assert brief.unchanged is not None
    moves = brief.unchanged.moves
    still = [name for name in names if not moves[name].changed]
    moved = [name for name in names if moves[name].changed]
    if not names:
        return []
    if not moved and all(_within_error(moves[name]) for name in names):
        return ["No option here changes what is given or got by more than its error."]
    if not moved:
        largest = listed(_move(brief, name) for name in still)
        return [f"No option here changes what is given or got by as much as counts: at most, {largest}."]
    large = [name for name in moved if moves[name].value >= brief.unchanged.delta]
    small = [name for name in (*moved, *still) if name not in large and not _within_error(moves[name])]
    lines = []
    if large:
        lines.append(f"The options change what is given or got: {_at_most(brief, large)}.")
    if small:
        start = (
            "The rest they change little" if large else "The options change little of what is given or got"
        )
        worth = "It is" if len(small) == 1 else "Each of these changes is"
        lines.append(
            f"{start}: {_at_most(brief, small)}. {worth} worth less than {plain(brief.unchanged.delta)} of value, "
            "the least difference that counts. Value is 0 with every metric at its worst and 1 with each "
            "at its best."
        )
    return lines


def _at_most(brief: Brief, names: Sequence[str]) -> str:
    """The farthest that the options move some metrics, with the level that they start from."""
    assert brief.unchanged is not None
    start, moves = brief.options[brief.unchanged.baseline], brief.unchanged.moves
    by = {moves[name].option for name in names}
    same = len(by) == 1 and len(names) > 1
    parts = []
    for name in names:
        metric = brief.metrics[name]
        level = level_words(start.weighted.metrics[name].mean, metric.unit)
        parts.append(_move(brief, name, f" from {level}", alone=same))
    under = f"under {option_name(brief, by.pop())} " if same else ""
    return f"at most, {under}against {quoted(start.title)}, {listed(parts)}"


def _within_error(move: MetricMoveRecord) -> bool:
    return is_tie(abs(move.move.mean), move.move.mcse, 0.0)


def _titles(brief: Brief, names: Sequence[str], last: str = "and") -> str:
    return listed((quoted(brief.metrics[name].title) for name in names), last)


def _move(brief: Brief, name: str, start: str = "", *, alone: bool = False) -> str:
    """The farthest that any option moves a metric, with the option unless it is named already."""
    assert brief.unchanged is not None
    move = brief.unchanged.moves[name]
    size = difference_words(move.move.mean, brief.metrics[name].unit, move.move.mcse, signed=False)
    way = "falls" if move.move.mean < 0.0 else "rises"
    foil = ", which nobody here advises" if is_foil(brief, move.option) else ""
    by = "" if alone else f" ({option_name(brief, move.option)}{foil})"
    return f"{quoted(brief.metrics[name].title)} {way} by {size}{start}{by}"


def _others(brief: Brief, names: Sequence[str], also: bool) -> list[str]:
    assert brief.unchanged is not None
    still = [name for name in names if not brief.unchanged.moves[name].changed]
    moved = [name for name in names if brief.unchanged.moves[name].changed]
    lines = []
    if still:
        lines.append(f"No option here changes {_titles(brief, still, 'or')} by as much as counts.")
    if moved:
        start = "What the options do change, at most:" if still or also else "The options change, at most:"
        little = [name for name in moved if brief.unchanged.moves[name].value < brief.unchanged.delta]
        line = f"{start} {listed(_move(brief, name) for name in moved)}."
        if little and len(little) < len(moved):
            changes = "the change of" if len(little) == 1 else "the changes of"
            least = plain(brief.unchanged.delta)
            worth = f"{'is' if len(little) == 1 else 'are'} worth less than {least} of value"
            line += f" Of these, {changes} {_titles(brief, little)} {worth}."
        lines += [line, *moved_by_foils(brief, moved)]
    return lines


def _thresholds(brief: Brief) -> list[str]:
    """How often no option is acceptable, and which thresholds are to blame."""
    assert brief.unchanged is not None
    none = brief.unchanged.none_acceptable.mean
    if none <= 0.0:
        return ["In every world some option meets every threshold."]
    failing = sorted(brief.unchanged.thresholds.items(), key=lambda item: -item[1].share.mean)
    failing = [item for item in failing if item[1].share.mean > 0.0]
    where = "every world" if none >= 1.0 else f"{share(none)} of worlds"
    line = f"In {where} no option meets every threshold."
    if not failing:
        return [f"{line} No single threshold is out of reach: each option fails another."]
    named = [
        f"{quoted(brief.metrics[name].title)} in {share(one.share.mean)}" for name, one in failing[:_NAMED]
    ]
    return [f"{line} Thresholds that no option meets, most often: {listed(named)}."]


# ---------------------------------------------------------------- ties and leads


def tie_sentences(brief: Brief) -> list[str]:
    """Whether the lead counts under every stated weighting, and if not, under which it doesn't."""
    preferred = brief.preferred
    first = leading(brief)
    if not first or not preferred.limit:
        return []
    counts = f"A lead counts from {_limit(brief)} up."
    if len(first) > 1:
        start = f"Under all the evidence, {listed(option_name(brief, name) for name in first)} are tied."
    else:
        lead = lead_words(preferred.margin, preferred.mcse)
        start = f"Under all the evidence, {option_name(brief, first[0])} leads by {lead} of value."
    lines = [f"{start} {counts}"]
    for option, ids in list(preferred.ties.items())[:_NAMED]:
        lines.append(
            f"{option_name(brief, option)} can't be told from the best under {_weightings(brief, ids)}, so it is "
            "counted as tied."
        )
    if len(preferred.ties) > _NAMED:
        more = listed(option_name(brief, option) for option in list(preferred.ties)[_NAMED:])
        lines.append(f"The same is true of {more} under some other stated weighting.")
    unsure = [name for name in preferred.open if name in brief.options]
    if unsure:
        rows = [row for row in brief.weightings if row.reliable and not row.decided]
        rows = [row for row in rows if {*row.tied, *row.within_error} & {*unsure}]
        count = number_words(len(rows), "weighting") if rows else "some weighting"
        lines.append(
            f"Whether {listed(option_name(brief, name) for name in unsure)} "
            f"{'ties' if len(unsure) == 1 else 'tie'} is open under {count} that could not be decided."
        )
    judged = [row for row in brief.weightings if row.judged]
    if len(first) == 1 and not preferred.ties and judged and all(row.tied == first for row in judged):
        could = "" if len(judged) == len(brief.weightings) else " that could be judged"
        lines.append(f"The lead counts under every stated weighting{could} ({len(judged)}).")
    return lines


def _limit(brief: Brief) -> str:
    """From where a lead counts, and why from there."""
    preferred = brief.preferred
    if preferred.limit > preferred.delta:
        return (
            f"{plain(preferred.limit)} of value (two Monte Carlo errors; the least difference that counts in this "
            f"case, δ, is {plain(preferred.delta)})"
        )
    return f"{plain(preferred.delta)} of value (δ, the least difference that counts in this case)"


def _weightings(brief: Brief, ids: Sequence[str]) -> str:
    titles = {
        row.id: f"{row.title} left out" if row.kind == "origin" else row.title or row.id
        for row in brief.weightings
    }
    named = [titles.get(one, "weights of the metrics within the stated ranges") for one in ids]
    if len(named) <= _NAMED:
        return listed(named)
    count = sum(row.judged for row in brief.weightings)
    return f"{len(named)} of {count} stated weightings, such as {listed(named[:_NAMED])}"


def lead_sentences(brief: Brief) -> list[str]:
    """What δ and the margin are worth in natural units, and what the lead over the next option is made of."""
    first, second = next(iter(leading(brief)), ""), next_option(brief)
    if not first or not brief.worth:
        return []
    names = _weighty(brief, second)
    lines = []
    if brief.preferred.delta > 0.0:
        lines.append(
            f"{plain(brief.preferred.delta)} of value is worth as much as "
            f"{_worth(brief, names, brief.preferred.delta)}."
        )
    if second not in brief.leads:
        return lines
    margin, titles = brief.preferred.margin, (option_name(brief, first), option_name(brief, second))
    if margin > 0.0:
        lines.append(
            f"The margin of {titles[0]} over the next option by the rule, {titles[1]}, is "
            f"{lead_words(margin, brief.preferred.mcse)}: as much as {_worth(brief, names, margin)}."
        )
    return [*lines, *_made_of(brief, titles, second)]


def next_option(brief: Brief) -> str:
    """The option next to the first by the rule; empty where there is none."""
    first = next(iter(leading(brief)), "")
    regrets = {
        name: option.weighted.value_regret.q95
        for name, option in brief.options.items()
        if name != first and option.weighted.value_regret is not None
    }
    return min(regrets, key=lambda name: regrets[name], default="")


def _weighty(brief: Brief, second: str) -> list[str]:
    """The metric with the most weight, and those with the largest part in the lead."""
    heaviest = max(brief.worth, key=lambda name: brief.metrics[name].weight)
    parts = brief.leads[second].parts if second in brief.leads else {}
    largest = sorted(
        (name for name in brief.worth if name != heaviest),
        key=lambda name: -abs(parts[name].value.mean) if name in parts else -brief.metrics[name].weight,
    )
    return [heaviest, *largest[: _NAMED - 1]]


def worth_words(brief: Brief, value: float) -> str:
    """What a value is worth on the metric with the most weight; empty where no metric has any."""
    return _worth(brief, _weighty(brief, "")[:1], value) if brief.worth else ""


def _worth(brief: Brief, names: Sequence[str], value: float) -> str:
    sizes = [
        f"{difference_words(value * brief.worth[name], brief.metrics[name].unit, signed=False)} of "
        f"{quoted(brief.metrics[name].title)}"
        for name in names
    ]
    return listed(sizes, "or")


def _made_of(brief: Brief, titles: tuple[str, str], second: str) -> list[str]:
    """The largest parts of the mean lead, those that raise it and those that lower it."""
    lead = brief.leads[second]
    parts = sorted(lead.parts.items(), key=lambda item: -abs(item[1].value.mean))
    parts = [(name, part) for name, part in parts if not is_tie(abs(part.value.mean), part.value.mcse, 0.0)]
    where = "above" if lead.value.mean >= 0.0 else "below"
    size = lead_words(abs(lead.value.mean), lead.value.mcse)
    line = f"On the mean, {titles[0]} lies {size} of value {where} {titles[1]}"
    if not parts:
        return [f"{line}; no metric differs by more than its error."]
    words = [
        f"{quoted(brief.metrics[name].title)} {'adds' if part.value.mean > 0.0 else 'takes'} "
        f"{plain(abs(part.value.mean), part.value.mcse)} "
        f"({difference_words(part.difference.mean, brief.metrics[name].unit, part.difference.mcse)})"
        for name, part in parts[: _NAMED + 1]
    ]
    return [f"{line}: {listed(words)}."]


# ---------------------------------------------------------------- bundles


def bundle_sentences(brief: Brief, option: str) -> list[str]:
    """What the parts of a bundle add: those that add nothing or harm by name, and the smaller bundle."""
    bundle = brief.components[option]
    name = option_name(brief, option)
    idle = [one for one in bundle.components if one.adds != "adds"]
    if not idle:
        return [f"Each part of {name} adds something that counts."]
    smaller = _smaller(brief, option, bundle)
    if len(idle) == len(bundle.components) and all(one.adds == "nothing" for one in idle):
        most = max(idle, key=lambda one: abs(one.value.mean))
        size = f"{quoted(most.title)} the most, {mean_words(most.value)} of value"
        return [f"No part of {name} adds anything that counts to the others ({size}).", smaller]
    return [*(_idle(one, name) for one in idle), smaller]


def _idle(one: ComponentRecord, name: str) -> str:
    if one.adds == "harms":
        lost = lead_words(-one.value.mean, one.value.mcse)
        return f"{quoted(one.title)} harms {name}: without it the bundle is worth {lost} more."
    return f"{quoted(one.title)} adds nothing that counts to {name} ({mean_words(one.value)} of value)."


def _smaller(brief: Brief, option: str, bundle: BundleRecord) -> str:
    """The smaller bundle that is offered: what it is worth beside the whole, and what it costs."""
    found, name = bundle.smaller, option_name(brief, option)
    if found is None:
        return f"No smaller part of {name} is as good as the whole."
    several = len(found.titles) > 1
    cost = difference_words(found.money, "million USD", signed=False, digits=3)
    if option in brief.options and "money" in brief.options[option].cost:
        whole = difference_words(brief.options[option].cost["money"], "million USD", signed=False, digits=3)
        cost += f" instead of {whole}"
    start = f"{listed(map(quoted, found.titles))} {'together are' if several else 'alone is'} worth"
    size = lead_words(abs(found.value.mean), found.value.mcse)
    if not is_tie(abs(found.value.mean), found.value.mcse, brief.preferred.delta):
        return f"{start} {size} of value more than {name}, at a stated cost of {cost}."
    way = "more" if found.value.mean > 0.0 else "less"
    but = f"the difference, {size} of value {way}, does not count"
    return f"{start} as much on the mean as {name} ({but}), at a stated cost of {cost}."


# ---------------------------------------------------------------- weights of the metrics


def metric_weight_sentences(brief: Brief) -> list[str]:
    """What other weights of the metrics make of the choice."""
    found = brief.metric_weights
    if found is None:
        return []
    return [
        _over_all(brief, found),
        _within_ranges(brief, found),
        *_without_each(brief, found),
    ]


def _chosen(brief: Brief) -> str:
    names = [option_name(brief, name) for name in leading(brief)]
    return names[0] if len(names) == 1 else "one of the options that lead under all the evidence"


def _over_all(brief: Brief, found: MetricWeights) -> str:
    draws = found.simplex
    start = "The weights of the metrics decide the choice. " if draws.turned > 0.5 else ""
    kept = share(1.0 - draws.turned)
    best = max(draws.ranks, key=lambda name: draws.ranks[name][0])
    return (
        f"{start}Over all weights that the metrics could have, {_chosen(brief)} leads or is tied with the "
        f"best under {kept} of "
        f"{draws.count} sets drawn. Over worlds and weights together, {option_name(brief, best)} is best "
        f"most often "
        f"({share(draws.ranks[best][0])})."
    )


def _within_ranges(brief: Brief, found: MetricWeights) -> str:
    draws = found.within
    which = (
        "in the range that the case states"
        if found.stated
        else "between half and double what the case gives it"
    )
    kept = "under all" if draws.turned == 0.0 else f"under {share(1.0 - draws.turned)}"
    tied = f"; several options are tied under {share(draws.tied)} of them" if draws.tied > 0.0 else ""
    return (
        f"With each weight {which}, {_chosen(brief)} leads or is tied with the best {kept} of "
        f"{draws.count} sets drawn{tied}."
    )


def _without_each(brief: Brief, found: MetricWeights) -> list[str]:
    """The choice without each metric, and with equal weights."""
    kept = set(leading(brief))
    dropped = [one for one in found.others if one.metric]
    turned = [one for one in dropped if one.preferred not in kept]
    tied = [one for one in dropped if one.preferred in kept and set(one.tied) - kept]
    lines = [
        f"Without {quoted(brief.metrics[one.metric].title)} the choice is {option_name(brief, one.preferred)}."
        for one in turned
    ]
    if tied:
        names = listed((f"{quoted(brief.metrics[one.metric].title)}" for one in tied), "or")
        them = "them" if len(kept) > 1 else "it"
        lines.append(f"Without {names} further options are tied with {them}.")
    if dropped and not turned and not tied:
        lines.append("Leaving out any one metric changes nothing.")
    equal = [one.preferred for one in found.others if not one.metric and one.preferred not in kept]
    return [*lines, *(f"With equal weights the choice is {option_name(brief, name)}." for name in equal)]


def turning_sentences(brief: Brief) -> list[str]:
    """The smallest change of one weight, one cost and one anchor that ties the choice or turns it."""
    found = brief.metric_weights
    if found is None:
        return []
    lines = []
    names = {"weight": "one weight", "cost": "the stated costs", "anchor": "one anchor"}
    for kind, noun in names.items():
        points = [one for one in found.turning if one.kind == kind]
        ties = [one for one in points if one.tie_change is not None]
        turns = [one for one in points if one.change is not None]
        if ties:
            first = min(ties, key=lambda one: one.tie_change or 0.0)
            lines.append(
                f"The smallest change of {noun} that makes it a tie: {_change(brief, first, first.tie)}."
            )
        if turns:
            first = min(turns, key=lambda one: one.change or 0.0)
            lines.append(
                f"The smallest change of {noun} that turns the choice: {_change(brief, first, first.turn)}; then "
                f"{option_name(brief, first.option)} leads."
            )
        elif not ties:
            lines.append(f"No change of {noun} that was tried turns the choice.")
    return lines


def _change(brief: Brief, one: TurningPointRecord, to: float | None) -> str:
    """A number, and what it would have to be."""
    assert to is not None
    if one.kind == "weight":
        title = quoted(brief.metrics[one.id].title)
        return f"{title} counts for {percent(to)} of all weight instead of {percent(one.before)}"
    if one.kind == "cost":
        if one.id == "all":
            return f"all costs are {plain(to)} times as high"
        ends = (difference_words(value, "million USD", signed=False, digits=3) for value in (one.before, to))
        return f"{option_name(brief, one.id)} costs {' instead of '.join(reversed(list(ends)))}"
    metric = brief.metrics[one.id]
    ends = (level_words(value, metric.unit) for value in (one.before, to))
    return f"the {one.anchor} end of {quoted(metric.title)} is {' instead of '.join(reversed(list(ends)))}"


def level_words(value: float, unit: str) -> str:
    """A level of a metric: a share in percent, money in dollars."""
    text = (
        difference_words(value, unit, signed=False, digits=3).replace(" points", "%").replace(" point", "%")
    )
    return f"−{text}" if value < 0.0 else text
