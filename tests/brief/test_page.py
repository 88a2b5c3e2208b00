from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import lint, render_html, write_html
from quidproquo.brief.markup import anchor
from quidproquo.brief.sentences.choice import front_sentence
from quidproquo.study.schema.brief import Brief

HOSTILE = '<script>alert("x")</script> & <img src=x onerror=alert(1)>'
RTL = "قال المتحدث إن نحو 1500 صندوق عبرت الحدود"
LONG = "Donaudampfschifffahrt" * 40


@pytest.fixture(scope="session")
def tree(page: str) -> html.HtmlElement:
    return html.fromstring(page)


# what a comparison of fewer than two options doesn't find
NOTHING_DECIDED = {
    "unchanged": None,
    "leads": {},
    "worth": {},
    "components": {},
    "metric_weights": None,
    "information": None,
    "discovery": None,
    "signposts": None,
}


def broken_links(page: str) -> set[str]:
    tree = html.fromstring(page)
    ids = set(tree.xpath("//@id"))
    return {link for link in tree.xpath("//a/@href") if link.startswith("#") and link[1:] not in ids}


def test_no_line_ends_between_a_minus_and_a_dollar_sign(page: str) -> None:
    assert "−$" not in page


def test_every_internal_link_has_its_target(page: str) -> None:
    assert broken_links(page) == set()


def test_ids_are_unique(tree: html.HtmlElement) -> None:
    assert [name for name, count in Counter(tree.xpath("//@id")).items() if count > 1] == []


def test_every_claim_prior_option_and_estimate_has_an_anchor(brief: Brief, tree: html.HtmlElement) -> None:
    ids = set(tree.xpath("//@id"))
    wanted = {anchor("claim", claim.id) for claim in brief.claims}
    wanted |= {anchor("prior", name) for name in brief.assumptions}
    wanted |= {anchor("option", name) for name in brief.options}
    wanted |= {anchor("metric", name) for name in brief.metrics}
    wanted |= {anchor("estimate", name) for name in brief.estimates}
    wanted |= {anchor("source", document.id) for document in brief.documents}
    wanted |= {anchor("topic", key) for key in brief.topics}
    wanted |= {anchor("figure", figure.id) for topic in brief.topics.values() for figure in topic.figures}
    assert wanted - ids == set()


def test_every_number_in_key_judgements_is_a_link(tree: html.HtmlElement) -> None:
    items = tree.xpath("//ol[@class='judgements']/li")
    assert 5 <= len(items) <= 9
    for item in items:
        loose = "".join(item.xpath(".//text()[not(ancestor::a)]"))
        assert not re.search(r"\d", loose), loose


def test_the_page_passes_its_own_lint(page: str) -> None:
    assert lint(page) == []


