"""The reader that asks a language model, passage by passage, and keeps what the document bears out."""

from __future__ import annotations

import os
from collections.abc import Mapping

from quidproquo.cases.record import Case
from quidproquo.reading.lexicon import Lexicon
from quidproquo.reading.llm.answers import Offer, offers
from quidproquo.reading.llm.endpoint import CutOff, Endpoint, Unanswered, settings_from
from quidproquo.reading.llm.grounding import Ground
from quidproquo.reading.llm.passages import halves, passages
from quidproquo.reading.llm.prompt import instructions, question
from quidproquo.reading.record import Appearance, Document, DocumentStatus, Outcome, Refused, Snapshot
from quidproquo.reading.sentences import Span
from quidproquo.terms.errors import sentence

__all__ = ["LlmReader", "llm_reader"]

_CONTEXT = 300
_SHORTEST = 400


class LlmReader:
    """Finds appearances by asking a model; it reads any language.

    `asks` is the endpoint: text of the messages in, text of the answer out.
    """

    language = ""

    def __init__(self, case: Case, asks: Endpoint, name: str) -> None:
        self._case = case
        self._lexicon = Lexicon(case)
        self._endpoint = asks
        self._name = name
        self._instructions = instructions(case)

    def __call__(self, document: Document, snapshot: Snapshot) -> Outcome:
        """Read one document; a passage that stays without an answer is left out and told of."""
        ground = Ground(document, snapshot, self._case, self._lexicon, self._name)
        found: list[Appearance] = []
        refused: list[Refused] = []
        failures: list[str] = []
        spans = passages(snapshot.text)
        for span in spans:
            try:
                offered = self._offers(document, snapshot.text, span)
            except Unanswered as error:
                failures.append(str(error))
                continue
            for part, offer in offered:
                judged = ground.judge(offer, part)
                if isinstance(judged, Refused):
                    refused.append(judged)
                else:
                    found.append(judged)
        if not failures:
            return Outcome(tuple(found), tuple(refused))
        status: DocumentStatus = "not answered" if len(failures) == len(spans) else "partly read"
        reason = sentence(
            f"document '{document.name}'", f"the model's answer to {len(failures)} of {len(spans)} passages",
            failures[0], "a list of appearances", "see to the endpoint and read it again",
        )  # fmt: skip
        return Outcome(tuple(found), tuple(refused), status, reason)

    def _offers(self, document: Document, text: str, span: Span) -> list[tuple[Span, Offer | str]]:
        """What the model offers for a passage; where its answer is cut off, for each half of it."""
        start, end = span
        asked = question(document, text[max(0, start - _CONTEXT) : start], text[start:end])
        messages = [
            {"role": "system", "content": self._instructions},
            {"role": "user", "content": asked},
        ]
        try:
            return [(span, offer) for offer in offers(self._endpoint.ask(messages))]
        except CutOff:
            parts = halves(text, span)
            if end - start < _SHORTEST or len(parts) < 2:
                raise
            return [offer for part in parts for offer in self._offers(document, text, part)]


def llm_reader(case: Case, environment: Mapping[str, str] | None = None) -> LlmReader:
    """A reader that asks the model which the environment names: QPQ_LLM_URL, QPQ_LLM_MODEL, QPQ_LLM_KEY.

    Raises:
        InputError: if a setting is missing or malformed.
    """
    settings = settings_from(os.environ if environment is None else environment)
    return LlmReader(case, Endpoint(settings), f"llm {settings.model}")
