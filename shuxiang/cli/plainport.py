"""What is answered without TLS where there is TLS: everything on this computer itself, to others what is public.

The catalogue, and the page that gives out the certificate, hold nothing secret. Signing in, the desk, the kiosk and the
programs' interface do; they are led to HTTPS. What was posted in the clear is not carried on: it is said that it was.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

SECRET = ("/desk/", "/kiosk/")
OPEN = ("/desk/certificate", "/desk/help/")
POSTED = ("/language", "/ui/")
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d+)?")


def only_public(answer: "WSGIApplication", https_port: int) -> "WSGIApplication":
    """That application, as it may be seen from other computers without TLS."""

    def guarded(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO") or "/"
        has_key = "HTTP_AUTHORIZATION" in environ
        if _is_here(environ.get("REMOTE_ADDR", "")) or (
            not has_key and _is_open(environ.get("REQUEST_METHOD", "GET"), path)
        ):
            return answer(environ, start_response)
        host = HOST.fullmatch(environ.get("HTTP_HOST", ""))
        if host is None:
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"400"]
        where = quote(path.encode("latin-1")) + (
            f"?{query}" if (query := environ.get("QUERY_STRING")) else ""
        )
        target = f"https://{host.group(1)}:{https_port}{where}"
        posted = environ.get("REQUEST_METHOD") not in ("GET", "HEAD")
        to = f"https://{host.group(1)}:{https_port}/desk/certificate" if posted else target
        # 303: a form is not sent a second time
        start_response(
            "303 See Other" if posted else "307 Temporary Redirect",
            [("Location", to), ("Content-Length", "0")],
        )
        return []

    return guarded


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_open(method: str, path: str) -> bool:
    if path.startswith(OPEN) or path == "/healthz":
        return method in ("GET", "HEAD")
    if method in ("GET", "HEAD"):
        return not path.startswith(SECRET)
    return path.startswith(POSTED)
