"""One question to a chat endpoint, with bounded time, size and tries: the only network connection there is."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec
from urllib.parse import urlsplit

from quidproquo.reading.llm.prompt import SCHEMA
from quidproquo.terms.errors import InputError, sentence

__all__ = ["CutOff", "Endpoint", "Settings", "Unanswered", "Unusable", "settings_from"]

Message = dict[str, str]

_PATH = "/chat/completions"
_TRIES = 3
_MOST_BYTES = 8_000_000
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
# Servers differ in which of these they know; the first that isn't turned down is kept.
_FORMATS: tuple[dict[str, object] | None, ...] = (
    {"type": "json_schema", "json_schema": {"name": "appearances", "strict": True, "schema": SCHEMA}},
    {"type": "json_object"},
    None,
)
_FORMAT_REFUSED = frozenset({400, 422})
_SHORTEST_KEY = 6  # a shorter one is none: "EMPTY" is what servers without keys are given


class Unanswered(Exception):  # noqa: N818 - caught where a status is made of it
    """A question without a usable answer; the message says why, in a clause."""


class CutOff(Unanswered):
    """An answer that stops at the model's limit of length."""


class Unusable(Unanswered):
    """An answer that isn't in the form asked for: another one may be."""


@dataclass(frozen=True)
class Settings:
    """Where the model is and what it is called; `timeout` is in seconds, for one answer as a whole."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 120.0

    @property
    def address(self) -> str:
        """The address as it may be shown: without a name or password in it."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Settings from QPQ_LLM_URL, QPQ_LLM_MODEL, QPQ_LLM_KEY (may be empty) and QPQ_LLM_TIMEOUT (seconds).

    Raises:
        InputError: if one is missing or malformed, or the library for it isn't installed.
    """
    if find_spec("httpx") is None:
        raise _wrong("package httpx", "missing", "installed", "install the extra 'llm' of quidproquo")
    url = environment.get("QPQ_LLM_URL", "").strip()
    if not _is_address(url):
        allowed = "the address of a chat endpoint, such as http://localhost:8000/v1"
        raise _wrong("QPQ_LLM_URL", url, allowed, "set this environment variable")
    model = environment.get("QPQ_LLM_MODEL", "").strip()
    if not model:
        raise _wrong("QPQ_LLM_MODEL", model, "the name of a model there", "set this environment variable")
    key = environment.get("QPQ_LLM_KEY", "").strip()
    if not (key.isascii() and key.isprintable()):
        raise _wrong("QPQ_LLM_KEY", "not shown", "printable ASCII", "copy the key again")
    timeout = environment.get("QPQ_LLM_TIMEOUT", "").strip() or "120"
    if not (timeout.isascii() and timeout.isdigit() and 0 < int(timeout) <= 3600):
        raise _wrong(
            "QPQ_LLM_TIMEOUT", timeout, "seconds from 1 to 3600", "correct this environment variable"
        )
    full = url.rstrip("/")
    return Settings(full if full.endswith(_PATH) else full + _PATH, model, key, float(timeout))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _wrong(field_name: str, found: str, allowed: str, remedy: str) -> InputError:
    return InputError(sentence("option --reader llm", field_name, found, allowed, remedy))


class Endpoint:
    """A chat endpoint in the manner of OpenAI's: `POST …/chat/completions`."""

    def __init__(self, settings: Settings, wait: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._wait = wait
        self._format = 0

    def ask(self, messages: list[Message]) -> str:
        """The text of the model's answer.

        A busy or unreachable endpoint is tried three times, with a second and then two between;
        nothing else is repeated, but where an output format isn't known, the next is asked for.

        Raises:
            CutOff: if the answer reached the model's limit of length.
            Unusable: if the answer isn't that of a chat endpoint.
            Unanswered: if there is no usable answer.
        """
        tries = 0
        while True:
            try:
                status, body = self._post(messages)
            except Unanswered:
                tries += 1
                if tries >= _TRIES:
                    raise
                self._wait(float(tries))
                continue
            if status in _FORMAT_REFUSED and self._format < len(_FORMATS) - 1:
                self._format += 1
                continue
            if status in _BUSY and tries < _TRIES - 1:
                tries += 1
                self._wait(float(tries))
                continue
            if status != HTTPStatus.OK:
                raise Unanswered(f"{self._settings.address} answered {_named(status)}")
            return _content(body)

    def masked(self, text: str) -> str:
        """A text to be shown, without the key: an endpoint that was sent it may send it back."""
        key = self._settings.key
        return text.replace(key, "[key]") if len(key) >= _SHORTEST_KEY else text

    def _post(self, messages: list[Message]) -> tuple[int, bytes]:
        import httpx

        settings = self._settings
        question: dict[str, object] = {"model": settings.model, "messages": messages, "temperature": 0}
        if _FORMATS[self._format] is not None:
            question["response_format"] = _FORMATS[self._format]
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if settings.key:
            headers["Authorization"] = f"Bearer {settings.key}"
        until = time.monotonic() + settings.timeout
        late = f"{settings.address} gave no whole answer within {settings.timeout:g} seconds"
        try:
            # The address that is set and no other: no proxy from the environment, no redirection.
            with (
                _unlogged(),
                httpx.Client(timeout=settings.timeout, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "POST", settings.url, content=json.dumps(question).encode("ascii"), headers=headers
                ) as answer,
            ):
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    # The library's time limit is for each piece; this one is for all of them.
                    if time.monotonic() > until:
                        raise Unanswered(late)
                    if len(body) > _MOST_BYTES:
                        raise Unanswered(f"{settings.address} answered more than {_MOST_BYTES:,} bytes")
                return answer.status_code, bytes(body)
        except httpx.TimeoutException:
            raise Unanswered(late) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            why = (str(error) or type(error).__name__).splitlines()[0]
            raise Unanswered(f"{settings.address} can't be reached ({why})") from None


# The library logs what the endpoint sends back, which may be the key.
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep the library from logging."""

    def drop(_record: logging.LogRecord) -> bool:
        return False

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(drop)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(drop)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _content(body: bytes) -> str:
    """The text in the body of an answer."""
    try:
        choice = json.loads(body)["choices"][0]
        content, finish = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Unusable("the endpoint's answer isn't that of a chat endpoint") from None
    if finish == "length":
        raise CutOff("the model's answer was cut off at its limit of length")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str):
        raise Unusable("the model's answer holds no text")
    return content
