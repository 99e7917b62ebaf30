"""The certificate of an installation's own authority, as others are given it: file, Apple profile, fingerprint."""

import hashlib
import json
import plistlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

FOLDER = "tls"  # below the data folder
AUTHORITY, SERVED = "ca.crt", "served.json"


@dataclass(frozen=True)
class Trust:
    """What another device is told: the authority's certificate (DER), and where the server is reached."""

    certificate: bytes
    addresses: tuple[str, ...]  # names and addresses the server's certificate is for, best for others first
    http_port: int
    https_port: int

    @property
    def fingerprint(self) -> str:
        """SHA-256 in pairs, as every system shows it: `AB:CD:…`."""
        digest = hashlib.sha256(self.certificate).hexdigest().upper()
        return ":".join(digest[n : n + 2] for n in range(0, len(digest), 2))

    def url(self, scheme: str, host: str) -> str:
        """The server's address by one of its names."""
        port = self.https_port if scheme == "https" else self.http_port
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def read(home: Path) -> Trust | None:
    """What the server that runs with TLS left for its pages; None when it was never started so."""
    folder = home / FOLDER
    try:
        served = json.loads((folder / SERVED).read_text(encoding="utf-8"))
        certificate = ssl.PEM_cert_to_DER_cert((folder / AUTHORITY).read_text(encoding="ascii"))
        return Trust(certificate, tuple(served["addresses"]), served["http_port"], served["https_port"])
    except (OSError, ValueError, KeyError):
        return None


def apple_profile(trust: Trust, name: str) -> bytes:
    """The certificate as a configuration profile, which iPhone, iPad and Mac ask about once and keep."""
    inner = str(uuid5(NAMESPACE_URL, f"ca {trust.fingerprint}"))
    outer = str(uuid5(NAMESPACE_URL, f"profile {trust.fingerprint}"))
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"shuxiang.ca.{inner}",
        "PayloadUUID": inner,
        "PayloadDisplayName": name,
        "PayloadContent": trust.certificate,
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"shuxiang.profile.{outer}",
        "PayloadUUID": outer,
        "PayloadDisplayName": name,
        "PayloadContent": [root],
    }
    return plistlib.dumps(profile)
