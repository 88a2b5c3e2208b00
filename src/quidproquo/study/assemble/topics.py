"""Topics of the brief: what the documents say of each row, and the numbers and pictures that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quidproquo.cases.record import Case, Topic
from quidproquo.claims.record import Claim
from quidproquo.study.schema.brief import Estimate, Figure, TopicRecord

__all__ = ["topics"]


def topics(case: Case, estimates: Mapping[str, Estimate], claims: Sequence[Claim]) -> dict[str, TopicRecord]:
    """Every row of the case with its estimates, metrics, figures and claims."""
    return {topic.id: _topic(case, topic, estimates, claims) for topic in case.topics.values()}


def _topic(
    case: Case, topic: Topic, estimates: Mapping[str, Estimate], claims: Sequence[Claim]
) -> TopicRecord:
    shown = [q for q in topic.quantities if q in estimates]
    figures = [
        Figure(id=f"{topic.id}-{q}", title=estimates[q].title, chart="estimate", subject=q) for q in shown
    ]
    figures += [
        Figure(id=f"{topic.id}-{m}", title=case.metrics[m].title, chart="metric", subject=m)
        for m in topic.metrics
    ]
    about = set(topic.quantities)
    return TopicRecord(
        title=topic.title,
        question=topic.question,
        estimates=shown,
        metrics=list(topic.metrics),
        figures=figures,
        claims=[c.id for c in claims if c.quantity in about and c.state != "rejected"],
    )
