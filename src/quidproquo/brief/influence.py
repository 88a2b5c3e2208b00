"""The influence diagram: boxes in layers, an arrow wherever one reads another, and the same as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from quidproquo.brief.layers import Arrow, Placed, layered
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.influence import InfluenceDiagram, InfluenceEdge, InfluenceNode, spelled_out

__all__ = ["InfluenceRow", "answer_titles", "influence_picture", "influence_rows"]

_WIDTH = 1000.0
_LINE, _EDGE, _TIP = 14.0, 5.0, 6.5
_BROAD, _NARROW = frozenset("mwMW%"), frozenset("iljtfrI.,:;'|()!- ")
_MOST_NAMES = 4
_LINE_LENGTHS = {"mechanism": 13, "metric": 19, "lever": 13, "hypothesis": 16, "chance": 13}
_HEADINGS = {
    "lever": "Levers",
    "hypothesis": "Hypotheses",
    "chance": "Chance",
    "mechanism": "Mechanisms, in the order in which they run",
    "metric": "Metrics",
}


@dataclass(frozen=True)
class Read:
    """Something that is read: the node with its title, and what of it, in words."""

    target: str
    title: str
    via: str


@dataclass(frozen=True)
class InfluenceRow:
    """One line of the table beside the picture."""

    key: str
    node: InfluenceNode
    reads: tuple[Read, ...]
    priors: int


@dataclass(frozen=True)
class _Box:
    """What one box stands for: nodes that are alike in what they read and in what reads them."""

    kind: str
    nodes: tuple[InfluenceNode, ...]
    priors: int

    @property
    def heading(self) -> list[str]:
        """Its name or names, cut into lines."""
        if len(self.nodes) > _MOST_NAMES:
            return _cut(f"{len(self.nodes)} × {spelled_out(self.nodes[0].like)}", _LINE_LENGTHS[self.kind])
        names = [n.title if n.kind in {"metric", "hypothesis"} else n.name for n in self.nodes]
        return [line for name in names for line in _cut(spelled_out(name), _LINE_LENGTHS[self.kind])]

    @property
    def below(self) -> list[str]:
        """What stands under its name."""
        claims = sum(node.claims for node in self.nodes)
        lines = [f"{self.priors} prior{'s' * (self.priors != 1)}"] if self.priors else []
        return lines + ([f"{claims} claim{'s' * (claims != 1)}"] if claims else [])

    def size(self, arrows: int) -> tuple[float, float]:
        """Width and height that its text and the tips of so many arrows need."""
        lines = self.heading + self.below
        height = max(len(lines) * _LINE + 2.0 * _EDGE, arrows * _TIP + 8.0)
        return max(_length(line) for line in lines) + 14.0, height


def influence_picture(diagram: InfluenceDiagram) -> Markup:
    """The diagram as an inline picture; empty where there is nothing to draw."""
    boxes, arrows = _merged(diagram)
    if not boxes:
        return Markup("")
    layer = _layers(boxes, arrows)
    sizes = {name: box.size(sum(t == name for _, t in arrows)) for name, box in boxes.items()}
    broad: dict[int, float] = {}
    for name, (width, _) in sizes.items():
        broad[layer[name]] = max(broad.get(layer[name], 0.0), width)
    sizes = {name: (broad[layer[name]], height) for name, (_, height) in sizes.items()}
    picture = layered(sizes, layer, arrows, _WIDTH)
    number = {name: place for place, name in enumerate(boxes)}
    kinds = {name: box.kind for name, box in boxes.items()}
    parts = [_style(number.values())]
    # long arrows first, so that short ones lie above them
    far = sorted(picture.arrows, key=lambda arrow: layer[arrow.source] - layer[arrow.target])
    parts += [_arrow(arrow, kinds, number) for arrow in far]
    parts += [_drawn(box, picture.boxes[name], number[name]) for name, box in boxes.items()]
    words = (
        f"{number_words(len(boxes), 'box', 'boxes')} in layers from left to right and "
        f"{number_words(len(arrows), 'arrow')}; the table below says the same."
    )
    head = (
        f'<svg class="inf" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {picture.width:.0f} {picture.height:.0f}" '
        'aria-labelledby="inf-name inf-words"><title id="inf-name">What reads what in the model</title>'
        f'<desc id="inf-words">{words}</desc>'
    )
    return Markup(head + "".join(parts) + "</svg>")


def influence_rows(diagram: InfluenceDiagram) -> dict[str, list[InfluenceRow]]:
    """Heading → its rows: what each node reads of which other, and how many priors it has of its own."""
    found: dict[str, list[InfluenceRow]] = {}
    for kind, heading in _HEADINGS.items():
        for key, node in diagram.nodes.items():
            if node.kind != kind:
                continue
            reads = [edge for edge in diagram.edges if edge.target == key]
            own = diagram.nodes.get(f"parameters.{node.name}") if kind == "mechanism" else None
            others = [edge for edge in reads if edge.source != f"parameters.{node.name}"]
            parts = tuple(_read(diagram, edge) for edge in others)
            row = InfluenceRow(key, node, parts, len(own.members) if own else 0)
            found.setdefault(heading, []).append(row)
    return found


def answer_titles(brief: Brief, hypothesis: str, states: Sequence[str]) -> list[str]:
    """Titles of the answers to a hypothesis, as they stand everywhere else; a name without one as it is."""
    record = brief.hypotheses.get(hypothesis)
    known = record.states if record is not None else {}
    return [known[state].title if state in known else state.replace("_", " ") for state in states]


def _read(diagram: InfluenceDiagram, edge: InfluenceEdge) -> Read:
    node = diagram.nodes[edge.source]
    # parameters have no row of their own: they stand with their mechanism
    target = f"mechanism.{node.name}" if node.kind == "parameters" else edge.source
    title = node.title if node.kind == "hypothesis" else spelled_out(node.name)
    return Read(target, title, _via(node, edge.via))


def _via(source: InfluenceNode, names: Sequence[str]) -> str:
    """What is read of a mechanism, without its name; the others are read whole."""
    if source.kind not in {"mechanism", "parameters"}:
        return ""
    listed = ", ".join(spelled_out(name.partition(".")[2]) for name in names)
    return f"parameters {listed}" if source.kind == "parameters" else listed


def _merged(diagram: InfluenceDiagram) -> tuple[dict[str, _Box], list[tuple[str, str]]]:
    """The boxes that are drawn, and the arrows between them; parameters go into their mechanism."""
    arrows = dict.fromkeys(
        (edge.source.replace("parameters.", "mechanism.", 1), edge.target) for edge in diagram.edges
    )
    ends = [(source, target) for source, target in arrows if source != target]
    groups: dict[object, list[str]] = {}
    for key, node in diagram.nodes.items():
        if node.kind == "parameters":
            continue
        ins = frozenset(source for source, target in ends if target == key)
        outs = frozenset(target for source, target in ends if source == key)
        alike = (node.like, ins, outs) if node.kind == "mechanism" and ins else key
        groups.setdefault(alike, []).append(key)
    leader = {key: keys[0] for keys in groups.values() for key in keys}
    boxes = {
        keys[0]: _Box(
            diagram.nodes[keys[0]].kind,
            tuple(diagram.nodes[key] for key in keys),
            sum(_priors(diagram, diagram.nodes[key]) for key in keys),
        )
        for keys in groups.values()
    }
    return boxes, list(dict.fromkeys((leader[source], leader[target]) for source, target in ends))


def _priors(diagram: InfluenceDiagram, node: InfluenceNode) -> int:
    own = diagram.nodes.get(f"parameters.{node.name}") if node.kind == "mechanism" else None
    return len(own.members) if own else 0


def _layers(boxes: Mapping[str, _Box], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """A layer for every box: after all that it reads, inputs just before what reads them, metrics last."""
    order = {name: place for place, name in enumerate(boxes)}
    mechanisms = [name for name, box in boxes.items() if box.kind == "mechanism"]
    ahead = [(s, t) for s, t in arrows if order[s] < order[t]]
    layer: dict[str, int] = {}
    for name in mechanisms:
        layer[name] = 1 + max((layer[s] for s, t in ahead if t == name and s in layer), default=0)
    last = 1 + max(layer.values(), default=0)
    layer |= {name: last for name, box in boxes.items() if box.kind == "metric"}
    fed = {t for _, t in arrows}
    for name, box in reversed(list(boxes.items())):
        if name in layer and name in fed:
            continue
        readers = [layer[t] for s, t in ahead if s == name and t in layer]
        nearest = min(readers, default=1) - 1
        layer[name] = nearest if box.kind in {"mechanism", "hypothesis"} else 0
    used = sorted(set(layer.values()))
    return {name: used.index(layer[name]) for name in boxes}


def _style(numbers: Iterable[int]) -> str:
    """Pointing at a box leaves only its own arrows."""
    rules = (f".inf:has(.b{n}:hover) g:not(.a{n}):not(.box){{opacity:.1}}" for n in numbers)
    return f"<style>{''.join(rules)}</style>"


def _arrow(arrow: Arrow, kinds: Mapping[str, str], number: Mapping[str, int]) -> str:
    x, y = arrow.tip
    return (
        f'<g class="a{number[arrow.source]} a{number[arrow.target]} from-{kinds[arrow.source]}">'
        f'<path d="{arrow.path}"/><path class="tip" d="M{x:.0f} {y:.0f}l-6-3v6z"/></g>'
    )


def _drawn(box: _Box, at: Placed, number: int) -> str:
    corner = {"lever": 12, "chance": 12}.get(box.kind, 3)
    text = []
    heading, x = box.heading, at.x + at.width / 2.0
    for place, line in enumerate([*heading, *box.below]):
        y = at.middle + _LINE * (place + 0.78 - len(heading + box.below) / 2.0)
        small = ' class="sub"' if place >= len(heading) else ""
        text.append(f'<text x="{x:.0f}" y="{y:.0f}"{small}>{escape(line)}</text>')
    names = "; ".join(node.title for node in box.nodes[:1]) if box.kind == "mechanism" else box.nodes[0].title
    return (
        f'<g class="box b{number} {box.kind}"><title>{escape(names)}</title>'
        f'<rect x="{at.x:.0f}" y="{at.y:.0f}" width="{at.width:.0f}" height="{at.height:.0f}" '
        f'rx="{corner}"/>{"".join(text)}</g>'
    )


def _cut(text: str, length: int) -> list[str]:
    """A text in lines of about so many characters, cut between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > length:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _length(text: str) -> float:
    """About how many pixels a line takes at 13 pixels a character, on the safe side."""
    return sum(12.5 if c in _BROAD else 5.4 if c in _NARROW else 8.2 for c in text)
