"""Simulation-based calibration of a whole case: ranks of planted truths, and mutants that must fail.

It takes minutes, so its result is recorded in the case's folder, with what it holds for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import jax
import numpy as np
from jaxtyping import Array, Float, Int, Key

from quidproquo.cases.record import Case
from quidproquo.claims import evidence_table
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.value import scale_of
from quidproquo.evidence.checks import fingerprint, sbc
from quidproquo.evidence.checks.planted import (
    Mutant,
    PlantedRun,
    condition_on_planted,
    mutants,
    plant,
    planted_reports,
    thin,
)
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.study.assemble.recorded import read_calibration
from quidproquo.study.gather import gather
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.request import cache
from quidproquo.study.schema.calibration import Calibration, CalibrationSettings, Fingerprint
from quidproquo.study.schema.ranks import MutantRecord, RankRecord
from quidproquo.terms.edtf import Interval, parse
from quidproquo.terms.errors import InputError, sentence
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.simulate import Plan, futures, plan, simulate
from quidproquo.worlds.streams import CalibrationStream, stream_key

__all__ = ["CalibrationRequest", "calibrate", "is_current"]

FORMAT = "2"
LEVEL = 0.001
_BANDS = 0.95
_BATCH = 25  # replicates whose draws are run together, and kept at once
_NEAR = 1e-3  # relative; machines differ in the last digits of single precision
_FIT = "log-likelihood"


@dataclass(frozen=True)
class CalibrationRequest:
    """What to calibrate and how.

    A mutant is run in batches until it fails, for at most `mutant_replicates`. `predictions` are
    quantities with a day, as QUANTITY@DATE; `margin` is an option, whose value is taken less that of
    doing nothing. `sweeps` and `final_sweeps` are those of `Settings`; a brief makes more of them, in
    larger islands, so what passes here had less to pass with. `claims` 0: all of the case, else so
    many, evenly taken.
    """

    case: str
    predictions: tuple[str, ...]
    margin: str
    replicates: int = 500
    mutant_replicates: int = 500
    islands: int = 4
    particles: int = 64
    draws: int = 8
    sweeps: int = 2
    final_sweeps: int = 16
    seed: int = 0
    claims: int = 0


@dataclass(frozen=True)
class _Setup:
    """A case made ready: what is conditioned, what is simulated, and what is ranked."""

    case: Case
    key: Key[Array, ""]
    table: EvidenceTable
    target: Target
    layout: Plan
    settings: Settings
    places: tuple[tuple[int, int], ...]
    option: int

    @property
    def model(self) -> Model:
        """The case's model."""
        return self.target.model


@dataclass(frozen=True)
class _Line:
    """One replicate, done: the rank of every quantity, and the variance of every coordinate."""

    mutant: str
    replicate: int
    ranks: tuple[int, ...]
    variance: tuple[float, ...]


def calibrate(
    request: CalibrationRequest, kept: Path, made: date, progress: Progress | None = None
) -> Calibration:
    """Run all replicates that the file `kept` doesn't hold yet, add them to it, and judge the ranks.

    Raises:
        InputError: if anything that was handed in is wrong, or the file is of another calibration.
        EvidenceError: if conditioning can't give a usable result.
    """
    shown = progress or Silent()
    prepare(cache())
    setup = _setup(request, shown)
    printed = _fingerprint(setup)
    lines = _resumed(kept, request, printed)
    faults = (
        mutants(stream_key(setup.key, CalibrationStream.MUTANTS), setup.target)
        if request.mutant_replicates
        else ()
    )
    plain = Mutant("", "the conditioning as it is", setup.target)
    for mutant in (plain, *faults):
        wanted = request.mutant_replicates if mutant.id else request.replicates
        have = [line for line in lines if line.mutant == mutant.id]
        with shown.stage(mutant.title, wanted) as advance:
            advance(len(have))
            while len(have) < wanted and not (mutant.id and _detected(request, have)):
                known = {line.replicate for line in have}
                batch = [replicate for replicate in range(wanted) if replicate not in known][:_BATCH]
                done = list(_batch(request, setup, mutant, batch))
                _append(kept, done)
                have += done
                advance(len(batch))
        lines += [line for line in have if line not in lines]
    return _record(request, setup, printed, made, (faults, lines))


def is_current(case: Case) -> bool:
    """Whether the record of a case holds for its model, claims, likelihood and sampler as they are now.

    A case without a record has none that could be out of date.
    """
    record = read_calibration(case.folder)
    if record is None:
        return True
    settings = record.settings
    request = CalibrationRequest(
        str(case.folder), tuple(settings.predictions), settings.margin, seed=settings.seed
    )
    prepare(cache())
    return _same(_fingerprint(_setup(request, Silent())), record.fingerprint)


