"""What the desk's page tells its script, so that it can go on without the server."""

import base64
import hashlib
from datetime import datetime

from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

import shuxiang

SHELL_FILES = ("ui/sounds.js", "ui/desk.js", "ui/scan.js", "ui/offline.js", "ui/offline.css", "ui/desk.css")


def addresses() -> dict[str, str]:
    """What the panel leads to, whoever looks at it."""
    return {
        "desk_url": reverse("desk:desk"),
        "shell_url": reverse("desk:offline"),
        "kept_url": reverse("desk:kept"),
        "certificate_url": reverse("desk:certificate"),
    }


def panel(owner: str, at: datetime) -> dict[str, object]:
    """Whose desk it is, the secret that the device's key is made from, the server's clock, which page is to be kept."""
    secret = salted_hmac("shuxiang offline desk", owner, algorithm="sha256").digest()
    files = "|".join([shuxiang.__version__, str(get_language()), *[static(name) for name in SHELL_FILES]])
    offline = {
        "owner": owner,
        "secret": base64.b64encode(secret).decode(),
        "now": int(at.timestamp() * 1000),
        "version": hashlib.sha256(files.encode()).hexdigest()[:16],
    }
    return {"offline": offline, **addresses()}
