"""Whether the parts of a case fit each other: ids that exist, dates in order, one baseline."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from quidproquo.cases.bearings import check_bearings
from quidproquo.cases.fields import NO_DATE, Problems, suggestion
from quidproquo.cases.record import BEARS, Case, LexiconEntry

__all__ = ["check_fit"]

_CASE = "case.toml"
_MOST_WEIGHT = 1e9  # the sum of larger ones may overflow, and no option would have a value
_PREFIXES = ("hypothesis", "option", "event")


def check_fit(case: Case, claims: frozenset[str] | None, problems: Problems) -> None:
    """Keep a problem for everything in a case that refers to nothing or contradicts another part.

    `claims` holds the ids of the table of claims, None if the table can't be read.
    """
    _dates(case, problems)
    _baseline(case, problems)
    _observables(case, problems)
    _propositions(case, problems)
    check_bearings(case, problems)
    _sections(case, claims, problems)
    _priors(case, claims, problems)
    _interventions(case, problems)
    for entry in case.lexicon:
        _lexicon_entry(case, entry, problems)


def _known(
    problems: Problems, file: str, thing: str, field: str, name: str, allowed: Iterable[str] | None
) -> None:
    if allowed is None:
        return
    names = list(allowed)
    if name not in names and problems.is_valid(thing):
        kind = {"quantities": "quantity", "metrics": "metric", "inputs": "claim"}.get(field, field)
        problems.add(file, thing, field, name, f"a declared {kind}", suggestion(name, names))


def _dates(case: Case, problems: Problems) -> None:
    order = (("start", case.start), ("decision_date", case.decision_date), ("horizon", case.horizon))
    for (_, earlier), (field, later) in pairwise(order):
        if NO_DATE not in {earlier, later} and earlier >= later:
            problems.add(_CASE, _CASE, field, later, f"after {earlier}", "correct the dates")
    for option in case.options.values():
        thing = f"option '{option.id}'"
        if problems.is_valid(thing) and option.start < case.decision_date:
            allowed = f"no earlier than the decision date, {case.decision_date}"
            problems.add(_CASE, thing, "start", option.start, allowed, "move it")


def _baseline(case: Case, problems: Problems) -> None:
    baselines = [option.id for option in case.options.values() if option.baseline]
    if len(baselines) != 1:
        found = ", ".join(baselines) or "no option"
        problems.add(_CASE, "options", "baseline", found, "exactly one option", "mark one as baseline")
    if not case.metrics:
        problems.add(_CASE, "metrics", "number", 0, "1 or more", "declare a [[metric]]")
        return
    weights = sum(metric.weight for metric in case.metrics.values())
    if weights <= 0.0:
        problems.add(_CASE, "metrics", "weight", "0 for all", "above 0 for one or more", "set weights")
    elif weights > _MOST_WEIGHT:
        allowed = f"at most {_MOST_WEIGHT:g} in all, for only their ratios count"
        problems.add(
            _CASE, "metrics", "weight", f"{weights:g} in all", allowed, "divide them all by one number"
        )


def _observables(case: Case, problems: Problems) -> None:
    """An observable's first part must be a mechanism's name in this case."""
    names = [use.name for use in case.mechanisms]
    if BEARS in names:
        allowed = "another name, for worlds keep there what propositions bear on"
        problems.add(_CASE, "[model]", "mechanisms", BEARS, allowed, "rename the mechanism")
    wanted = [
        *(
            (f"quantity '{q.id}'", "observes", o)
            for q in case.quantities.values()
            for o in q.observes.values()
        ),
        *(
            (f"proposition '{p.id}'", "observes", p.observes)
            for p in case.propositions.values()
            if p.observes
        ),
        *((f"metric '{m.id}'", "observable", m.observable) for m in case.metrics.values()),
        *(
            (f"total '{t.id}'", "inputs", source)
            for t in case.totals.values()
            for reading in t.interpretations
            for source in reading.inputs.values()
        ),
    ]
    for thing, field, observable in wanted:
        part = observable.partition(".")[0]
        if part not in names and problems.is_valid(thing):
            allowed = "an output of a mechanism that [model] names"
            problems.add(_CASE, thing, field, observable, allowed, suggestion(part, names))


def _propositions(case: Case, problems: Problems) -> None:
    for proposition in case.propositions.values():
        thing = f"proposition '{proposition.id}'"
        if not problems.is_valid(thing) or proposition.about == "none":
            continue
        prefix, _, rest = proposition.about.partition(":")
        if prefix not in _PREFIXES or not rest:
            allowed = "'none' or one of hypothesis:…, option:…, event:…"
            problems.add(_CASE, thing, "about", proposition.about, allowed, "correct it")
        elif prefix == "option":
            _known(problems, _CASE, thing, "option", rest, case.options)


def _sections(case: Case, claims: frozenset[str] | None, problems: Problems) -> None:
    for topic in case.topics.values():
        for name in topic.quantities:
            _known(problems, _CASE, f"topic '{topic.id}'", "quantities", name, case.quantities)
        for name in topic.metrics:
            _known(problems, _CASE, f"topic '{topic.id}'", "metrics", name, case.metrics)
    for line in case.ledger:
        thing = f"ledger line '{line.id}'"
        _known(problems, _CASE, thing, "quantity", line.quantity, case.quantities)
        _known(problems, _CASE, thing, "topic", line.topic, case.topics)
    for check in case.checks.values():
        thing = f"check '{check.id}'"
        _known(problems, _CASE, thing, "topic", check.topic, case.topics)
        for item in check.inputs:
            if item.claim:
                _known(problems, _CASE, f"{thing}, input '{item.name}'", "claim", item.claim, claims)
    for total in case.totals.values():
        thing = f"total '{total.id}'"
        _known(problems, _CASE, thing, "topic", total.topic, case.topics)
        _known(problems, _CASE, thing, "claim", total.claim, claims)
        for name in total.by:
            _known(problems, _CASE, thing, "hypothesis", name, case.hypotheses)
    for programme in case.programmes.values():
        thing = f"programme '{programme.id}'"
        _known(problems, _CASE, thing, "topic", programme.topic, case.topics)
        uses = [use.name for use in case.mechanisms if use.mechanism == "programme"]
        _known(problems, _CASE, thing, "mechanism", programme.id, uses)


def _priors(case: Case, claims: frozenset[str] | None, problems: Problems) -> None:
    for prior in case.priors.values():
        thing = f"prior '{prior.name}'"
        for name in prior.set_from:
            _known(problems, "priors.toml", thing, "set_from", name, claims)
        part = prior.name.partition(".")[0]
        uses = [use.name for use in case.mechanisms]
        if uses and part not in uses and problems.is_valid(thing):
            allowed = "a parameter of a mechanism that [model] names"
            problems.add("priors.toml", thing, "name", prior.name, allowed, suggestion(part, uses))


def _interventions(case: Case, problems: Problems) -> None:
    for made in case.interventions.values():
        thing = f"intervention '{made.id}'"
        for name in made.hold:
            _known(problems, _CASE, thing, "prior", name, case.priors)
        named = [sign.metric for sign in made.expected]
        for name in named:
            _known(problems, _CASE, thing, "metrics", name, case.metrics)
        for name in case.metrics:
            if named.count(name) != 1 and problems.is_valid(thing):
                found = f"{named.count(name)} signs for metric '{name}'"
                problems.add(_CASE, thing, "expect", found, "one sign for every metric", "correct the table")


def _lexicon_entry(case: Case, entry: LexiconEntry, problems: Problems) -> None:
    thing = f"lexicon entry for '{entry.target}'"
    file = "lexicon.toml"
    if entry.kind == "proposition":
        _known(problems, file, thing, "target", entry.target, case.propositions)
    elif entry.kind == "quantity":
        numeric = [quantity.id for quantity in case.quantities.values() if quantity.kind != "event"]
        _known(problems, file, thing, "target", entry.target, numeric)
    words = [
        word for groups in (entry.all_of, entry.near, entry.context) for group in groups for word in group
    ]
    for word in (*words, *entry.heads, *entry.none_of, *entry.not_near, *entry.owner):
        if word.startswith("@"):
            _known(problems, file, thing, "actor", word[1:], case.actors)
