from __future__ import annotations

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import render_html
from quidproquo.study.schema.brief import Brief


@pytest.fixture(scope="session")
def brief() -> Brief:
    """A whole brief of the size of a real one."""
    return make_brief()


@pytest.fixture(scope="session")
def page(brief: Brief) -> str:
    """The page of the whole brief."""
    return render_html(brief)
