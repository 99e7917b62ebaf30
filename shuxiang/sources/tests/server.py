"""An SRU server on the loopback that answers as it is told, honestly or not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from shuxiang import marc

Body = Callable[["Handler"], None]


@dataclass
class Server:
    """Its address, and the questions it heard."""

    address: str
    asked: list[dict[str, str]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """One request; `say` of the server decides what becomes of it."""

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.server.heard.append({name: values[0] for name, values in query.items()})  # type: ignore[attr-defined]
        self.server.say(self)  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(say: Body) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 while the block lasts."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    found = Server(f"http://127.0.0.1:{httpd.server_port}/sru")
    httpd.say, httpd.heard = say, found.asked  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def xml(content: bytes, status: int = 200) -> Body:
    """Answer with these bytes."""

    def say(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "text/xml; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(content)

    return say


def slow(seconds: float) -> Body:
    """Say nothing for so long."""

    def say(handler: Handler) -> None:
        time.sleep(seconds)
        xml(response([]))(handler)

    return say


def dripping(seconds: float) -> Body:
    """One byte now and then, so that no single wait is ever too long."""

    def say(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    return say


def endless(handler: Handler) -> None:
    """Bytes without end."""
    handler.send_response(200)
    handler.end_headers()
    piece = b" " * (1 << 16)
    try:
        while True:
            handler.wfile.write(piece)
    except OSError:
        return


def response(
    records: list[marc.MarcRecord], *, packing: str = "xml", diagnostics: str = "", number: int | None = None
) -> bytes:
    """An SRU 1.1 answer with these records in MARCXML."""
    parts = []
    for record in records:
        content = b"".join(marc.write_marcxml([record])).decode().split("?>", 1)[1]
        inner = content.replace("\n", "").split(">", 1)[1].rsplit("</collection>", 1)[0]
        inner = inner.replace("<record>", '<record xmlns="http://www.loc.gov/MARC21/slim">', 1)
        data = escape(inner) if packing == "string" else inner
        parts.append(
            f"<zs:record><zs:recordPacking>{packing}</zs:recordPacking><zs:recordData>{data}</zs:recordData></zs:record>"
        )
    count = len(records) if number is None else number
    return (
        '<?xml version="1.0" encoding="UTF-8"?><zs:searchRetrieveResponse xmlns:zs="http://www.loc.gov/zing/srw/">'
        f"<zs:version>1.1</zs:version><zs:numberOfRecords>{count}</zs:numberOfRecords>"
        f"<zs:records>{''.join(parts)}</zs:records>{diagnostics}</zs:searchRetrieveResponse>"
    ).encode()


DIAGNOSTIC = (
    '<zs:diagnostics xmlns:zs="http://www.loc.gov/zing/srw/"><diagnostic '
    'xmlns="http://www.loc.gov/zing/srw/diagnostic/"><uri>info:srw/diagnostic/1/16</uri><details>bath.isbn</details>'
    "<message>Unsupported index</message></diagnostic></zs:diagnostics>"
)
