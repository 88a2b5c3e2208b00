"""A chat endpoint on this machine that answers as a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FIRST = "On Wednesday, the harbour office said that at least 3,000 wooden\ncrates were sent since June."
TEXT = f"""---
publisher: Gazette
published: 2024-10-24
---
{FIRST}

“We earn $10 million a month,” Ana Lima, an analyst at the Harbour Institute, told the Gazette.
The bridge was opened by the mayor.
"""
CRATES = {
    "quote": "the harbour office said that at least 3,000 wooden crates were sent",
    "number": "3,000", "comparison": "at_least", "speakers": ["the harbour office"], "cue": "said",
    "role": "observation", "quantity": "crates_sent", "proposition": "",
}  # fmt: skip

Answer = tuple[int, bytes]
Behave = Callable[[dict[str, object]], Answer]


def said(content: object, finish: str = "stop") -> Answer:
    """An answer of the model in the form of a chat endpoint."""
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return 200, json.dumps({"choices": [choice]}).encode()


def offering(*entries: object) -> Answer:
    """An answer that offers appearances."""
    return said(json.dumps({"appearances": list(entries)}))


def passage_of(request: dict[str, object]) -> str:
    """The passage that a request asks about."""
    messages = request["messages"]
    assert isinstance(messages, list)
    return str(json.loads(messages[-1]["content"])["passage"])


@dataclass
class Chat:
    """A running endpoint: its address, how it behaves, and what it was asked."""

    url: str
    behave: Behave
    asked: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        """The settings that lead to it."""
        return {"QPQ_LLM_URL": self.url, "QPQ_LLM_MODEL": "tiny", "QPQ_LLM_KEY": "secret"} | more


@contextmanager
def serving(behave: Behave) -> Iterator[Chat]:
    """Serve in a thread; port and thread are given back at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            chat.asked.append(json.loads(self.rfile.read(size)) | {"path": self.path})
            chat.headers.append(dict(self.headers.items()))
            status, body = chat.behave(chat.asked[-1])
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    chat = Chat(f"http://127.0.0.1:{server.server_address[1]}/v1", behave)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
