"""The choice between options: what is preferred, what is tied, and which options dominate which."""

from __future__ import annotations

from markupsafe import Markup

from quidproquo.brief.judgements import weighting_outcomes
from quidproquo.brief.markup import join, phrase
from quidproquo.brief.sentences.ties import chosen
from quidproquo.brief.wording import contrast, number_words, option_links
from quidproquo.study.schema.brief import Brief

__all__ = ["chosen_sentence", "dominated_sentences", "front_sentence", "settled_sentence"]


def chosen_sentence(brief: Brief) -> Markup:
    """What is preferred by the rule, or that it is not settled."""
    names = chosen(brief)
    if not names:
        return Markup("No option was compared.")
    options = option_links(brief, names)
    if len(names) > 1:
        return phrase(
            "The reports do not settle which option is best. {count} of {all} are tied over the set of "
            "weightings: "
            "{options}.",
            count=number_words(len(names), "option").split()[0].capitalize(),
            all=len(brief.options),
            options=options,
        )
    return phrase("{options} is preferred by the rule: {rule}.", options=options, rule=brief.preferred.rule)


def settled_sentence(brief: Brief) -> str:
    """Whether weightings turn the choice, or only come near it; empty where neither is so."""
    found = weighting_outcomes(brief)
    if found.changed:
        return (
            "The reports do not settle the choice: it depends on how much weight the claims, the origins and the "
            "hypotheses get."
        )
    low, high = brief.preferred.range
    if low <= 0.0 <= high and len(chosen(brief)) == 1:
        judged = " among those that can be judged" if found.open else ""
        return (
            "The range of the margin over the weightings includes zero, but under none of them"
            f"{judged} does another option lead by more than the error."
        )
    return ""


def front_sentence(brief: Brief) -> Markup:
    """The options that no other dominates, or those that one does where they are fewer."""
    behind = [name for name in brief.options if name not in brief.pareto_front]
    if behind and len(behind) < len(brief.pareto_front):
        names = option_links(brief, behind)
        return phrase(
            "Another option dominates {options}; no option dominates any of the rest.", options=names
        )
    return phrase("No option dominates these: {options}.", options=option_links(brief, brief.pareto_front))


def dominated_sentences(brief: Brief) -> list[Markup]:
    """Which options dominate which: on how many metrics they are better, and on how many the same within error."""
    found = []
    for name, by in brief.dominated.items():
        parts = []
        for other in by:
            against = contrast(brief, other, name)
            better = number_words(len(against.better), "metric")
            parts.append(
                phrase(
                    "{option} (better on {better}, the same within error on {tied})",
                    option=option_links(brief, [other]),
                    better=better,
                    tied=number_words(len(against.tied), "other").split()[0],
                )
            )
        verb = "dominates" if len(by) == 1 else "dominate"
        found.append(
            phrase(
                "{parts} {verb} {option}.", parts=join(parts), verb=verb, option=option_links(brief, [name])
            )
        )
    return found
