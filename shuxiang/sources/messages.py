"""What became of packs and targets, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shuxiang.common.decisions import Reason

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from shuxiang.sources.models import Pack

# what a target did with a question
OUTCOMES: dict[str, StrOrPromise] = {
    "ok": _("answered"),
    "nothing": _("answered: it has no such title"),
    "not_asked": _("not asked: it has no index for this question"),
    "timeout": _("gave no answer in time"),
    "no_such_host": _("was not found: no network, or the address is wrong"),
    "unreachable": _("could not be reached"),
    "private_address": _("is in the own network; only the owner may allow that"),
    "certificate": _("has a certificate that cannot be trusted"),
    "redirected": _("sends to another address, which is not followed; enter that one"),
    "http_status": _("answered with an error"),
    "too_large": _("sent more than 4 MB; the rest was not read"),
    "not_xml": _("sent something that is not XML"),
    "doctype": _("sent XML with a document type, which is refused"),
    "not_sru": _("is no SRU server, or the address is not complete"),
    "diagnostic": _("refused the question"),
    "unreadable": _("sent something that could not be read"),
}

# why an act was not done
REASONS: dict[str, StrOrPromise] = {
    "file_empty": _("%(name)s is empty. Choose another file."),
    "not_stored": _("%(name)s could not be kept: %(problem)s. Make room on the disk and try again."),
    "pack_there": _("This very file is loaded already, as “%(name)s”."),
    "name_missing": _("Give it a name, so that everybody sees where a record is from."),
    "address_unreadable": _("This is no address. Write it like http://opac.example.org:8080/sru."),
    "address_scheme": _("The address must begin with http:// or https://."),
    "address_host": _("The address names no server. Write it like http://opac.example.org:8080/sru."),
    "address_credentials": _("Leave user name and password out of the address."),
    "address_query": _("Leave out the question mark and what follows: the program adds its own question."),
    "address_there": _("This address is in the list already, as “%(name)s”."),
    "version_unknown": _("The version must be 1.1 or 1.2."),
    "schema_unreadable": _("The form of records may hold letters, digits and the signs . : / # - only."),
    "profile_unknown": _("Choose CNMARC, MARC 21, or let it be read from each record."),
    "index_unreadable": _("An index is written like bath.isbn or dc.title."),
    "index_missing": _("Name an index for ISBN or for titles: without one nothing can be asked."),
    "timeout_out_of_range": _("Wait between 1 and 30 seconds."),
    "private_needs_owner": _("Only the owner may enter a server in the own network."),
}


def outcome_words(code: str) -> str:
    """What became of a question, as what follows the name of the target."""
    return str(OUTCOMES.get(code, code))


def sentence(reason: Reason) -> str:
    """Why an act was not done."""
    return str(REASONS.get(reason.code, reason.code)) % _plain(reason.params)


def _plain(params: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}


def pack_line(pack: Pack) -> str:
    """The last line of loading, which adds up."""
    read = ngettext("%(count)s record read", "%(count)s records read", pack.rows_read) % {
        "count": pack.rows_read
    }
    return gettext(
        "%(read)s: %(made)s loaded, %(skipped)s without title and number, %(refused)s unreadable."
    ) % {
        "read": read,
        "made": pack.rows_made,
        "skipped": pack.rows_skipped,
        "refused": pack.rows_refused,
    }
