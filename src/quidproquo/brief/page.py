"""The page: everything that the templates need, put together and rendered."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from quidproquo.brief.appendix import (
    chance_bars,
    count_outside,
    pit_picture,
    rank_kinds,
    rank_name,
    rank_picture,
)
from quidproquo.brief.decision_rows import component_rows, draw_rows, move_rows, report_rows, turning_rows
from quidproquo.brief.fan import off_chart
from quidproquo.brief.influence import answer_titles, influence_picture, influence_rows
from quidproquo.brief.judgements import cautions, key_judgements, weighting_outcomes
from quidproquo.brief.leverage_rows import step_row, weighting_rows
from quidproquo.brief.markup import anchor, join, link, outside, unquoted
from quidproquo.brief.natural import cost_words
from quidproquo.brief.numerals import (
    amount,
    claim_amount,
    date_words,
    plain,
    range_words,
    share,
    shifted,
    signed,
    unit_words,
)
from quidproquo.brief.provenance import prior_rows
from quidproquo.brief.rows import metric_rows, option_rows
from quidproquo.brief.scenario_rows import box_rows, leaf_rows, watched_rows
from quidproquo.brief.sentences.answers import (
    answer_sentence,
    answer_sure,
    matrix,
    matrix_sentence,
    odds,
)
from quidproquo.brief.sentences.calibration import backtest_sentence, exposure_words
from quidproquo.brief.sentences.checks import basis_words, check_verdict
from quidproquo.brief.sentences.choice import (
    chosen_sentence,
    dominated_sentences,
    front_sentence,
    settled_sentence,
)
from quidproquo.brief.sentences.conflicts import (
    circular_sentence,
    conflict_about,
    conflict_sentence,
    other_origin,
)
from quidproquo.brief.sentences.decisions import (
    bundle_sentences,
    lead_sentences,
    leading,
    metric_weight_sentences,
    tie_sentences,
    turning_sentences,
    unchanged_sentences,
)
from quidproquo.brief.sentences.dependence import dependence_sentences, reason_sentence
from quidproquo.brief.sentences.estimates import estimate_numbers, estimate_sentence, rests_on_sentence
from quidproquo.brief.sentences.fit import fit_sentence
from quidproquo.brief.sentences.forecasts import forecasts_sentence
from quidproquo.brief.sentences.information import information_sentences
from quidproquo.brief.sentences.limits import limits
from quidproquo.brief.sentences.run import (
    exact_sentence,
    hindsight_sentence,
    judged_without_sentence,
    stale_sentence,
    tested_sentence,
)
from quidproquo.brief.sentences.scenarios import adaptive_sentences, discovery_sentences, warning_sentences
from quidproquo.brief.sentences.ties import chosen
from quidproquo.brief.smallest import searched_words, smallest_sentence
from quidproquo.brief.totals import SIGNS, agreement, cells_of, chance, compact, heads, tally
from quidproquo.brief.view import View, chart_label, words
from quidproquo.brief.what_if import choice_sentence, moved_rows, still_sentence
from quidproquo.brief.wording import (
    ess_sentence,
    grade_words,
    number_words,
    option_links,
)
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.influence import spelled_out
from quidproquo.terms.grades import LIKELIHOODS
from quidproquo.terms.printable import printable

if TYPE_CHECKING:
    import jinja2

__all__ = ["render_html", "write_html"]


_JOINER = "\u2060"  # no line ends between a minus and a dollar sign, where browsers would break it
_CONTENTS = (
    ("judgements", "Key judgements"),
    ("limits", "Limits"),
    ("unchanged", "What no option changes"),
    ("preferred", "The choice"),
    ("weights", "What would turn it"),
    ("components", "What the bundles need"),
    ("ledger", "What each side gives and gets"),
    ("estimates", "Dated estimates"),
    ("options", "Options compared"),
    ("hypotheses", "Hypotheses"),
    ("leverage", "What moves the conclusion"),
    ("discovery", "Where it goes wrong"),
    ("signposts", "What to watch"),
    ("information", "What is worth knowing"),
    ("what-ifs", "What-ifs that were kept"),
    ("conflicts", "Conflicts and circular reports"),
    ("checks", "Checks"),
    ("basis", "What the numbers rest on"),
    ("appendix", "Appendix"),
    ("influence", "The model"),
    ("assumptions", "Assumptions"),
    ("forecasts", "Forecasts"),
    ("misfit", "Misfit"),
    ("calibration", "Calibration"),
    ("diagnostics", "Diagnostics"),
    ("sources", "Sources"),
    ("claims", "Register of claims"),
)


def render_html(brief: Brief) -> str:
    """The brief as one self-contained page of HTML."""
    environment = _environment()
    view = View(brief)
    record = brief.backtest.record
    page = environment.get_template("brief.html.j2").render(
        view=view,
        brief=brief,
        contents=_contents(brief),
        calibration_days=[date_words(day) for day in record.as_of] if record else [],
        cautions=cautions(brief),
        judgements=key_judgements(brief),
        chosen=chosen(brief),
        likelihoods=LIKELIHOODS,
        influence_picture=influence_picture(brief.influence),
        influence_rows=influence_rows(brief.influence),
        pit_picture=pit_picture(record.pit) if record else Markup(""),
        rank_picture=rank_picture(brief.ranks) if brief.ranks else Markup(""),
        weightings=weighting_outcomes(brief),
    )
    return page.replace("−$", f"−{_JOINER}$")


def _contents(brief: Brief) -> list[tuple[str, str]]:
    """The sections of a page; some stand only where there is something to say."""
    there: dict[str, object] = {
        "unchanged": brief.unchanged,
        "weights": brief.leads or brief.metric_weights,
        "components": brief.components,
        "discovery": brief.discovery,
        "signposts": brief.signposts,
        "information": brief.information or brief.priorities,
        "what-ifs": brief.what_ifs,
    }
    return [entry for entry in _CONTENTS if there.get(entry[0], True)]


def write_html(brief: Brief, path: Path | str) -> Path:
    """Write the page; the folder is made if it is missing."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(printable(render_html(brief)), encoding="utf-8", newline="\n")
    return target