def _setup(request: CalibrationRequest, progress: Progress) -> _Setup:
    gathered = gather(request.case, (), None, shipped=True, progress=progress)
    case = gathered.case
    at = Interval(case.decision_date, case.decision_date)
    table = evidence_table(gathered.claims, case, as_of=at, reviewed_only=False, links=gathered.links)
    if request.claims:
        table = table.select(np.linspace(0, len(table) - 1, request.claims).astype(int))
    model = build_model(case, case.decision_date)
    target = build_target(model, table)
    pairs = [_prediction(case, text) for text in request.predictions]
    series = tuple(dict.fromkeys(name for name, _ in pairs))
    layout = plan(model, case, series)
    if request.margin not in layout.options:
        allowed = f"one of {', '.join(layout.options)}"
        raise InputError(sentence("calibration", "margin", request.margin, allowed, "name an option"))
    return _Setup(
        case=case,
        key=jax.random.key(request.seed),
        table=table,
        target=target,
        layout=layout,
        settings=Settings(
            islands=request.islands,
            particles=request.particles,
            sweeps=request.sweeps,
            final_sweeps=request.final_sweeps,
        ),
        places=tuple((series.index(name), _month(model, day)) for name, day in pairs),
        option=layout.options.index(request.margin),
    )


def _prediction(case: Case, text: str) -> tuple[str, date]:
    """The observable and the day of QUANTITY@DATE."""
    name, _, day = text.partition("@")
    known = {q.id: q.observes[""] for q in case.quantities.values() if q.observes.get("")}
    if name not in known or not day:
        allowed = f"QUANTITY@DATE with one of {', '.join(known)}"
        raise InputError(sentence("calibration", "prediction", text, allowed, "correct it"))
    return known[name], parse(day).end


def _month(model: Model, day: date) -> int:
    """The place in a series of the first month's end that isn't earlier than a day."""
    ends = np.concatenate([model.history, model.nodes[1:]])
    return min(int(np.searchsorted(ends, (day - model.start).days)), len(ends) - 1)


def _batch(
    request: CalibrationRequest, setup: _Setup, mutant: Mutant, replicates: Sequence[int]
) -> Iterator[_Line]:
    """Plant, report and condition some replicates; run their draws together, and rank."""
    chosen = thin(request.particles, request.islands, request.draws)
    each: list[PlantedRun] = []
    for replicate in replicates:
        key = jax.random.fold_in(stream_key(setup.key, CalibrationStream.REPLICATES), replicate)
        # the target as it is plants and reports; the one with the fault conditions
        points, predicted = plant(key, setup.target, 1)
        truth = points.z[0], points.biases[0]
        reports = planted_reports(key, setup.target, predicted[0], truth[1])
        each.append(condition_on_planted(key, mutant, truth, reports, setup.settings, chosen))
    values = _values(setup, each, int(replicates[0]))
    for replicate, one, table in zip(replicates, each, values, strict=True):
        rng = np.random.default_rng([request.seed, replicate])
        ranks = sbc.rank(rng, table[0], table[1:])
        variance = tuple(round(float(v), 5) for v in one.variance)
        yield _Line(mutant.id, replicate, tuple(int(r) for r in ranks), variance)


def _values(
    setup: _Setup, each: Sequence[PlantedRun], first: int
) -> Float[np.ndarray, "replicate world quantity"]:
    """Every quantity that is ranked, of planted worlds and draws."""
    z = np.concatenate([one.z for one in each])
    key = jax.random.fold_in(stream_key(setup.key, CalibrationStream.FUTURES), first)
    chances = futures(key, setup.model, len(z))
    run = simulate(setup.model, setup.layout, z, chances)
    value = scale_of(setup.case, tuple(setup.case.metrics)).values(run.metrics)
    states = setup.model.states_of(z).T.astype(np.float64)
    moved = z[:, setup.target.active].astype(np.float64)
    parameters = len(setup.model.parameters)
    for column, coordinate in enumerate(setup.target.active):
        if coordinate >= parameters:
            moved[:, column] = states[coordinate - parameters]
    columns = [
        moved,
        np.concatenate([one.biases for one in each]),
        np.concatenate([one.fit for one in each])[:, None],
        *(run.series[row, :, month][:, None] for row, month in setup.places),
        (value[:, setup.option] - value[:, setup.layout.baseline])[:, None],
    ]
    return np.concatenate(columns, axis=1).reshape(len(each), -1, len(_names(setup)))


def _names(setup: _Setup) -> list[str]:
    places = [f"prediction {number}" for number in range(len(setup.places))]
    return [*setup.target.names, _FIT, *places, "margin"]


def _kind(name: str) -> str:
    for start, kind in (("hypothesis.", "hypothesis"), ("bias.", "bias"), (_FIT, "fit")):
        if name.startswith(start):
            return kind
    return name.split(" ", maxsplit=1)[0] if name.startswith(("prediction ", "margin")) else "parameter"


