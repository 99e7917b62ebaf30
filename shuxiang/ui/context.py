"""Context processor: what the base template needs of the request."""

from typing import Final

from django.http import HttpRequest

THEME_COOKIE: Final = "theme"
THEMES: Final = ("auto", "light", "dark")


def look(request: HttpRequest) -> dict[str, str]:
    """The theme this browser chose: light, dark, or auto (follow the system)."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {"theme": theme if theme in THEMES else "auto"}
