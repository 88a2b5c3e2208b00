"""Forms of report: what is reported, and how it scatters about what a world says.

Each form is one class in one file, with `log_density`, `cdf` and `draw`. Conditioning, predictive
distributions, back-tests, planted truths and published totals all use these.

To add a form of report:

1. write a subclass of `Form` in a file of its own. Its fields are columns of `Likelihood`; a new column
   is added there and to `layout.COLUMNS`;
2. say in `matches` which claims have the form, and in `columns` what their rows hold;
3. write `density` (with library-neutral operations: it runs in JAX and in NumPy), `cdf`, `draw` and
   `observe`;
4. add it to `FORMS` here, before any form that matches the same claims. `tests/evidence/test_forms.py`
   holds that draws, density and cdf agree.
"""

from __future__ import annotations

from quidproquo.evidence.observation.forms.base import Density, Form, Stated, log_of
from quidproquo.evidence.observation.forms.bound import Bound
from quidproquo.evidence.observation.forms.contamination import Contaminated, Contamination
from quidproquo.evidence.observation.forms.count import Count, CountBound
from quidproquo.evidence.observation.forms.event import Event
from quidproquo.evidence.observation.forms.interval import Interval
from quidproquo.evidence.observation.forms.total import Total
from quidproquo.evidence.observation.forms.two_sided import TwoSided

__all__ = [
    "FORMS",
    "Bound",
    "Contaminated",
    "Contamination",
    "Count",
    "CountBound",
    "Density",
    "Event",
    "Form",
    "Interval",
    "Stated",
    "Total",
    "TwoSided",
    "form_of",
    "log_of",
]

FORMS: tuple[type[Form], ...] = (Event, CountBound, Count, Interval, Bound, TwoSided)
"""The forms that claims have, in the order in which they are tried."""


def form_of(stated: Stated) -> type[Form]:
    """The form of a claim: the first that matches."""
    return next(form for form in FORMS if form.matches(stated))
