"""One bounded question over HTTP: only where it may go, only so long, only so much; nothing is followed."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from shuxiang.sources.rules import is_public

MOST_BYTES = 4 << 20  # ten records of 99,999 bytes each in XML, with room to spare
_PIECE = 1 << 16
_OK = 200
AGENT = "Shuxiang"


class NotAnswered(Exception):
    """No usable answer; `code` is a key of messages.OUTCOMES."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Way:
    """How long the whole question may take (seconds), and whether it may go to machines of the own network."""

    seconds: float
    allows_private: bool = False


class Call:
    """A question under way; `give_up` ends it from another thread."""

    def __init__(self, address: str, way: Way) -> None:
        self._address, self._way = address, way
        self._until = time.monotonic() + way.seconds
        self._connection: http.client.HTTPConnection | None = None
        self._is_given_up = False

    def give_up(self) -> None:
        """Close the line; whoever reads from it gets NotAnswered("timeout")."""
        self._is_given_up = True
        line = self._connection.sock if self._connection else None
        if line is not None:
            with contextlib.suppress(OSError):  # closed by the other side meanwhile
                line.shutdown(socket.SHUT_RDWR)

    def answer(self) -> bytes:
        """The body of the answer. Raises NotAnswered for everything that is none."""
        try:
            return self._answer()
        except TimeoutError:
            raise NotAnswered("timeout") from None
        except ssl.SSLError as problem:
            raise self._stopped("certificate", str(problem)) from None
        except socket.gaierror:
            raise self._stopped("no_such_host") from None
        except (OSError, http.client.HTTPException, UnicodeError) as problem:
            raise self._stopped("unreachable", type(problem).__name__) from None

    def _stopped(self, code: str, detail: str = "") -> NotAnswered:
        return NotAnswered("timeout") if self._is_given_up else NotAnswered(code, detail)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0 or self._is_given_up:
            raise NotAnswered("timeout")
        return left

    def _answer(self) -> bytes:
        parts = urlsplit(self._address)
        host = parts.hostname or ""
        is_safe = parts.scheme == "https"
        port = parts.port or (443 if is_safe else 80)
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        connection = kind(host, port)
        # The name is resolved once, and the line goes to the very address that was judged.
        line = self._line(host, port)
        connection.sock = line
        self._connection = connection
        try:
            if is_safe:
                context = ssl.create_default_context()
                connection.sock = line = context.wrap_socket(line, server_hostname=host)
            line.settimeout(self._left())
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request(
                "GET", path, headers={"User-Agent": AGENT, "Accept": "application/xml, text/xml"}
            )
            return self._body(connection.getresponse(), line)
        finally:
            connection.close()

    def _line(self, host: str, port: int) -> socket.socket:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        allowed = [one for one in addresses if self._way.allows_private or is_public(str(one[4][0]))]
        if not allowed:
            raise NotAnswered("private_address")
        problem: OSError | None = None
        for family, kind, protocol, _name, place in allowed:
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(self._left())
                line.connect(place)
            except OSError as refused:
                line.close()
                problem = refused
            else:
                return line
        raise problem or NotAnswered("unreachable")

    def _body(self, response: http.client.HTTPResponse, line: socket.socket) -> bytes:
        if response.status != _OK:
            is_elsewhere = 300 <= response.status < 400  # nothing is followed: the new place was never judged
            raise NotAnswered("redirected" if is_elsewhere else "http_status", str(response.status))
        pieces: list[bytes] = []
        size = 0
        while True:
            line.settimeout(self._left())
            piece = response.read1(_PIECE)
            if not piece:
                break
            size += len(piece)
            if size > MOST_BYTES:
                raise NotAnswered("too_large")
            pieces.append(piece)
        return b"".join(pieces)
