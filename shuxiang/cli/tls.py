"""HTTPS spoken by the same server: waitress reads and writes, the standard library's TLS stands between it and the network.

waitress has no TLS of its own, and another server for it would be a second one to know. A channel here hands what arrives to
an `ssl.SSLObject` and to waitress what comes out of it. Works wherever Python does.
"""

import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from shuxiang.common.locks import Taken, alone

if TYPE_CHECKING:
    import socket

RECORDS = 65536  # bytes read from the network at once
PLAIN = 65536  # bytes encrypted at once
LOOK_AGAIN = 600.0  # seconds between two looks whether the certificate still fits


class Keeper:
    """The server's certificate: renewed when it must be, taken up by connections that begin after that."""

    def __init__(self, certificate: Path, renew: Callable[[], None]) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._certificate, self._renew = certificate, renew
        self._seen, self._next = -1, 0.0
        self._mutex = threading.Lock()

    def current(self) -> ssl.SSLContext:
        """With the certificate of this hour. Raises OSError."""
        with self._mutex:
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + LOOK_AGAIN
                with (
                    suppress(Taken),
                    alone(self._certificate.with_name("renew.lock")),
                ):  # another process does it
                    self._renew()
            changed = self._certificate.stat().st_mtime_ns
            if changed != self._seen:
                self.context.load_cert_chain(self._certificate)
                self._seen = changed
        return self.context


class Channel(HTTPChannel):  # type: ignore[misc]  # no types of its own
    """One connection. What waitress sends is encrypted first; ciphertext that the network did not take yet waits here."""

    def __init__(
        self, server: "Server", sock: "socket.socket", addr: Any, adj: Adjustments, map: Any = None
    ) -> None:
        self._mutex = threading.RLock()
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = server.keeper.current().wrap_bio(self._arrived, self._leaving, server_side=True)
        self._is_shaken = False
        self._unsent = b""
        super().__init__(server, sock, addr, adj, map=map)

    def handle_read(self) -> None:
        """What arrived, decrypted, goes to waitress; a connection that breaks the protocol ends."""
        try:
            plain = self._read()
        except OSError:  # ssl.SSLError among them: somebody spoke plain HTTP, or does not trust us
            self.handle_close()
            return
        if plain:
            self.last_activity = time.time()
            self.received(plain)
        elif plain is not None:
            self.handle_close()

    def _read(self) -> bytes | None:
        """Decrypted bytes, None while there is nothing whole, b"" at the end. Raises OSError."""
        with self._mutex:
            try:
                arrived = self.socket.recv(RECORDS)
            except (BlockingIOError, InterruptedError):
                return None
            if not arrived:
                return b""
            self._arrived.write(arrived)
            plain = bytearray()
            try:
                if not self._is_shaken:
                    self._tls.do_handshake()
                    self._is_shaken = True
                while piece := self._tls.read(PLAIN):
                    plain += piece
                return bytes(plain)
            except ssl.SSLWantReadError:
                return bytes(plain) or None
            finally:
                self._push()

    def _push(self) -> bool:
        """Give the network what it takes; whether that was all. Raises OSError when the other end is gone."""
        self._unsent += self._leaving.read()
        while self._unsent:
            try:
                sent = self.socket.send(self._unsent)
            except (BlockingIOError, InterruptedError):
                return False
            self._unsent = self._unsent[sent:]
        return True

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Encrypt and send some of it; how much was taken. What is taken leaves in its turn, see `writable`."""
        try:
            with self._mutex:
                if not self._is_shaken or not self._push():
                    return 0
                taken = self._tls.write(data[:PLAIN])
                self._push()
                return taken
        except OSError:
            if do_close:
                self.handle_close()
            return 0

    def writable(self) -> bool:
        return bool(self._unsent) or bool(super().writable())

    def handle_write(self) -> None:
        """Ciphertext that waits goes first; before it is gone the connection is not closed."""
        try:
            with self._mutex:
                if not self._push():
                    return
        except OSError:
            self.handle_close()
            return
        super().handle_write()

    def handle_close(self) -> None:
        with self._mutex, suppress(OSError, ValueError):
            if self._is_shaken and self.connected:
                with suppress(ssl.SSLError):
                    self._tls.unwrap()
                self._push()
        super().handle_close()


class Server(TcpWSGIServer):  # type: ignore[misc]  # no types of its own
    """waitress on a port that speaks TLS."""

    channel_class = Channel
    keeper: Keeper

    def handle_accept(self) -> None:
        try:
            super().handle_accept()
        except OSError:  # no certificate could be read, or nobody could be told so
            self.logger.exception("tls")


def serve_with(
    server: Any, listener: "socket.socket", keeper: Keeper, application: Any, threads: int
) -> Server:
    """A server for this port beside an existing one: same loop, same threads."""
    adjustments = Adjustments(sockets=[listener], threads=threads, ident="shuxiang", url_scheme="https")
    secure = Server(
        application,
        server._map,
        False,
        listener,
        dispatcher=server.task_dispatcher,
        adj=adjustments,
        bind_socket=False,
        sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
    )
    secure.keeper = keeper
    secure.accept_connections()
    return secure
