"""The installation's own certificate authority, made at the first start with TLS, and the server's certificate it signs.

The authority may sign for private names and addresses only, so that whoever steals its key can pretend to be nobody on the
Internet. Its key and the server's lie in the data folder, for its owner only.
"""

import ipaddress
import json
import os
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shuxiang.common.trust import AUTHORITY, FOLDER, SERVED

AUTHORITY_KEY, SERVER = "ca.key", "server.pem"
AUTHORITY_LASTS = timedelta(days=3652)
SERVER_LASTS = timedelta(days=397)  # browsers take no longer ones
RENEW_BEFORE = timedelta(days=45)
EARLIER = timedelta(days=2)  # clocks of tablets are wrong
PRIVATE_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
PRIVATE_NETWORKS = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
    "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Key = ec.EllipticCurvePrivateKey


def own_addresses() -> list[str]:
    """Addresses of this computer on its networks, the one that others use first; nothing is sent."""
    found: list[str] = []
    for family, probe in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as looking:
                looking.connect((probe, 9))
                found.append(looking.getsockname()[0])
        except OSError:
            continue  # no such network here
    with suppress(OSError):  # its own name is not known to it
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)]
    return list(dict.fromkeys(address for address in found if "%" not in address))


def ensure(home: Path, names: Iterable[str], at: datetime) -> tuple[str, ...]:
    """See that a server certificate for these names is there and lasts; gives the names it is for.

    A new one is made when it is missing, ends soon, or is for other names. Raises OSError, ValueError (a file is damaged).
    """
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    wanted = list(dict.fromkeys(name.strip("[]").lower() for name in names if "*" not in name))
    authority, key = _authority(folder, [name for name in wanted if _address(name) is None], at)
    allowed = tuple(name for name in wanted if _may_sign(authority, name))
    if not _is_good(folder / SERVER, authority, allowed, at):
        _make_server(folder, authority, key, allowed, at)
    return allowed


def tell_pages(home: Path, addresses: Sequence[str], http_port: int, https_port: int) -> None:
    """Leave for the certificate's page where the server is reached: what others use first, this computer's own last."""
    ordered = sorted(addresses, key=_rank)
    served = {"addresses": ordered, "http_port": http_port, "https_port": https_port}
    _write(home / FOLDER / SERVED, json.dumps(served).encode(), 0o644)


def _rank(name: str) -> tuple[bool, bool]:
    address = _address(name)
    is_own = address.is_loopback if address else name == "localhost"
    return (is_own, address is None or address.version != 4)


def _address(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _authority(folder: Path, names: Sequence[str], at: datetime) -> tuple[x509.Certificate, Key]:
    if (folder / AUTHORITY).exists() and (folder / AUTHORITY_KEY).exists():
        certificate = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        if certificate.not_valid_after_utc > at + SERVER_LASTS:
            return certificate, _read_key(folder / AUTHORITY_KEY)
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Shuxiang"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Shuxiang {socket.gethostname()[:40]} {at:%Y-%m-%d}"),
    ])  # fmt: skip
    inside = [x509.DNSName(name) for name in dict.fromkeys([*PRIVATE_NAMES, *names])]
    inside_networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in PRIVATE_NETWORKS]
    builder = (
        _blank(title, title, key, at, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints([*inside, *inside_networks], None), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256())
    _write(folder / AUTHORITY_KEY, _pem(key), 0o600)
    _write(folder / AUTHORITY, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate, key


def _may_sign(authority: x509.Certificate, name: str) -> bool:
    """Whether the authority was made for such a name: a private one, or one of this computer's when it was made."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    address = _address(name)
    if address is not None:
        networks = [limit.value for limit in limits if isinstance(limit, x509.IPAddress)]
        return any(address in network for network in networks if not isinstance(network, Address))
    ends = [limit.value for limit in limits if isinstance(limit, x509.DNSName)]
    return any(name == end or name.endswith(f".{end}") for end in ends)


def _is_good(path: Path, authority: x509.Certificate, names: Sequence[str], at: datetime) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    if certificate.issuer != authority.subject or certificate.not_valid_after_utc < at + RENEW_BEFORE:
        return False
    given = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in given} == set(names)


def _make_server(
    folder: Path, authority: x509.Certificate, key: Key, names: Sequence[str], at: datetime
) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    alternatives: list[x509.GeneralName] = []
    for name in names:
        address = _address(name)
        alternatives.append(x509.IPAddress(address) if address else x509.DNSName(name))
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Shuxiang")])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    builder = (
        _blank(title, authority.subject, own, at, SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(issuer, critical=False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    # Key and certificate lie in one file, so that no power cut leaves a pair that does not fit.
    _write(folder / SERVER, certificate.public_bytes(serialization.Encoding.PEM) + _pem(own), 0o600)


def _blank(
    subject: x509.Name, issuer: x509.Name, key: Key, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - EARLIER)
        .not_valid_after(at + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read_key(path: Path) -> Key:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no key of ours")
    return key


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk."""
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