def test_nothing_is_fetched(page: str, tree: html.HtmlElement) -> None:
    assert tree.xpath("//link | //img | //iframe | //object | //embed | //*[@src]") == []
    assert "@import" not in page
    assert not re.search(r"url\(\s*['\"]?(?!#)", page)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy[0].startswith("default-src 'none';")
    scripts = tree.xpath("//script")
    assert len(scripts) == 1
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(", scripts[0].text)


def test_headings_do_not_skip_a_level(tree: html.HtmlElement) -> None:
    levels = [int(node.tag[1]) for node in tree.xpath("//main//h1|//main//h2|//main//h3|//main//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_charts_have_words(tree: html.HtmlElement) -> None:
    assert tree.xpath("//table[not(caption)]") == []
    assert tree.xpath("//th[not(@scope)]") == []
    plates = tree.xpath("//*[contains(@class, 'plate')]")
    assert len(plates) > 30
    assert all(plate.get("role") == "img" and len(plate.get("aria-label")) > 20 for plate in plates)


def test_templates_have_no_long_lines() -> None:
    folder = Path(str(files("quidproquo.brief"))) / "templates"
    long = {
        f"{path.name}:{number}": len(line)
        for path in sorted(folder.glob("*.html.j2"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 150
    }
    assert long == {}


def test_the_ledger_names_only_reports_that_weigh_and_the_register_uses_titles(brief: Brief) -> None:
    line = brief.ledger[0]
    used, unused, *_ = line.claims
    changes = {
        used: {
            "used": True,
            "title": "Crates of the year",
            "speaker": "Ann Lee (Institute)",
            "origin": "Ann Lee",
        },
        unused: {
            "used": False,
            "proposition": "dprk_slug_x",
            "sentence": "Crates were sent.",
            "title": "Crates",
        },
    }
    claims = [claim.model_copy(update=changes.get(claim.id, {})) for claim in brief.claims]
    short = line.model_copy(update={"claims": [unused, used]})
    page = render_html(brief.model_copy(update={"claims": claims, "ledger": [short, *brief.ledger[1:]]}))
    tree = html.fromstring(page)
    (row,) = tree.xpath("//*[@id=$id]", id=f"ledger-{line.id}")
    said = row.text_content()
    assert used in said
    assert unused not in said
    entry = tree.xpath("//article[@id=$id]", id=f"claim-{unused}")[0].text_content()
    assert "Crates were sent" in entry
    assert "slug" not in entry
    own = tree.xpath("//article[@id=$id]", id=f"claim-{used}")[0].text_content()
    assert "on the word of" not in own


def test_where_few_options_are_dominated_these_are_named(brief: Brief) -> None:
    names = list(brief.options)
    few = brief.model_copy(update={"pareto_front": names[1:]})
    title = brief.options[names[0]].title
    assert str(front_sentence(few)).count("<a ") == 1
    assert title in str(front_sentence(few))
    all_of_them = brief.model_copy(update={"pareto_front": names})
    assert str(front_sentence(all_of_them)).startswith("No option dominates these: ")


def test_templates_hold_no_sentence() -> None:
    """Sentences are functions of findings, so that every output can use them."""
    folder = Path(str(files("quidproquo.brief"))) / "templates"
    found = {}
    for path in sorted(folder.glob("*.html.j2")):
        text = re.sub(
            r"{#.*?#}|{%.*?%}|<code>.*?</code>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        text = re.sub(r"{{.*?}}|<[^>]*>", "§", text, flags=re.DOTALL)
        sentences = re.findall(r"[A-Za-z][^§\n]*[a-z)]\.(?=[\s§]|$)", text)
        if sentences:
            found[path.name] = sentences
    assert found == {}


def test_landmarks_and_language(tree: html.HtmlElement) -> None:
    assert tree.get("lang") == "en"
    assert len(tree.xpath("//main")) == 1
    assert len(tree.xpath("//nav[@aria-label]")) == 1
    named = set(tree.xpath("//section/@aria-labelledby"))
    assert named <= set(tree.xpath("//@id"))


def test_contents_list_the_sections_in_their_order(tree: html.HtmlElement) -> None:
    listed = [href[1:] for href in tree.xpath("//nav//a/@href")]
    assert listed == tree.xpath("//main/section/@id")
    assert listed[:6] == ["judgements", "limits", "unchanged", "preferred", "weights", "components"]


def test_originals_are_quoted_in_context_and_digests_never(brief: Brief, tree: html.HtmlElement) -> None:
    claim = next(c for c in brief.claims if c.appearances and c.appearances[0].kind == "original")
    name = anchor("claim", claim.id)
    place = tree.xpath(f"//*[contains(@data-about, '{name} ')]")[0]
    assert place.xpath(".//q/mark")[0].text == claim.appearances[0].quote
    document = next(d for d in brief.documents if d.id == claim.appearances[0].document)
    shown = place.xpath(".//blockquote")[0].text_content()
    assert shown.replace("… ", "").replace(" …", "") in document.text
    digests = tree.xpath("//*[contains(@class, 'digest')]")
    assert digests
    assert not any(node.xpath(".//q|.//blockquote") for node in digests)
    assert all("our summary" in node.text_content() for node in digests)


def test_same_brief_gives_the_same_bytes(brief: Brief, page: str, tmp_path: Path) -> None:
    first = write_html(brief, tmp_path / "new" / "brief.html")
    assert first.read_bytes() == page.encode()


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    brief = make_brief(claims=12, documents=4, estimates=3)
    text = f"Before. {HOSTILE} {RTL} {LONG} After."
    documents = [
        d.model_copy(update={"text": text, "title": HOSTILE, "url": "javascript:alert(1)"})
        for d in brief.documents
    ]
    start = text.index(HOSTILE)
    claims = []
    for claim in brief.claims:
        appearances = [
            item.model_copy(
                update={"quote": HOSTILE, "start": start, "end": start + len(HOSTILE), "speakers": [HOSTILE]}
            )
            for item in claim.appearances
        ]
        changes = {"paraphrase": HOSTILE, "speaker": HOSTILE, "note": RTL, "appearances": appearances}
        claims.append(claim.model_copy(update={**changes, "url": "javascript:alert(1)", "family": HOSTILE}))
    options = {
        name: option.model_copy(update={"title": HOSTILE, "summary": LONG})
        for name, option in brief.options.items()
    }
    page = render_html(
        brief.model_copy(update={"documents": documents, "claims": claims, "options": options})
    )
    tree = html.fromstring(page)
    assert len(tree.xpath("//script")) == 1
    assert tree.xpath("//img") == []
    assert tree.xpath("//*[@onerror]") == []
    assert not any(str(href).startswith("javascript") for href in tree.xpath("//a/@href"))
    assert broken_links(page) == set()
    assert RTL in page


def test_quotation_marks_in_a_digest_are_taken_off() -> None:
    brief = make_brief(claims=6, documents=4, estimates=2)
    claims = [
        claim.model_copy(
            update={
                "appearances": [
                    item.model_copy(update={"kind": "digest", "quote": 'They said "many" crates.'})
                    for item in claim.appearances
                ]
            }
        )
        for claim in brief.claims
    ]
    documents = [d.model_copy(update={"kind": "digest"}) for d in brief.documents]
    page = render_html(brief.model_copy(update={"claims": claims, "documents": documents}))
    assert "They said ’many’ crates." in page
    assert lint(page) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"claims": 0},
        {"documents": 0},
        {"claims": 0, "documents": 0, "estimates": 0},
        {"estimates": 1},
    ],
)
def test_little_or_nothing_to_show(changes: dict[str, int]) -> None:
    brief = make_brief(**{"claims": 9, "documents": 3, "estimates": 2, **changes})
    page = render_html(brief)
    assert lint(page) == []
    assert broken_links(page) == set()


def test_one_option_and_empty_sections() -> None:
    whole = make_brief(claims=9, documents=3, estimates=2)
    name = "all_together"
    brief = whole.model_copy(
        update={
            "options": {name: whole.options[name]},
            "pareto_front": [name],
            "dominated": {},
            "hypotheses": {},
            "leverage": [],
            "weightings": [],
            "conflicts": [],
            "circular": [],
            "checks": {},
            "forecasts": [],
            "ledger": [],
            "priorities": [],
            **NOTHING_DECIDED,
        }
    )
    page = render_html(brief)
    assert lint(page) == []
    assert broken_links(page) == set()
    assert "The case declares no checks." in page


def test_no_option_at_all() -> None:
    whole = make_brief(claims=9, documents=3, estimates=2)
    nothing = whole.preferred.model_copy(update={"option": "", "options": []})
    changes = {"options": {}, "preferred": nothing, "pareto_front": [], "dominated": {}, "weightings": []}
    changes |= NOTHING_DECIDED
    page = render_html(whole.model_copy(update=changes))
    assert "No option was compared." in page
    assert broken_links(page) == set()


def test_a_tie_is_told_as_what_the_reports_do_not_settle() -> None:
    whole = make_brief(claims=9, documents=3, estimates=2)
    tied = whole.preferred.model_copy(
        update={"option": "", "options": ["coalition", "all_together"], "margin": 0.001, "mcse": 0.002}
    )
    page = render_html(whole.model_copy(update={"preferred": tied}))
    tree = html.fromstring(page)
    text = " ".join(tree.get_element_by_id("preferred").text_content().split())
    assert (
        "The reports do not settle which option is best. Two of 8 are tied over the set of weightings: "
        "“Act with a "
        "regional coalition” and “All measures"
    ) in text
    assert "The options that are tied" in text


def test_a_quote_that_is_not_in_the_snapshot_is_marked() -> None:
    brief = make_brief(claims=3, documents=2, estimates=1)
    claims = [
        claim.model_copy(
            update={
                "appearances": [
                    item.model_copy(update={"quote": "Never said."}) for item in claim.appearances
                ]
            }
        )
        for claim in brief.claims
    ]
    assert "not found word for word in the snapshot" in render_html(
        brief.model_copy(update={"claims": claims})
    )
    assert "not found word for word" not in render_html(brief)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("name", ["ink", "soft", "accent", "warn", "good"])
def test_text_stands_out_from_the_ground_in_every_scheme(page: str, scheme: str, name: str) -> None:
    found = re.findall(r":root\{([^}]*)\}", page)
    assert len(found) == 3
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", found[0]))
    later = {"light": "", "dark": found[1], "print": found[2]}[scheme]
    colours |= dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", later))
    if scheme == "print":
        colours["paper"] = "#ffffff"
    for ground in ("paper", "card", "tint"):
        if ground not in colours:
            continue
        pair = sorted([luminance(colours[name]), luminance(colours[ground])])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (scheme, name, ground)
