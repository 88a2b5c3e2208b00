# ruff: noqa: E501
"""Every way in which a case can be wrong, and the sentence that says so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quidproquo.cases import check_case, load_case
from quidproquo.cases.files import REQUIRED
from quidproquo.terms.errors import CaseError, ClaimError, PriorError

Spoil = Callable[[str, str, str], Path]

C, M, P, S, L = "case.toml", "more.toml", "priors.toml", "sources.toml", "lexicon.toml"

HEAD = '[[hypothesis]]\nid = "reason"'


def _with_total(old: str = "", new: str = "") -> tuple[str, str]:
    """A total put before the hypotheses, with one place spoilt."""
    total = """[[total]]
id = "sum"
title = "All crates"
topic = "T1"
claim = "F1"
by = ["reason"]
[[total.reading]]
id = "sent"
title = "crates sent"
formula = "2 * sent"
inputs = { sent = "crates.delivered" }
"""
    assert old in total
    return HEAD, total.replace(old, new) + HEAD


def _with_programme(name: str) -> tuple[str, str]:
    return HEAD, f'[[programme]]\nid = "{name}"\ntitle = "P"\nmilestone = "m"\ntopic = "T1"\n{HEAD}'


_OFFICES = '["Port authority", "Freedonia Gazette"]'
_BEARS = 'bears = { reason = { money = [0.2, 0.4], honour = [0.2, 0.4] } }\nreason = "so"'


def _with_person(offices: str, more: str = "") -> tuple[str, str]:
    old = 'reason = "Counts, but late."'
    return old, f'{old}\n[[person]]\nname = "Ann Low"\nreason = "two posts"\noffices = {offices}\n{more}'


def _bears(table: str, why: str = 'reason = "so"') -> tuple[str, str]:
    old = 'about = "option:talk"'
    return old, f"{old}\nbears = {table}\n{why}"


SPOILT = {
    # fields as such
    "key unknown": (C, 'unit = "crates"\nkind', 'unti = "x"\nunit = "crates"\nkind', r"quantity 'crates_delivered': key is 'unti', .*; write 'unit' instead\."),
    "key unknown at the top": (C, "delta", "dleta", r"case\.toml: key is 'dleta'"),
    "field missing": (C, 'title = "Approval"\n', "", r"quantity 'approval': title is 'missing', but it must be text; add it\."),
    "text empty": (C, 'title = "Approval"', 'title = " "', r"quantity 'approval': title is ' '.*isn't empty"),
    "not a text": (C, 'title = "Approval"', "title = 3", r"quantity 'approval': title is 3.*quotation marks"),
    "not a number": (C, "worst = 100", 'worst = "much"', r"metric 'flow': worst is 'much'.*a number"),
    "not finite": (C, "worst = 100", "worst = inf", r"metric 'flow': worst is inf.*finite"),
    "not a flag": (C, "report = false", "report = 0", r"quantity 'approval': report is 0.*true or false"),
    "not a day": (C, "horizon = 2022-12-31", 'horizon = "late 2022"', r"horizon is 'late 2022'.*2024-10-23"),
    "not whole": (C, "months = 12", "months = 1.5", r"option 'wait': months is 1\.5.*whole number"),
    "not a list": (C, 'aliases = ["Freedonian"]', 'aliases = "F"', r"actor 'freedonia': aliases is 'F'.*list of texts"),
    "not a table of texts": (C, "levers = {}", "levers = {}\nparts = 3", r"option 'wait': parts is '3'|parts is 3"),
    "a part that is no lever": (
        C,
        "levers = {}",
        'levers = {}\nparts = { pay = "Higher pay" }',
        r"option 'wait': parts is 'pay', but it must be one of its levers, none",
    ),
    "not a table of numbers": (C, "levers = {}", 'levers = "all"', r"option 'wait': levers is 'all'"),
    "not an array of tables": (C, "[[topic]]", "[topic]", r"topic is .*\[\[topic\]\]; double the square"),
    "id malformed": (C, 'id = "approval"', 'id = "app roval"', r"id is 'app roval'.*underscores"),
    "id twice": (C, 'id = "approval"', 'id = "motive"', r"quantity 'motive': id is 'motive'.*used once"),
    # quantities
    "kind": (C, 'kind = "cumulative"', 'kind = "cumulativ"', r"kind is 'cumulativ'.*write 'cumulative' instead"),
    "scale": (C, 'scale = "log"', 'scale = "lin"', r"scale is 'lin'.*one of log, logit, count, identity"),
    "event with a unit": (C, 'title = "Motives"', 'title = "Motives"\nunit = "reasons"', r"kind is 'event'.*'reasons'"),
    "no unit": (C, 'unit = "crates"\nkind', "kind", r"'crates_delivered': unit is ''.*kind 'cumulative'"),
    "logit without fraction": (C, 'unit = "fraction"', 'unit = "ratio"', r"'approval': unit is 'ratio'.*logit"),
    "share without fraction": (C, 'unit = "fraction"\nkind = "share"\nscale = "logit"', 'unit = "crates"\nkind = "share"\nscale = "log"', r"'approval': unit is 'crates'.*for a share"),
    "rate without time": (C, 'kind = "cumulative"', 'kind = "rate"', r"unit is 'crates'.*per time for a rate"),
    "stock with time": (C, 'unit = "crates"\nkind', 'unit = "crates/month"\nkind', r"'crates/month'.*not per anything"),
    "range upside down": (C, "low = 1.0", "low = 1e7", r"'crates_delivered': low is 1e\+?0?7|low is 10000000"),
    "range without one end": (C, "high = 1e6", "", r"'crates_delivered': high is 'missing'.*other end"),
    "range missing": (C, "low = 1.0\nhigh = 1e6", "", r"'crates_delivered': low is 'missing'.*observes something"),
    "range below the unit": (C, "low = 1.0", "low = -1.0", r"low is -1\.0.*0 or more"),
    "range at zero": (C, "low = 1.0", "low = 0", r"low is 0\.0.*above 0 on the log scale"),
    "observable malformed": (C, 'capacity = "crates.capacity"', 'capacity = "capacity"', r"observes is 'capacity'.*mechanism\.output"),
    "observable of no mechanism": (C, 'capacity = "crates.capacity"', 'capacity = "crate.capacity"', r"observes is 'crate\.capacity'.*write 'crates' instead"),
    "observes a number": (C, '{ "" = "crates.delivered", capacity = "crates.capacity" }', "3", r"observes is 3"),
    "clock": (C, "delta", 'clock = "birth"\ndelta', r"clock is 'birth'.*one of published, event"),
    "period not a flag": (C, "report = false", "per_event = 1", r"per_event is 1.*true or false"),
    # interventions
    "nothing held": (C, 'hold = { "crates.share" = 0.0 }', "hold = {}", r"intervention 'no_crates': hold is 'nothing'.*name what is held"),
    "held without a prior": (C, 'hold = { "crates.share"', 'hold = { "crates.shore"', r"intervention 'no_crates': prior is 'crates\.shore'.*write 'crates\.share' instead"),
    "sign": (C, 'sign = "-"', 'sign = "down"', r"intervention 'no_crates', sign number 1: sign is 'down'.*one of \+, -, 0, \?"),
    "sign without a reason": (C, ', reason = "nothing is left to deliver"', "", r"reason is 'missing'"),
    "sign of no metric": (C, '{ metric = "flow", sign', '{ metric = "flew", sign', r"intervention 'no_crates': metrics is 'flew'.*write 'flow' instead"),
    "metric without a sign": (C, '[{ metric = "flow", sign = "-", reason = "nothing is left to deliver" }]', "[]", r"intervention 'no_crates': expect is \"0 signs for metric 'flow'\".*one sign for every metric"),
    # propositions
    "about malformed": (M, 'about = "event:supply"', 'about = "supply"', r"'freedonia_gives': about is 'supply'"),
    "about an unknown option": (M, '"option:talk"', '"option:tlak"', r"option is 'tlak'.*write 'talk' instead"),
    # dates, options, metrics
    "dates out of order": (C, "decision_date = 2021-06-30", "decision_date = 2019-01-01", r"decision_date is 2019-01-01.*after 2020-01-01"),
    "horizon too early": (C, "horizon = 2022-12-31", "horizon = 2021-06-30", r"horizon is 2021-06-30.*after 2021-06-30"),
    "option too early": (C, "start = 2021-07-01", "start = 2021-05-01", r"option 'wait': start is 2021-05-01"),
    "no baseline": (C, "baseline = true", "baseline = false", r"options: baseline is 'no option'.*exactly one"),
    "two baselines": (C, "cost = { money = 3 }", "cost = { money = 3 }\nbaseline = true", r"baseline is 'wait, talk'"),
    "cost below zero": (C, "money = 3", "money = -3", r"option 'talk': cost\.money is -3"),
    "anchors equal": (C, "worst = 100", "worst = 0", r"metric 'flow': worst is 0\.0.*different from best"),
    "direction": (C, 'direction = "lower"', 'direction = "higher"', r"metric 'flow': direction is 'higher'.*towards best"),
    "weight below zero": (C, "weight = 1.0", "weight = -1.0", r"metric 'flow': weight is -1\.0"),
    "weights all zero": (C, "weight = 1.0", "weight = 0", r"metrics: weight is '0 for all'"),
    "weights too large": (C, "weight = 1.0", "weight = 1e308", r"metrics: weight is '1e\+308 in all'.*at most 1e\+09"),
    "weights from without to": (C, "weight = 1.0", "weight = 1.0\nweight_low = 0.5", r"metric 'flow': weight_low is 0\.5.*given where weight_high is"),
    "weights beside the weight": (C, "weight = 1.0", "weight = 1.0\nweight_low = 2\nweight_high = 3", r"metric 'flow': weight_low is '2 to 3'.*around the weight, 1"),
    "side of no side": (C, "weight = 1.0", 'weight = 1.0\nside = "takes"', r"metric 'flow': side is 'takes'.*one of gives, gets"),
    "threshold outside": (C, "threshold = 50", "threshold = 200", r"threshold is 200\.0.*from 0 to 100"),
    "metric observes nothing": (C, "crates.delivered@gain", "crates", r"metric 'flow': observable is 'crates'"),
    "delta below zero": (C, "delta = 0.01", "delta = -1", r"delta is -1\.0"),
    # model
    "model missing": (C, "[model]", "[models]", r"model is 'missing'"),
    "mechanisms empty": (C, 'mechanisms = ["war",', 'mechanisms = []\nmechanism = ["war",', r"mechanisms is \[\]"),
    "mechanism twice": (C, 'name = "crates"', 'name = "war"', r"mechanisms is 'war'.*named once"),
    "mechanism a number": (C, '["war",', "[3,", r"mechanism number 1 is 3"),
    "priors of states": (C, "prior = 0.6", "prior = 0.7", r"hypothesis 'reason': prior is '1\.1 in all'.*1 in all"),
    "prior of a state": (C, "prior = 0.6", "prior = 1.6", r"state 'money': prior is 1\.6.*probability"),
    "one state": (C, '[[hypothesis.state]]\nid = "honour"\ntitle = "honour"\nprior = 0.4\n', "", r"'reason': state is '1 states'"),
    "states alike": (C, 'id = "honour"', 'id = "money"', r"'reason': state is 'money, money'"),
    # topics, ledger, checks
    "topic quantity": (C, '["crates_delivered", "motive"]', '["crates_deliverd"]', r"topic 'T1': quantities is 'crates_deliverd'.*a declared quantity; write 'crates_delivered' instead"),
    "topic metric": (C, 'metrics = ["flow"]', 'metrics = ["flows"]', r"topic 'T1': metrics is 'flows'.*a declared metric"),
    "ledger side": (C, 'side = "gives"', 'side = "takes"', r"ledger line 'crates': side is 'takes'.*gives, gets"),
    "ledger stage": (C, 'stage = "sent"', 'stage = "send"', r"stage is 'send'.*write 'sent' instead"),
    "ledger topic": (C, 'stage = "sent"\ntopic = "T1"', 'stage = "sent"\ntopic = "T2"', r"ledger line 'crates': topic is 'T2'"),
    "check claim": (C, 'claim = "F1"', 'claim = "F9"', r"check 'double', input 'crates': claim is 'F9'.*a declared claim"),
    "check basis": (C, 'basis = "document"', 'basis = "documents"', r"basis is 'documents'.*write 'document'"),
    "check without source": (C, 'source = "port records"', "", r"input 'spare': source is 'missing'"),
    "check with claim and value": (C, 'claim = "F1"', 'claim = "F1"\nvalue = 3', r"input 'crates': value is 'both given'"),
    "check without number": (C, 'claim = "F1"', "", r"input 'crates': value is 'missing'"),
    "check formula": (C, "2 * (crates + spare)", "2 ** crates + spare", r"formula is '2 \*\* crates \+ spare'.*\+ - \* /"),
    "check names": (C, "2 * (crates + spare)", "crates + spare + more", r"formula is .*made of the inputs crates, spare"),
    "check unused": (C, "2 * (crates + spare)", "2 * crates", r"check 'double': input is 'spare'.*used in the formula"),
    # totals and programmes
    "total's claim": (C, *_with_total('"F1"', '"F9"'), r"total 'sum': claim is 'F9'.*a declared claim"),
    "total's hypothesis": (C, *_with_total('["reason"]', '["raison"]'), r"total 'sum': hypothesis is 'raison'.*'reason'"),
    "total's formula": (C, *_with_total("2 * sent", "2 ** sent"), r"reading 'sent': formula is '2 \*\* sent'.*\+ - \* /"),
    "total's names": (C, *_with_total("2 * sent", "2 * come"), r"reading 'sent': inputs is '(come|sent)'.*the names that the formula uses"),
    "total's input malformed": (C, *_with_total("crates.delivered", "delivered"), r"inputs is 'delivered'.*mechanism\.output"),
    "total's input of no mechanism": (C, *_with_total("crates.delivered", "crate.delivered"), r"total 'sum': inputs is 'crate\.delivered'.*write 'crates' instead"),
    "total's inputs no table": (C, *_with_total('{ sent = "crates.delivered" }', "3"), r"reading 'sent': inputs is 3.*a table"),
    "programme of no mechanism": (C, *_with_programme("rocket"), r"programme 'rocket': mechanism is 'rocket'.*a declared mechanism"),
    "check range": (C, "low = 10", "low = 40", r"check 'double': low is 40\.0.*no greater than high, 30"),
    "include of a scalar": (M, "[[proposition]]", 'title = "x"\n[[proposition]]', r"more\.toml: title is 'x'.*move it to case\.toml"),
    # priors
    "prior upside down": (P, "low = 0.1\nhigh = 1.2", "low = 3\nhigh = 1.2", r"prior 'war\.end_rate': low is 3\.0, but it must be no greater than high, 1\.2; swap the two\."),
    "prior without width": (P, "low = 0.1\nhigh = 1.2", "low = 1.2\nhigh = 1.2", r"low is 1\.2.*unless the distribution is fixed"),
    "prior fixed and wide": (P, '"lognormal"', '"fixed"', r"'war\.end_rate': high is 1\.2.*equal to low"),
    "prior at zero": (P, "low = 0.1\nhigh = 1.2", "low = 0\nhigh = 1.2", r"low is 0\.0.*above 0 for a lognormal"),
    "prior of a share": (P, "high = 0.9", "high = 1.0", r"'crates\.share': high is 1\.0.*strictly between 0 and 1"),
    "prior distribution": (P, '"logitnormal"', '"logit"', r"distribution is 'logit'.*write 'logitnormal' instead"),
    "prior form before": (P, "before = { low = 0.05", "before = { low = 5", r"'war\.end_rate': before\.low is 5\.0"),
    "prior form before without day": (P, "known_by = 2021-01-01\n", "", r"'war\.end_rate': known_by is 'missing'"),
    "prior form before malformed": (P, "before = { low = 0.05, high = 2.0 }", "before = 3", r"before is 3"),
    "prior set from no claim": (P, '["F2"]', '["F3"]', r"prior 'crates\.share': set_from is 'F3'"),
    "prior of no mechanism": (P, '["war.end_rate"]', '["wars.end_rate"]', r"prior 'wars\.end_rate': name is .*write 'war' instead"),
    "prior unquoted": (P, '["war.end_rate"]', "[war.end_rate]", r"prior 'war': name is 'war'.*put it in quotation marks"),
    "prior a number": (P, '["war.end_rate"]', 'x = 3\n["war.end_rate"]', r"priors\.toml: x is 3.*write it as a table"),
    # sources and lexicon
    "reliability": (S, 'reliability = "B"', 'reliability = "G"', r"source 'Freedonia Gazette': reliability is 'G'.*A, B, C, D, E, F"),
    "alias of two": (S, 'reason = "Counts, but late."', 'reason = "Late."\naliases = ["The Gazette"]', r"source 'Port authority': aliases is 'The Gazette'.*'Freedonia Gazette'"),
    "source twice": (S, '"Port authority"', '"Freedonia Gazette"', r"name is 'Freedonia Gazette'.*used once"),
    "person without offices": (S, *_with_person('["Port authority"]'), r"person 'Ann Low': offices is 'Port authority'.*two or more"),
    "person of the same office twice": (S, *_with_person('["Port authority", "Port authority"]'), r"'Ann Low': offices is .*different sources"),
    "person of no source": (S, *_with_person('["Port authority", "Port autority"]'), r"offices is 'Port autority'.*write 'Port authority' instead"),
    "person twice": (S, *_with_person(_OFFICES, 'aliases = ["ann low"]\n[[person]]\nname = "Ann Low"\nreason = "r"\noffices = ' + _OFFICES), r"person 'Ann Low': name is 'Ann Low'.*belongs to"),
    # how far a proposition speaks to answers
    "bears unfit": (M, *_bears("3"), r"proposition 'talk_helps': bears is 3.*hypothesis = \{ state"),
    "bears a list": (M, *_bears("{ reason = [0.1, 0.2] }"), r"bears is \{'reason': \[0\.1, 0\.2\]\}"),
    "bears nothing": (M, *_bears("{}"), r"bears is 'empty'"),
    "bears without reason": (M, *_bears("{ reason = { money = [0.2, 0.4], honour = [0.2, 0.4] } }", why=""), r"reason is 'missing'.*add it"),
    "bears on no hypothesis": (M, *_bears("{ raison = { money = [0.2, 0.4] } }"), r"bears is 'raison'.*write 'reason' instead"),
    "bears on no state": (M, *_bears("{ reason = { money = [0.2, 0.4], honor = [0.2, 0.4] } }"), r"bears is 'honor'.*write 'honour' instead"),
    "bears on some states": (M, *_bears("{ reason = { money = [0.2, 0.4] } }"), r"bears is \"no chance for 'honour'\""),
    "bears backwards": (M, *_bears("{ reason = { money = [0.4, 0.2], honour = [0.2, 0.4] } }"), r"bears\.reason\.money is 0\.4.*no greater than high"),
    "bears surely": (M, *_bears("{ reason = { money = [0.4, 1.0], honour = [0.2, 0.4] } }"), r"bears\.reason\.money is 1\.0.*rules an answer out"),
    "bears one number": (M, *_bears("{ reason = { money = [0.4], honour = [0.2, 0.4] } }"), r"bears\.reason\.money is \[0\.4\].*two chances"),
    "bears and observes": (M, 'observes = "crates.delivered"', 'observes = "crates.delivered"\n' + _BEARS, r"'freedonia_gives': observes is 'crates\.delivered'.*one of the two"),
    "reason beside nothing": (M, 'about = "option:talk"', 'about = "option:talk"\nreason = "so"', r"reason is 'so'.*beside bears only"),
    "lasting": (M, 'about = "option:talk"', 'about = "option:talk"\nlasting = "yes"', r"lasting is 'yes'.*true or false"),
    "cost source": (C, "cost = { money = 3 }", 'cost = { money = 3 }\ncost_source = 3', r"option 'talk': cost_source is 3.*quotation marks"),
    "target": (L, '"talk_helps"', '"talk_help"', r"lexicon entry for 'talk_help': target is .*write 'talk_helps' instead"),
    "target an event": (L, 'target = "crates_delivered"', 'target = "motive"', r"'motive': target is 'motive'"),
    "entry stage": (L, 'stage = "sent"', 'stage = "gone"', r"stage is 'gone'.*sought, promised"),
    "entry actor": (L, '"@freedonia"', '"@fredonia"', r"actor is 'fredonia'.*write 'freedonia' instead"),
    "entry without words": (L, 'heads = ["crate*"]\nnear = [["sent", "deliver*"], "@freedonia"]', "", r"'crates_delivered': heads is 'missing'"),
    "proposition without words": (L, 'all_of = [["talk"]]', "", r"'talk_helps': all_of is 'missing'"),
    "groups not a list": (L, '[["sent", "deliver*"], "@freedonia"]', '"sent"', r"near is 'sent'.*square brackets"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_said_in_one_sentence(name: str, spoil: Spoil) -> None:
    file, old, new, expected = SPOILT[name]
    folder = spoil(file, old, new)
    problems = check_case(folder)
    matching = [problem for problem in problems if re.search(expected, str(problem))]
    assert matching, [str(problem) for problem in problems]
    for problem in problems:
        assert problem.sentence.endswith(".")
        assert "\n" not in problem.sentence
    with pytest.raises(PriorError if problems[0].file == P else CaseError):
        load_case(folder)


@pytest.mark.parametrize("name", [name for name in SPOILT if SPOILT[name][0] in {P, S}])
def test_one_fault_gives_one_problem(name: str, spoil: Spoil) -> None:
    file, old, new, _ = SPOILT[name]
    assert len(check_case(spoil(file, old, new))) <= 2


def test_all_problems_are_found_at_once(spoil: Spoil) -> None:
    spoil(C, "worst = 100", "worst = 0")
    spoil(P, "low = 0.1\nhigh = 1.2", "low = 3\nhigh = 1.2")
    spoil(S, 'reliability = "B"', 'reliability = "G"')
    folder = spoil(L, '"@freedonia"', '"@fredonia"')
    assert {problem.file for problem in check_case(folder)} == {C, P, S, L}
    with pytest.raises(CaseError, match=r"metric 'flow'.*; 'qpq check' lists 3 more problems\."):
        load_case(folder)


def test_an_impossible_prior_is_a_prior_error(spoil: Spoil) -> None:
    folder = spoil(P, "low = 0.1\nhigh = 1.2", "low = 3\nhigh = 1.2")
    expected = r"^priors\.toml: prior 'war\.end_rate': low is 3\.0, but it must be no greater than high, 1\.2; swap the two\.$"
    with pytest.raises(PriorError, match=expected):
        load_case(folder)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file_is_named(name: str, small: Path) -> None:
    (small / name).unlink()
    with pytest.raises(CaseError, match=rf"case 'small': {re.escape(name)} is 'missing'.*; add the file\."):
        load_case(small)
    if name != "case.toml":
        assert [problem.file for problem in check_case(small)] == [name]


def test_all_missing_files_are_named_at_once(small: Path) -> None:
    for name in REQUIRED[1:]:
        (small / name).unlink()
    assert [problem.file for problem in check_case(small)] == list(REQUIRED[1:])


def test_a_missing_part_is_named(small: Path) -> None:
    (small / "more.toml").unlink()
    with pytest.raises(CaseError, match=r"more\.toml is 'missing'"):
        load_case(small)
    assert len(check_case(small)) == 1


def test_toml_that_cannot_be_read_is_a_case_error(small: Path) -> None:
    (small / "priors.toml").write_text("low = ", encoding="utf-8")
    with pytest.raises(CaseError, match=r"priors\.toml is .*a valid TOML file"):
        load_case(small)
    (small / "priors.toml").write_text('x = 1\ntitle = "unclosed\n', encoding="utf-8")
    with pytest.raises(CaseError) as told:
        load_case(small)
    assert str(told.value).endswith(
        "priors.toml is not readable from line 2, column 18 on (illegal character '\\n'), but it must be a valid TOML "
        "file; close the quotation mark in that line."
    )
    (small / "priors.toml").write_bytes(b'x = "\xff"')
    with pytest.raises(CaseError, match=r"priors\.toml is 'not UTF-8'"):
        load_case(small)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            "id,paraphrase\nF1,Café\n".encode("latin-1"),
            "claim table 'claims.csv': encoding is 'byte 0xe9 at position 20', but it must be UTF-8 throughout; save the table as 'CSV UTF-8'.",
        ),
        (
            b"id;role\nF1;observation\n",
            "claim table 'claims.csv': delimiter is ';', but it must be a comma; export the table again with commas between the columns.",
        ),
        (
            b"Id,role\nF1,observation\n",
            "claim table 'claims.csv': missing column is 'id', but it must be named in the header line; rename the column 'Id'.",
        ),
    ],
)
def test_a_table_of_claims_that_is_none_is_one_sentence(small: Path, data: bytes, message: str) -> None:
    """Nothing that refers to a claim is blamed for a table that can't be read."""
    (small / "claims.csv").write_bytes(data)
    with pytest.raises(ClaimError) as error:
        load_case(small)
    assert str(error.value) == message
    assert [problem.sentence for problem in check_case(small)] == [message]


