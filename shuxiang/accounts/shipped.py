"""The roles that come with the program. They are rows like a school's own; a migration of each release writes them anew."""

from typing import Any

from django.utils.translation import gettext_noop

_READ = "figures.view"
# code → name, permissions; "*" is every permission there is
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "owner": (gettext_noop("Owner"), ("*",)),
    "librarian": (
        gettext_noop("Librarian"),
        (
            "desk.lend", "desk.override", "desk.history", "catalogue.edit", "catalogue.import", "holdings.post",
            "holdings.withdraw", "patrons.view", "patrons.edit", "patrons.import", "patrons.codes", "circulation.policy",
            "cash.keep", "cash.waive", _READ, "reports.write", "reconcile.run", "libraries.edit", "audit.view",
        ),
    ),
    "class_teacher": (gettext_noop("Class teacher"), ("patrons.view", "patrons.codes", "desk.history", _READ)),
    "pupil_librarian": (gettext_noop("Pupil librarian"), ("desk.lend",)),
    "head": (gettext_noop("Head teacher"), (_READ, "reports.sign", "audit.view")),
    "inspector": (gettext_noop("Inspector"), (_READ,)),
    "acquisitions": (
        gettext_noop("Acquisitions department"),
        ("catalogue.edit", "catalogue.import", "holdings.post", _READ),
    ),
    "cataloguing": (gettext_noop("Cataloguing department"), ("catalogue.edit", "catalogue.import", _READ)),
    "lending": (
        gettext_noop("Lending department"),
        (
            "desk.lend", "desk.override", "desk.history", "patrons.view", "patrons.edit", "patrons.codes", "cash.keep",
            _READ,
        ),
    ),
    "periodicals": (gettext_noop("Periodicals department"), ("desk.lend", "catalogue.edit", "holdings.post", _READ)),
    "children": (
        gettext_noop("Children's department"),
        ("desk.lend", "desk.override", "patrons.view", "patrons.edit", "patrons.codes", "cash.keep", _READ),
    ),
    "reference": (gettext_noop("Reference department"), ("desk.lend", "patrons.view", "cash.keep", _READ)),
}  # fmt: skip


def install(role_model: Any) -> None:
    """Write the shipped roles into a database; roles that a school copied or made are left alone."""
    for code, (name, permissions) in ROLES.items():
        role_model.objects.update_or_create(
            code=code, defaults={"name": name, "permissions": list(permissions), "is_shipped": True}
        )
