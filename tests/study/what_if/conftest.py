"""One small run, made once, that all questions are asked of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quidproquo.study import BriefRequest
from quidproquo.study.answer import answer

FIXTURES = Path(__file__).parents[2] / "fixtures"
WORLDS = 256


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of one's own."""
    folder = tmp_path_factory.mktemp("what-if") / "mine"
    shutil.copytree(FIXTURES / "case_697595c", folder)
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are kept here alone, so that a test knows which there are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture(scope="session")
def run(case: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of its run, which is kept too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        folder = tmp_path_factory.mktemp("run")
        found = answer(BriefRequest(str(case), worlds=WORLDS))
        found.keep(found.write(folder))
        yield folder
