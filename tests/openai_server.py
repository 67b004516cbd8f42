"""A language model's server for tests: real HTTP on this machine, OpenAI's protocol with streaming, and Azure's paths.

It checks what a client sends as the real ones do, and answers as each test tells it to.
"""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "noegle-til-proeven"
Say = Callable[["Exchange"], None]


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.handler, self.body = handler, body

    @property
    def prompt(self) -> str:
        """All text the client sent."""
        return "\n".join(message["content"] for message in self.body["messages"])

    def label(self, piece: str) -> str:
        """The label of the passage in which `piece` stands."""
        for passage in self.prompt.split("\n\n"):
            if piece in passage and "⟦" in passage:
                return passage.split(" ⟦")[0]
        raise AssertionError(f"{piece!r} was not sent")

    def status(self, code: int, body: str = "{}", **headers: str) -> None:
        """A plain answer, not a stream."""
        self.handler.send_response(code)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body.encode())

    def open(self, content_type: str = "text/event-stream") -> None:
        """Begin a stream."""
        self.handler.send_response(200)
        self.handler.send_header("content-type", content_type)
        self.handler.end_headers()

    def event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        """One piece of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": self.body.get("model") or "m",
            "choices": [choice],
        }
        self.handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.handler.wfile.flush()

    def stream(self, text: str, finish: str | None = "stop", pause: float = 0.0) -> None:
        """`text` in pieces of forty characters; `finish` None leaves the stream cut."""
        self.open()
        self.event({"role": "assistant", "content": ""})
        for start in range(0, len(text), 40):
            self.event({"content": text[start : start + 40]})
            time.sleep(pause)
        if finish:
            self.event({}, finish)
            self.handler.wfile.write(b"data: [DONE]\n\n")

    def answer(self, *sentences: tuple[str, str, str], pause: float = 0.0) -> None:
        """A well-formed answer: text, label of the passage and quote of each sentence."""
        self.stream(written(*sentences), pause=pause)


def written(*sentences: tuple[str, str, str]) -> str:
    """The JSON of an answer."""
    return json.dumps({"sentences": [dict(zip(("text", "passage", "quote"), item, strict=True)) for item in sentences]})


class ModelServer:
    """A running server. `requests` counts calls; `last` is the newest exchange."""

    def __init__(self) -> None:
        self.say: Say = lambda exchange: exchange.status(503)
        self.wants_form = True  # whether an answer must be asked for in the agreed form
        self.requests = 0
        self.paths: list[str] = []
        self.last: Exchange | None = None
        self.port = 0

    @property
    def openai(self) -> str:
        """The address a client of OpenAI's protocol is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def azure(self) -> str:
        """The endpoint a client of Azure OpenAI is given."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *, tls: ssl.SSLContext | None = None) -> Iterator["ModelServer"]:
        """Serve until the block ends; streams that still drip are cut."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.requests += 1
                server.paths.append(self.path)
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                exchange = server.last = Exchange(self, body)
                azure = self.path.startswith("/openai/deployments/")
                key = self.headers.get("api-key") if azure else self.headers.get("authorization", "")[len("Bearer ") :]
                if key != KEY:
                    exchange.status(401, '{"error": {"message": "wrong key"}}')
                elif not (azure or self.path == "/v1/chat/completions"):
                    exchange.status(404)
                elif not body.get("stream") or server.wants_form != (
                    "response_format" in body and body["response_format"]["type"] == "json_schema"
                ):
                    exchange.status(400, '{"error": {"message": "expected a structured stream"}}')
                else:
                    try:
                        server.say(exchange)
                    except (BrokenPipeError, ConnectionResetError):
                        self.close_connection = True  # the client has gone, as it may

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        web.daemon_threads = True
        web.block_on_close = False
        if tls:
            web.socket = tls.wrap_socket(web.socket, server_side=True)
        self.port = web.server_address[1]
        thread = threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            web.shutdown()
            web.server_close()
            thread.join()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
