"""A small reverse proxy that puts headers of a sign-in on every request, as oauth2-proxy does, or as somebody who forges them."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tests.e2e.browser import free_port

SIGNED_OUT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n<p>Ude hos proxyen</p>"
)


class SigningProxy:
    """Passes connections on to `port`, from the local address `source`. One request a connection, or a web socket.

    `headers` are set on each request; those that the client sends with names that begin with `strip` are dropped first. What is
    changed in the list holds for the connections that come then.
    """

    def __init__(
        self, port: int, source: str, headers: Sequence[tuple[str, str]], strip: str = "x-auth-request-"
    ) -> None:
        self.port = port
        self.source = source
        self.headers = headers
        self.strip = strip
        self._open: list[socket.socket] = []

    @contextmanager
    def listening(self) -> Iterator[str]:
        """The proxy's address, as long as the block lasts."""
        own = free_port()
        with socket.create_server(("127.0.0.1", own)) as listener:
            threading.Thread(target=self.serve, args=(listener,), daemon=True).start()
            yield f"http://localhost:{own}"
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break all connections, as a network does: browsers connect anew."""
        for client in self._open:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def serve(self, listener: socket.socket) -> None:
        """Accept until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                self._open.append(client)
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                part = client.recv(65536)
                if not part:
                    return
                head += part
            if head.startswith(b"GET /oauth2/sign_out"):
                client.sendall(SIGNED_OUT)
                return
            lines, _end, rest = head.partition(b"\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self.port), source_address=(self.source, 0)) as server:
                server.sendall(self._signed(lines) + rest)
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()

    def _signed(self, head: bytes) -> bytes:
        first, *lines = head.decode("latin-1").split("\r\n")
        kept = [line for line in lines if not line.lower().startswith(self.strip)]
        if not any(line.lower().startswith("upgrade:") for line in kept):
            kept = [line for line in kept if not line.lower().startswith("connection:")] + ["Connection: close"]
        kept += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([first, *kept, "", ""]).encode("latin-1")


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def in_front(
    port: int, source: str, headers: Sequence[tuple[str, str]], strip: str = "x-auth-request-"
) -> Iterator[str]:
    """Address of a proxy in front of `port`."""
    with SigningProxy(port, source, headers, strip).listening() as address:
        yield address
