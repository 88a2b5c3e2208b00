"""What all tests share: checked annotations, where the real documents lie, the order, Hypothesis."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

# Where arrays pass, shapes and annotations are checked at every call, as a type checker would: an int may stand
# for a float. Elsewhere mypy knows all that such a check would, and text is read three times as fast without it.
_WITH_ARRAYS = ("brief.layers", "claims.table", "decisions", "evidence", "sensitivity", "study", "worlds")
install_import_hook(
    [f"quidproquo.{part}" for part in _WITH_ARRAYS],
    "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))",
)

# What one module compiles serves all others, and both processes of a run: the first that comes here, which
# starts the others, makes the folder. Programs are known in it by their code, so a patched function has its own.
_OWN_CACHE = "JAX_COMPILATION_CACHE_DIR" not in os.environ
if _OWN_CACHE:
    os.environ["JAX_COMPILATION_CACHE_DIR"] = tempfile.mkdtemp(prefix="qpq-tests-")
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.2"

# What a command keeps between runs is kept apart from the cache of whoever runs the tests, where an earlier
# run of them may have left what a test is about to make.
_MAKES_FOLDERS = "PYTEST_XDIST_WORKER" not in os.environ
if _MAKES_FOLDERS:
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="qpq-tests-")

SHARED = Path(os.environ.get("QPQ_SHARED", Path(__file__).parents[2] / "shared"))
"""The folder with `seeds` and `facts`: beside the checkout, unless QPQ_SHARED names another."""

REQUIRED = os.environ.get("QPQ_REQUIRE_SHARED", "") not in ("", "0")
"""Whether a test that is skipped makes the whole run fail."""

settings.register_profile("everyday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("everyday"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "everyday")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the two real documents and the coded facts, which a user's clone lacks."""
    if not (SHARED / "seeds").is_dir():
        pytest.skip(f"the documents and facts are not at {SHARED}; QPQ_SHARED can say where they are")
    return SHARED


@pytest.fixture(scope="module", autouse=True)
def compiled_programs() -> Iterator[None]:
    """Forget what a module has compiled, and where it has kept it.

    Together it takes more memory than a small machine has; and a run inside the process names a folder in
    which the next module would find its own results of another run.
    """
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].clear_caches()
    if "quidproquo.worlds.programs" in sys.modules:
        sys.modules["quidproquo.worlds.programs"].forget()
        sys.modules["quidproquo.worlds.runtime"]._store = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, slow ones then, the clean installation last."""
    items.sort(
        key=lambda item: (item.path.parent.name == "smoke", item.get_closest_marker("slow") is not None)
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that had to be complete and wasn't."""
    if REQUIRED and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if _OWN_CACHE:
        shutil.rmtree(os.environ["JAX_COMPILATION_CACHE_DIR"], ignore_errors=True)
    if _MAKES_FOLDERS:
        shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say why a run without a failed test fails."""
    if REQUIRED and (count := _skipped(config)):
        terminalreporter.write_line(
            f"QPQ_REQUIRE_SHARED is set, and {count} skipped: the run fails", red=True
        )


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0
