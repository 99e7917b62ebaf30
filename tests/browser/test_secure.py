"""Another desk, by HTTPS: a secure context, where the camera works and the desk can go on without the server."""

import base64
import hashlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS
from tests.durability.house import House, free_port
from tests.durability.processes import environment

NAME = socket.gethostname().lower()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A school that speaks TLS."""
    found = House(environment(tmp_path))
    found.prepare()
    found.told["tls"] = free_port()
    found.words = ("--tls", "--tls-port", str(found.told["tls"]))
    try:
        found.open()
        yield found
    finally:
        found.fall()


@pytest.fixture
def trusting(chromium: Browser, house: House) -> Iterator[Page]:
    """Another computer, which reaches the server by its name and was given its certificate, and no other."""
    pem = (Path(house.env["SHUXIANG_HOME"]) / "tls" / "server.pem").read_bytes()
    key = x509.load_pem_x509_certificate(pem).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=[
            *FLAGS,
            f"--ignore-certificate-errors-spki-list={base64.b64encode(digest).decode()}",
            f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
        ],
    )
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(20_000)
    yield page
    browser.close()


def test_by_https_another_desk_is_a_secure_context_with_camera_and_a_desk_without_server(
    house: House, trusting: Page
) -> None:
    page, base = trusting, f"https://{NAME}:{house.told['tls']}"
    page.goto(f"{base}{house.told['links']['librarian']}")
    page.goto(f"{base}/desk/")
    assert page.evaluate("() => window.isSecureContext")
    page.wait_for_function(
        "async () => Boolean(await (await caches.open('shuxiang-offline')).match('/version'))"
    )
    expect(page.locator("[data-offline-insecure]")).to_be_hidden()
    page.locator("[data-live]").click()
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
    house.fall()
    page.reload()
    expect(page.locator("[data-offline-panel]")).to_be_visible()


def test_without_https_the_same_desk_says_what_is_missing(house: House, trusting: Page) -> None:
    page = trusting
    page.goto(f"http://{NAME}:{house.port}{house.told['links']['librarian']}")
    page.goto(f"http://{NAME}:{house.port}/desk/")
    assert not page.evaluate("() => window.isSecureContext")
    expect(page.locator("[data-offline-insecure]")).to_be_visible()
    page.goto(f"http://{NAME}:{house.port}/desk/certificate")
    expect(page.locator(".qr svg")).to_be_visible()
    expect(page.locator("#fingerprint")).to_contain_text(":")