def _fingerprint(setup: _Setup) -> Fingerprint:
    numbers = fingerprint.reference(stream_key(setup.key, CalibrationStream.FINGERPRINT), setup.target)
    return Fingerprint(
        **fingerprint.stamp()._asdict(),
        inputs=fingerprint.inputs_hash(setup.model, setup.table),
        reference=[float(f"{number:.7g}") for number in numbers],
    )


def _same(one: Fingerprint, other: Fingerprint) -> bool:
    alike = np.shape(one.reference) == np.shape(other.reference) and bool(
        np.allclose(one.reference, other.reference, rtol=_NEAR)
    )
    rest = one.model_copy(update={"reference": other.reference})
    return alike and rest == other


def _resumed(kept: Path, request: CalibrationRequest, printed: Fingerprint) -> list[_Line]:
    """What the file holds already; a new file gets its first line."""
    how = asdict(request) | {"replicates": 0, "mutant_replicates": 0}
    head = json.loads(json.dumps({"request": how, "fingerprint": printed.model_dump()}))
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(head) + "\n", encoding="utf-8")
        return []
    first, *rest = kept.read_text(encoding="utf-8").splitlines()
    if json.loads(first) != head:
        message = sentence(
            f"file '{kept}'",
            "calibration",
            "another",
            "the one that is asked for",
            "remove it or name another",
        )
        raise InputError(message)
    rows = [json.loads(line) for line in rest]
    return [
        _Line(row["mutant"], row["replicate"], tuple(row["ranks"]), tuple(row["variance"])) for row in rows
    ]


def _append(kept: Path, lines: Sequence[_Line]) -> None:
    with kept.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(line)) + "\n" for line in lines)


def _detected(request: CalibrationRequest, lines: Sequence[_Line]) -> bool:
    """Whether a fault shows so clearly that testing after every batch can't be the reason."""
    looks = -(-request.mutant_replicates // _BATCH)
    return bool(lines) and _overall_p(request, lines)[0] < LEVEL / looks


def _overall_p(request: CalibrationRequest, lines: Sequence[_Line]) -> tuple[float, int]:
    """The overall p-value of some replicates, and the place of the quantity that shows it."""
    counts = _counts(lines, request.islands * request.draws + 1)
    p_values = np.array([sbc.uniformity(row) for row in counts])
    return sbc.bonferroni(p_values), int(np.argmin(p_values))


def _counts(lines: Sequence[_Line], ranks: int) -> Int[np.ndarray, "quantity rank"]:
    table = np.array([line.ranks for line in lines])
    return np.stack([np.bincount(column, minlength=ranks) for column in table.T])


def _record(
    request: CalibrationRequest,
    setup: _Setup,
    printed: Fingerprint,
    made: date,
    done: tuple[tuple[Mutant, ...], list[_Line]],
) -> Calibration:
    faults, lines = done
    names, ranks = _names(setup), request.islands * request.draws + 1
    plain = [line for line in lines if not line.mutant]
    counts = _counts(plain, ranks)
    p_values = np.array([sbc.uniformity(row) for row in counts])
    variance = np.mean([line.variance for line in plain], axis=0)
    p, band = sbc.bonferroni(p_values), sbc.bands(len(plain), ranks, _BANDS)
    return Calibration(
        format=FORMAT,
        case=setup.case.name,
        as_of=setup.case.decision_date.isoformat(),
        made=made.isoformat(),
        settings=_settings(request, setup),
        fingerprint=printed,
        level=LEVEL,
        p=p,
        passed=p >= LEVEL,
        low=band.low.tolist(),
        high=band.high.tolist(),
        quantities={
            _title(request, name): RankRecord(
                kind=_kind(name),
                counts=counts[place].tolist(),
                p=float(p_values[place]),
                contraction=round(float(1.0 - variance[place]), 4) if place < len(variance) else None,
            )
            for place, name in enumerate(names)
        },
        mutants={
            fault.id: _mutant_record(request, fault, [x for x in lines if x.mutant == fault.id], names)
            for fault in faults
        },
    )


def _mutant_record(
    request: CalibrationRequest, fault: Mutant, lines: Sequence[_Line], names: Sequence[str]
) -> MutantRecord:
    p, place = _overall_p(request, lines)
    return MutantRecord(
        title=fault.title,
        replicates=len(lines),
        p=p,
        shown_by=_title(request, names[place]),
        failed=p < LEVEL,
    )


def _title(request: CalibrationRequest, name: str) -> str:
    if name.startswith("prediction "):
        return request.predictions[int(name.removeprefix("prediction "))]
    return f"margin of {request.margin}" if name == "margin" else name


def _settings(request: CalibrationRequest, setup: _Setup) -> CalibrationSettings:
    return CalibrationSettings(
        replicates=request.replicates,
        mutant_replicates=request.mutant_replicates,
        islands=request.islands,
        particles=request.particles,
        draws=request.draws,
        sweeps=request.sweeps,
        final_sweeps=request.final_sweeps,
        seed=request.seed,
        claims=len(setup.table),
        predictions=list(request.predictions),
        margin=request.margin,
    )
