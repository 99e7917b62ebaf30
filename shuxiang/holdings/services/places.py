"""Where volumes stand: shelving groups and locations."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shuxiang.holdings.models import ShelvingGroup, ShelvingLocation
from shuxiang.libraries.models import Library

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Places:
    """The group and the location for whatever names none."""

    group: ShelvingGroup
    location: ShelvingLocation


@transaction.atomic
def default_places(library: Library) -> Places:
    """The library's main collection and its open shelves; made when missing."""
    group, _is_new = ShelvingGroup.objects.get_or_create(
        library=library, code=MAIN, defaults={"name": _("Main collection")}
    )
    location, _is_new = ShelvingLocation.objects.get_or_create(
        library=library, code=MAIN, defaults={"name": _("Open shelves"), "group": group}
    )
    return Places(group, location)


@transaction.atomic
def ensure_location(library: Library, name: str, *, group: ShelvingGroup | None = None) -> ShelvingLocation:
    """The location with this code or name, made in `group` (the main one) when missing; a blank name is the default."""
    plain = name.strip()
    if not plain:
        return default_places(library).location
    there = ShelvingLocation.objects.filter(library=library)
    found = there.filter(code=plain[:40]).first() or there.filter(name=plain[:60]).first()
    if found is not None:
        return found
    return ShelvingLocation.objects.create(
        library=library, group=group or default_places(library).group, code=plain[:40], name=plain[:60]
    )
