"""The influence diagram of a case: what its mechanisms read, down to levers and up to metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from quidproquo.cases.record import Case
from quidproquo.study.schema.influence import InfluenceDiagram, InfluenceEdge, InfluenceNode, spelled_out
from quidproquo.worlds.model import Model
from quidproquo.worlds.read_edges import ReadEdge, read_edges

__all__ = ["influence_diagram"]


def influence_diagram(
    case: Case, model: Model, observed: Sequence[str], items: Sequence[str] = ()
) -> InfluenceDiagram:
    """What reads what in a case's model.

    `observed` has one observable for each claim that weighs, and `items` the claim's id.
    """
    claims = Counter(name.partition(".")[0] for name in observed)
    ids: dict[str, list[str]] = {}
    for name, item in zip(observed, items, strict=False):
        ids.setdefault(name.partition(".")[0], []).append(item)
    nodes = dict(_inputs(case, model)) | dict(_mechanisms(model, claims, ids))
    nodes |= {
        f"metric.{m.id}": InfluenceNode(kind="metric", name=m.id, title=m.title)
        for m in case.metrics.values()
    }
    edges = [*_edges_of(read_edges(model)), *_metrics(case)]
    used = {edge.source for edge in edges}
    return InfluenceDiagram(
        nodes={key: node for key, node in nodes.items() if node.kind != "chance" or key in used},
        edges=edges,
    )


def _inputs(case: Case, model: Model) -> Iterator[tuple[str, InfluenceNode]]:
    for lever in model.levers:
        users = [option.id for option in case.options.values() if option.levers.get(lever)]
        yield (
            f"lever.{lever}",
            InfluenceNode(kind="lever", name=lever, title=spelled_out(lever), members=users),
        )
    for h in model.hypotheses:
        states = [state.id for state in h.states]
        yield f"hypothesis.{h.id}", InfluenceNode(kind="hypothesis", name=h.id, title=h.title, members=states)
    for chance in model.chances:
        yield f"chance.{chance}", InfluenceNode(kind="chance", name=chance, title=spelled_out(chance))


def _mechanisms(
    model: Model, claims: Counter[str], ids: Mapping[str, list[str]]
) -> Iterator[tuple[str, InfluenceNode]]:
    for part in model.parts:
        own, title = list(part.parameters), part.mechanism.title
        if own:
            yield (
                f"parameters.{part.name}",
                InfluenceNode(kind="parameters", name=part.name, title=title, members=own),
            )
        yield (
            f"mechanism.{part.name}",
            InfluenceNode(
                kind="mechanism",
                name=part.name,
                title=title,
                like=part.mechanism.id,
                claims=claims[part.name],
                observed=ids.get(part.name, []),
            ),
        )


def _edges_of(found: Sequence[ReadEdge]) -> list[InfluenceEdge]:
    """One edge for each pair, in the order of the readers; what a mechanism reads of itself is left out."""
    pairs: dict[tuple[str, str], list[ReadEdge]] = {}
    for reading in found:
        source, target = _source(reading), f"mechanism.{reading.reader}"
        if source != target:
            pairs.setdefault((source, target), []).append(reading)
    return [
        InfluenceEdge(
            source=source,
            target=target,
            via=sorted({one.name for one in many}),
            past=any(not one.ahead for one in many),
            ahead=any(one.ahead for one in many),
        )
        for (source, target), many in pairs.items()
    ]


def _source(reading: ReadEdge) -> str:
    if reading.kind == "output":
        return f"mechanism.{reading.name.partition('.')[0]}"
    if reading.kind == "parameter":
        return f"parameters.{reading.name.partition('.')[0]}"
    return f"{reading.kind}.{reading.name}"


def _metrics(case: Case) -> list[InfluenceEdge]:
    return [
        InfluenceEdge(
            source=f"mechanism.{metric.observable.partition('.')[0]}",
            target=f"metric.{metric.id}",
            via=[metric.observable.partition("@")[0]],
            past=metric.observable.endswith("@gain"),
            ahead=True,
        )
        for metric in case.metrics.values()
    ]