@given(data=st.binary(max_size=60), name=st.sampled_from([C, P, S, L, "claims.csv"]))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_of_any_kind_give_problems_or_nothing_worse(small: Path, data: bytes, name: str) -> None:
    path = small / name
    whole = path.read_bytes()
    try:
        path.write_bytes(data)
        problems = check_case(small)
        assert all(problem.sentence.endswith(".") for problem in problems)
        if problems:
            with pytest.raises((CaseError, PriorError, ClaimError)):
                load_case(small)
        else:
            assert load_case(small).title == "Crates for credit"
    finally:
        path.write_bytes(whole)


@given(
    value=st.one_of(st.integers(), st.booleans(), st.text(max_size=5), st.lists(st.integers(), max_size=2))
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("key", ["title", "start", "delta", "quantity", "model", "metric", "include"])
def test_a_field_of_any_type_is_judged_not_crashed_on(small: Path, key: str, value: object) -> None:
    path = small / "case.toml"
    whole = path.read_text(encoding="utf-8")
    if "\x7f" in str(value):
        return
    lines = [line for line in whole.splitlines() if not line.startswith(f"{key} = ")]
    cut = lines.index("[model]")
    spoilt = f"{key} = {json.dumps(value)}\n" + "\n".join(lines[:cut])
    try:
        path.write_text(spoilt, encoding="utf-8")
        problems = check_case(small)
        assert problems
        assert all(problem.sentence.endswith(".") for problem in problems)
    finally:
        path.write_text(whole, encoding="utf-8")
