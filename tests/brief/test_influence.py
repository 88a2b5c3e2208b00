"""The influence diagram on the page: every node and reading, drawn and said in words."""

from __future__ import annotations

from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import lint, render_html
from quidproquo.brief.influence import influence_picture, influence_rows
from quidproquo.study.schema.influence import InfluenceDiagram, InfluenceEdge, InfluenceNode

HOSTILE = "<b>trade</b>"


def edge(source: str, target: str, *via: str) -> InfluenceEdge:
    return InfluenceEdge(source=source, target=target, via=list(via), past=True, ahead=True)


def mechanism(name: str, like: str = "", claims: int = 0) -> InfluenceNode:
    return InfluenceNode(kind="mechanism", name=name, title=f"About {name}", like=like or name, claims=claims)


def diagram(**changes: object) -> InfluenceDiagram:
    nodes = {
        "lever.press": InfluenceNode(kind="lever", name="press", title="press", members=["do_nothing"]),
        "hypothesis.pay": InfluenceNode(kind="hypothesis", name="pay", title="Who pays?", members=["a", "b"]),
        "chance.war.end": InfluenceNode(kind="chance", name="war.end", title="war: end"),
        "parameters.war": InfluenceNode(kind="parameters", name="war", title="War", members=["war.rate"]),
        "mechanism.war": mechanism("war"),
        "parameters.trade": InfluenceNode(
            kind="parameters", name="trade", title="Trade", members=["trade.a", "trade.b"]
        ),
        "mechanism.trade": mechanism("trade", claims=12),
        "mechanism.first": mechanism("first", "flow"),
        "mechanism.second": mechanism("second", "flow"),
        "metric.spillover": InfluenceNode(kind="metric", name="spillover", title="Spill-over"),
    }
    edges = [
        edge("chance.war.end", "mechanism.war", "war.end"),
        edge("parameters.war", "mechanism.war", "war.rate"),
        edge("parameters.trade", "mechanism.trade", "trade.a", "trade.b"),
        edge("mechanism.war", "mechanism.trade", "war.on", "war.over_by"),
        edge("lever.press", "mechanism.trade", "press"),
        edge("hypothesis.pay", "mechanism.trade", "pay"),
        edge("mechanism.trade", "mechanism.first", "trade.sum"),
        edge("mechanism.trade", "mechanism.second", "trade.sum"),
        edge("parameters.trade", "mechanism.first", "trade.a"),
        edge("parameters.trade", "mechanism.second", "trade.a"),
        edge("mechanism.trade", "metric.spillover", "trade.sum"),
    ]
    return InfluenceDiagram(**{"nodes": nodes, "edges": edges} | changes)


def test_boxes_hold_their_parameters_and_alike_ones_share_a_box() -> None:
    tree = html.fromstring(str(influence_picture(diagram())))
    boxes = {
        tuple(text.text for text in box.xpath(".//text")): box.xpath(".//rect")[0]
        for box in tree.xpath("//g[contains(@class, 'box')]")
    }
    assert set(boxes) == {
        ("press",),
        ("Who pays?",),
        ("war: end",),
        ("war", "1 prior"),
        ("trade", "2 priors", "12 claims"),
        ("first", "second"),
        ("Spill-over",),
    }
    # war before trade, trade before what reads it, levers left and metrics right of all
    x = {names[0]: float(rect.get("x")) for names, rect in boxes.items()}
    assert x["press"] < x["war"] < x["trade"] < x["first"] < x["Spill-over"]
    assert x["Who pays?"] < x["trade"]
    arrows = tree.xpath("//g[starts-with(@class, 'a')]")
    assert len(arrows) == 6
    assert len(tree.xpath("//g[contains(@class, 'from-hypothesis')]")) == 1


def test_the_picture_has_a_name_and_words() -> None:
    tree = html.fromstring(str(influence_picture(diagram())))
    ids = tree.get("aria-labelledby").split()
    texts = [tree.xpath(f"//*[@id='{name}']")[0].text for name in ids]
    assert texts[0] == "What reads what in the model"
    assert texts[1].startswith("seven boxes in layers from left to right and six arrows")
    assert tree.get("role") == "img"


def test_rows_say_what_each_reads_of_which() -> None:
    rows = influence_rows(diagram())
    assert list(rows) == [
        "Levers",
        "Hypotheses",
        "Chance",
        "Mechanisms, in the order in which they run",
        "Metrics",
    ]
    by_key = {row.key: row for kind in rows.values() for row in kind}
    assert by_key["mechanism.trade"].priors == 2

    def read_by(key: str) -> list[tuple[str, str]]:
        return [(read.target, read.via) for read in by_key[key].reads]

    assert read_by("mechanism.trade") == [
        ("mechanism.war", "on, over by"),
        ("lever.press", ""),
        ("hypothesis.pay", ""),
    ]
    # parameters have no row of their own: they stand with their mechanism
    assert read_by("mechanism.first") == [("mechanism.trade", "sum"), ("mechanism.trade", "parameters a")]
    assert read_by("metric.spillover") == [("mechanism.trade", "sum")]


def test_a_reading_in_a_circle_is_drawn_too() -> None:
    circle = diagram(edges=[*diagram().edges, edge("mechanism.first", "mechanism.war", "first.sum")])
    tree = html.fromstring(str(influence_picture(circle)))
    assert len(tree.xpath("//g[starts-with(@class, 'a')]")) == 8


def test_nothing_to_draw_gives_no_picture() -> None:
    assert influence_picture(InfluenceDiagram(nodes={}, edges=[])) == ""


def test_the_page_shows_the_picture_and_the_same_as_a_table() -> None:
    nodes = diagram().nodes | {"mechanism.trade": mechanism("trade", claims=3)}
    nodes["mechanism.trade"] = nodes["mechanism.trade"].model_copy(update={"title": HOSTILE})
    page = render_html(make_brief(claims=12, documents=4, estimates=3, influence=diagram(nodes=nodes)))
    assert lint(page) == []
    assert HOSTILE not in page
    tree = html.fromstring(page)
    ids = set(tree.xpath("//@id"))
    section = tree.get_element_by_id("influence")
    assert {href[1:] for href in section.xpath(".//a/@href")} <= ids
    row = tree.get_element_by_id("node-mechanism.first").text_content()
    assert "trade (sum)" in row
    assert "trade (parameters a)" in row
    assert len(section.xpath(".//svg")) == 1