_FUNCTIONS: tuple[Callable[..., object], ...] = (
    adaptive_sentences,
    agreement,
    amount,
    anchor,
    answer_sentence,
    answer_sure,
    answer_titles,
    backtest_sentence,
    basis_words,
    box_rows,
    bundle_sentences,
    cells_of,
    chance,
    chance_bars,
    chart_label,
    check_verdict,
    choice_sentence,
    chosen_sentence,
    compact,
    component_rows,
    conflict_about,
    circular_sentence,
    conflict_sentence,
    cost_words,
    count_outside,
    dependence_sentences,
    discovery_sentences,
    dominated_sentences,
    draw_rows,
    ess_sentence,
    estimate_numbers,
    estimate_sentence,
    exact_sentence,
    exposure_words,
    fit_sentence,
    forecasts_sentence,
    front_sentence,
    grade_words,
    heads,
    hindsight_sentence,
    information_sentences,
    join,
    judged_without_sentence,
    lead_sentences,
    leading,
    leaf_rows,
    limits,
    link,
    matrix,
    matrix_sentence,
    metric_rows,
    metric_weight_sentences,
    move_rows,
    moved_rows,
    number_words,
    odds,
    off_chart,
    option_links,
    option_rows,
    outside,
    prior_rows,
    range_words,
    rank_kinds,
    rank_name,
    reason_sentence,
    report_rows,
    rests_on_sentence,
    searched_words,
    settled_sentence,
    shifted,
    smallest_sentence,
    spelled_out,
    stale_sentence,
    step_row,
    still_sentence,
    tally,
    tested_sentence,
    tie_sentences,
    turning_rows,
    turning_sentences,
    unchanged_sentences,
    unit_words,
    unquoted,
    warning_sentences,
    watched_rows,
    weighting_rows,
)
"""What templates may call."""


@cache
def _environment() -> jinja2.Environment:
    """Set up once: templates are compiled when they are first used."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("quidproquo.brief"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update({function.__name__: function for function in _FUNCTIONS}, signs=SIGNS)
    environment.filters.update(
        claim_amount=claim_amount,
        dates=date_words,
        other_origin=other_origin,
        plain=plain,
        share=share,
        signed=signed,
        words=words,
    )
    return environment
