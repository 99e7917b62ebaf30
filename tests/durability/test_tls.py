"""HTTPS from an authority of the installation's own: made, kept secret, renewed, and trusted by who was given it."""

import http.client
import ipaddress
import socket
import ssl
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from shuxiang.cli import certificates
from shuxiang.cli.plainport import only_public
from shuxiang.common import trust
from tests.durability.house import House, free_port
from tests.durability.processes import environment

pytestmark = pytest.mark.engine_free
AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
NAMES = ("localhost", "127.0.0.1", "[::1]", "library-pc", "192.168.1.20", "www.example.org", "8.8.8.8")


def server_certificate(home: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((home / "tls" / certificates.SERVER).read_bytes())


def test_the_first_start_makes_an_authority_that_can_sign_private_names_only(tmp_path: Path) -> None:
    allowed = certificates.ensure(tmp_path, NAMES, AT)
    assert allowed == ("localhost", "127.0.0.1", "::1", "library-pc", "192.168.1.20", "www.example.org")
    later = certificates.ensure(tmp_path, [*NAMES, "another.example.org"], AT)
    assert "another.example.org" not in later  # what it was not made for, it never signs
    authority = x509.load_pem_x509_certificate((tmp_path / "tls" / trust.AUTHORITY).read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    networks = [one.value for one in limits.value.permitted_subtrees or [] if isinstance(one, x509.IPAddress)]
    assert not any(ipaddress.ip_address("8.8.8.8") in network for network in networks)  # type: ignore[operator]
    assert authority.not_valid_after_utc - AT == certificates.AUTHORITY_LASTS
    assert server_certificate(tmp_path).not_valid_after_utc - AT == certificates.SERVER_LASTS
    for secret in ("ca.key", certificates.SERVER):
        assert stat.S_IMODE((tmp_path / "tls" / secret).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("names", "days", "renewed"),
    [
        (NAMES, 0, False),
        (NAMES, 300, False),
        (NAMES, 360, True),  # it would end soon
        ([*NAMES, "10.0.0.7"], 1, True),  # the network gave another address
        (NAMES[:-1], 1, False),  # what was never signed makes no difference
    ],
)
def test_the_servers_certificate_is_renewed_when_it_must_be(
    tmp_path: Path, names: list[str], days: int, renewed: bool
) -> None:
    certificates.ensure(tmp_path, NAMES, AT)
    before, authority = server_certificate(tmp_path), (tmp_path / "tls" / trust.AUTHORITY).read_bytes()
    certificates.ensure(tmp_path, names, AT + timedelta(days=days))
    assert (server_certificate(tmp_path) != before) is renewed
    assert (tmp_path / "tls" / trust.AUTHORITY).read_bytes() == authority  # nobody has to trust anything anew


def test_an_authority_near_its_end_is_followed_by_another(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, NAMES, AT)
    authority = (tmp_path / "tls" / trust.AUTHORITY).read_bytes()
    certificates.ensure(tmp_path, NAMES, AT + timedelta(days=3500))
    assert (tmp_path / "tls" / trust.AUTHORITY).read_bytes() != authority


@pytest.mark.parametrize(
    ("address", "method", "path", "more", "status"),
    [
        ("127.0.0.1", "POST", "/desk/scan", {}, "200"),
        ("::1", "GET", "/desk/", {}, "200"),
        ("192.168.1.7", "GET", "/l/a/", {}, "200"),
        ("192.168.1.7", "GET", "/desk/certificate", {}, "200"),
        ("192.168.1.7", "GET", "/desk/certificate/shuxiang-ca.crt", {}, "200"),
        ("192.168.1.7", "POST", "/language", {}, "200"),
        ("192.168.1.7", "GET", "/desk/", {}, "307"),
        ("192.168.1.7", "GET", "/kiosk/", {}, "307"),
        ("192.168.1.7", "POST", "/desk/sign-in", {}, "303"),
        ("192.168.1.7", "POST", "/desk/certificate", {}, "303"),
        ("192.168.1.7", "GET", "/api/v1/records", {"HTTP_AUTHORIZATION": "Bearer x"}, "307"),
        ("192.168.1.7", "GET", "/desk/", {"HTTP_HOST": "evil\r\nX: 1"}, "400"),
    ],
)
def test_without_tls_others_get_only_what_is_public(
    address: str, method: str, path: str, more: dict[str, str], status: str
) -> None:
    said: list[Any] = []

    def answer(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        return [b""]

    environ = {
        "REMOTE_ADDR": address,
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "10.0.0.5:8000",
    }
    list(only_public(answer, 8443)(environ | more, lambda *given: said.append(given)))  # type: ignore[arg-type]
    assert said[0][0].startswith(status)
    if status == "307":
        assert dict(said[0][1])["Location"] == f"https://10.0.0.5:8443{path}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A school that speaks TLS."""
    found = House(environment(tmp_path_factory.mktemp("tls")))
    port = free_port()
    found.words = ("--tls", "--tls-port", str(port))
    found.told["tls"] = port
    found.prepare()
    found.told["tls"] = port
    try:
        found.open()
        yield found
    finally:
        found.fall()


def folder(house: House) -> Path:
    return Path(house.env["SHUXIANG_HOME"]) / "tls"


def client(house: House) -> http.client.HTTPSConnection:
    """Somebody who trusts this authority and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(folder(house) / "ca.crt")
    return http.client.HTTPSConnection("127.0.0.1", house.told["tls"], context=context, timeout=20)


def test_who_trusts_the_authority_is_served_and_who_does_not_refuses(house: House) -> None:
    connection = client(house)
    for path in ("/healthz", "/desk/certificate", "/healthz"):  # one connection, several requests
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
    connection.close()
    stranger = http.client.HTTPSConnection("127.0.0.1", house.told["tls"], timeout=20)
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/healthz")
    stranger.close()


def test_long_answers_and_long_questions_arrive_whole(house: House) -> None:
    static = Path(house.env["SHUXIANG_HOME"]) / "static"
    longest = max(
        (path for path in static.rglob("*") if path.suffix in {".js", ".css"}), key=lambda p: p.stat().st_size
    )
    connection = client(house)
    for _ in range(3):
        connection.request("GET", f"/static/{longest.relative_to(static).as_posix()}")
        assert connection.getresponse().read() == longest.read_bytes()
    connection.request("POST", "/language", body=b"language=en&next=" + b"x" * 900_000, headers={
        "Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://127.0.0.1:{house.told['tls']}/",
    })  # fmt: skip
    answer = connection.getresponse()
    answer.read()
    assert answer.status in (302, 403)  # understood to its end: it lacks the form's token
    connection.close()


def test_who_speaks_without_tls_on_that_port_or_breaks_off_harms_nobody(house: House) -> None:
    for said in (b"GET / HTTP/1.0\r\n\r\n", b"", b"\x16\x03\x01\x00\x05hello"):
        with socket.create_connection(("127.0.0.1", house.told["tls"]), timeout=20) as rude:
            rude.sendall(said)
            if said:
                rude.settimeout(20)
                while rude.recv(1000):
                    pass
    connection = client(house)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_cookies_given_over_https_are_for_https_only(house: House) -> None:
    connection = client(house)
    connection.request("GET", house.told["links"]["librarian"])
    cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
    connection.close()
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


def test_the_page_gives_out_the_very_certificate_with_its_fingerprint(house: House) -> None:
    told = trust.read(Path(house.env["SHUXIANG_HOME"]))
    assert told is not None
    connection = client(house)
    connection.request("GET", "/desk/certificate/shuxiang-ca.crt")
    assert connection.getresponse().read() == told.certificate
    connection.request("GET", "/desk/certificate/shuxiang.mobileconfig")
    assert b"com.apple.security.root" in connection.getresponse().read()
    connection.request("GET", "/desk/certificate")
    page = connection.getresponse().read().decode()
    connection.close()
    authority = x509.load_der_x509_certificate(told.certificate)
    assert authority.fingerprint(hashes.SHA256()).hex().upper() == told.fingerprint.replace(":", "")
    assert told.fingerprint in page.replace("<wbr>", "")
