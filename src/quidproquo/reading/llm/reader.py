"""The reader that asks a language model, passage by passage, and keeps what the document bears out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from quidproquo.cases.record import Case
from quidproquo.reading.llm.agreement import combined
from quidproquo.reading.llm.answers import Offer, offers
from quidproquo.reading.llm.endpoint import CutOff, Endpoint, Unanswered, Unusable, settings_from
from quidproquo.reading.llm.grounding import Ground
from quidproquo.reading.llm.numerals import RULED
from quidproquo.reading.llm.passages import halves, passages
from quidproquo.reading.llm.prompt import instructions, question
from quidproquo.reading.reader import RuleReader
from quidproquo.reading.record import Appearance, Document, DocumentStatus, Outcome, Refused, Snapshot
from quidproquo.reading.sentences import Span
from quidproquo.terms.errors import sentence

__all__ = ["LlmReader", "llm_reader"]

_CONTEXT = 300
_SHORTEST = 400


@dataclass
class _Answered:
    """What the model offers for a passage, each with the stretch that it saw, and why parts have no answer."""

    offers: list[tuple[Span, Offer | str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    parts: int = 0


class LlmReader:
    """Finds appearances by asking a model; it reads any language.

    Where the rules read the language, they always read too: what both find counts once, as the rules read it.
    `asks` is the endpoint: text of the messages in, text of the answer out.
    """

    language = ""

    def __init__(self, case: Case, asks: Endpoint, name: str) -> None:
        self._case = case
        self._rules = RuleReader(case)
        self._endpoint = asks
        self.name = name
        self._instructions = instructions(case)

    def __call__(self, document: Document, snapshot: Snapshot) -> Outcome:
        """Read one document; a passage that stays without an answer is told of; what the rules read stays."""
        ruled = self._rules(document, snapshot).appearances if document.language in RULED else ()
        ground = Ground(document, snapshot, self._case, ruled, self.name)
        found: list[Appearance] = []
        refused: list[Refused] = []
        spans = passages(snapshot.text)
        answers = [self._answered(document, snapshot.text, span) for span in spans]
        for part, offer in (offered for answer in answers for offered in answer.offers):
            judged = ground.judge(offer, part)
            if isinstance(judged, Refused):
                refused.append(
                    replace(judged, quote=self._shown(judged.quote), reason=self._shown(judged.reason))
                )
            else:
                found.append(judged)
        appearances, disagreements = combined(ruled, found, document)
        outcome = Outcome(appearances, tuple(refused), disagreements=disagreements)
        return self._reported(outcome, answers, document)

    def _reported(self, outcome: Outcome, answers: list[_Answered], document: Document) -> Outcome:
        """The outcome with what stayed without an answer."""
        failed = [answer for answer in answers if answer.failures]
        if not failed:
            return outcome
        silent = all(len(answer.failures) == answer.parts for answer in answers)
        status: DocumentStatus = "not answered" if silent else "partly read"
        reason = sentence(
            f"document '{document.name}'", f"the model's answer to {len(failed)} of {len(answers)} passages",
            failed[0].failures[0], "a list of appearances", "see to the endpoint and read it again",
        )  # fmt: skip
        return replace(outcome, status=status, reason=self._shown(reason))

    def _shown(self, text: str) -> str:
        return self._endpoint.masked(text)

    def _answered(self, document: Document, text: str, span: Span, *, again: bool = True) -> _Answered:
        """What the model offers for a passage.

        If its answer is cut off, each half is asked for; once too if it isn't in the form asked for.
        """
        start, end = span
        asked = question(document, text[max(0, start - _CONTEXT) : start], text[start:end])
        messages = [
            {"role": "system", "content": self._instructions},
            {"role": "user", "content": asked},
        ]
        parts = halves(text, span) if end - start >= _SHORTEST else [span]
        try:
            found = offers(self._endpoint.ask(messages))
        except Unanswered as error:
            cut = isinstance(error, CutOff) and len(parts) > 1
            if not cut and not (isinstance(error, Unusable) and again):
                return _Answered(failures=[str(error)], parts=1)
        else:
            return _Answered([(span, offer) for offer in found], parts=1)
        whole = _Answered()
        for part in parts:
            one = self._answered(document, text, part, again=again and cut)
            whole.offers += one.offers
            whole.failures += one.failures
            whole.parts += one.parts
        return whole


def llm_reader(case: Case, environment: Mapping[str, str] | None = None) -> LlmReader:
    """A reader that asks the model which the environment names: QPQ_LLM_URL, QPQ_LLM_MODEL, QPQ_LLM_KEY.

    Raises:
        InputError: if a setting is missing or malformed.
    """
    settings = settings_from(os.environ if environment is None else environment)
    return LlmReader(case, Endpoint(settings), f"llm {settings.model}")
