"""A small case of an invented country, complete and right, that tests spoil one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CASE = """\
title = "Crates for credit"
question = "Who gives what?"
start = 2020-01-01
decision_date = 2021-06-30
horizon = 2022-12-31
delta = 0.01
include = ["more.toml"]

[model]
mechanisms = ["war", { mechanism = "flow", name = "crates", packed = true, goods = ["a", "b"] }]

[[actor]]
id = "freedonia"
name = "Freedonia"
role = "sender"
aliases = ["Freedonian"]

[[quantity]]
id = "crates_delivered"
title = "Crates delivered"
unit = "crates"
kind = "cumulative"
scale = "log"
meaning = "Crates that Freedonia has delivered"
observes = { "" = "crates.delivered", capacity = "crates.capacity" }
low = 1.0
high = 1e6

[[quantity]]
id = "approval"
title = "Approval"
unit = "fraction"
kind = "share"
scale = "logit"
meaning = "Part of the public that approves"
report = false

[[quantity]]
id = "motive"
title = "Motives"
kind = "event"
scale = "identity"
meaning = "Why Freedonia gives"
report = false

[[option]]
id = "wait"
title = "Wait"
summary = "Nothing new."
levers = {}
start = 2021-07-01
months = 12
cost = { money = 0.0 }
baseline = true

[[option]]
id = "talk"
title = "Talk"
summary = "Talk to Freedonia."
levers = { words = 1.0 }
start = 2021-07-01
months = 12
cost = { money = 3 }

[[metric]]
id = "flow"
title = "Crates still delivered"
unit = "crates"
observable = "crates.delivered@gain"
direction = "lower"
worst = 100
best = 0
weight = 1.0
threshold = 50

[[topic]]
id = "T1"
title = "Crates"
question = "How many?"
quantities = ["crates_delivered", "motive"]
metrics = ["flow"]

[[ledger]]
id = "crates"
side = "gives"
title = "Crates"
quantity = "crates_delivered"
stage = "sent"
topic = "T1"

[[check]]
id = "double"
title = "Twice the crates"
topic = "T1"
formula = "2 * (crates + spare)"
unit = "crates"
low = 10
high = 30
[[check.input]]
name = "crates"
basis = "document"
claim = "F1"
[[check.input]]
name = "spare"
basis = "independent"
value = 2
unit = "crates"
source = "port records"

[[hypothesis]]
id = "reason"
title = "Why?"
[[hypothesis.state]]
id = "money"
title = "money"
prior = 0.6
[[hypothesis.state]]
id = "honour"
title = "honour"
prior = 0.4

[[intervention]]
id = "no_crates"
title = "No crates"
hold = { "crates.share" = 0.0 }
expect = [{ metric = "flow", sign = "-", reason = "nothing is left to deliver" }]
"""

MORE = """\
[[proposition]]
id = "freedonia_gives"
sentence = "Freedonia gives crates."
about = "event:supply"
observes = "crates.delivered"

[[proposition]]
id = "talk_helps"
sentence = "One should talk."
about = "option:talk"
"""

PRIORS = """\
["war.end_rate"]
distribution = "lognormal"
low = 0.1
high = 1.2
unit = "1/year"
source = "judgement"
known_by = 2021-01-01
before = { low = 0.05, high = 2.0 }

["crates.share"]
distribution = "logitnormal"
low = 0.1
high = 0.9
unit = "fraction"
source = "port records"
set_from = ["F2"]

["crates.start"]
distribution = "date"
low = 2020-02-01
high = 2020-08-01
unit = "date"
source = "judgement"
"""

SOURCES = """\
[[source]]
name = "Freedonia Gazette"
family = "press"
affiliation = "newspaper"
reliability = "B"
reason = "Careful attribution."
aliases = ["the Gazette"]

[[source]]
name = "Port authority"
family = "Freedonia"
affiliation = "agency"
reliability = "C"
reason = "Counts, but late."
"""

LEXICON = """\
[[entry]]
target = "crates_delivered"
kind = "quantity"
heads = ["crate*"]
near = [["sent", "deliver*"], "@freedonia"]
stage = "sent"

[[entry]]
target = "talk_helps"
kind = "proposition"
all_of = [["talk"]]
role = "recommendation"
"""

CLAIMS = "id,role\nF1,observation\nF2,observation\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a case without fault."""
    folder = tmp_path / "small"
    folder.mkdir()
    files = {"case.toml": CASE, "more.toml": MORE, "priors.toml": PRIORS, "sources.toml": SOURCES}
    for name, text in (files | {"lexicon.toml": LEXICON, "claims.csv": CLAIMS}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def spoil(small: Path) -> Callable[[str, str, str], Path]:
    """Change one place of one file of the case without fault, and give the folder back."""

    def change(name: str, old: str, new: str) -> Path:
        path = small / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return small

    return change
