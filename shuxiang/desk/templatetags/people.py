"""Who did something, as people call them: rows keep the name that somebody signs in under."""

import time

from django import template

from shuxiang.accounts.selectors import name_of

register = template.Library()
_KEPT_SECONDS = 60
_known: dict[str, tuple[str, float]] = {}  # a list of a hundred acts names two or three people


@register.filter
def person(actor: str) -> str:
    """The name to show for “wang” or “wang via desk”."""
    username = actor.partition(" via ")[0]
    name, until = _known.get(username, ("", 0.0))
    if until < time.monotonic():
        name = name_of(username)
        if len(_known) > 1000:
            _known.clear()
        _known[username] = (name, time.monotonic() + _KEPT_SECONDS)
    return name
