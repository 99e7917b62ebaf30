"""Saved mappings: what the columns or fields of one source mean."""

from collections.abc import Mapping
from datetime import datetime

from shuxiang.imports.models import Profile
from shuxiang.libraries.models import Library


def find(library: Library, kind: str, name: str) -> dict[str, object] | None:
    profile = Profile.objects.filter(library=library, kind=kind, name=name).first()
    return dict(profile.mapping) if profile else None


def save(library: Library, kind: str, name: str, mapping: Mapping[str, object], *, at: datetime) -> Profile:
    """Keep the mapping under this name, over an older one."""
    profile, _ = Profile.objects.update_or_create(
        library=library, kind=kind, name=name[:60], defaults={"mapping": dict(mapping), "changed_at": at}
    )
    return profile


def of_library(library: Library, kind: str) -> list[Profile]:
    """The saved mappings for one kind of list, the latest first."""
    return list(Profile.objects.filter(library=library, kind=kind).order_by("-changed_at"))
