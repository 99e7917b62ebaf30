"""The forms of the cataloguing desk: a title in plain columns, its volumes for a draft, a draft itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.catalogue.services import LIMITS, RecordValues
from shuxiang.common.codes import split_scans
from shuxiang.common.money import parse_price
from shuxiang.holdings.services.entering import MOST_COPIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from shuxiang.holdings.models import AccessionBatch, ShelvingLocation

KINDS = (
    ("book", pgettext_lazy("kind of material", "Book")),
    ("serial", pgettext_lazy("kind of material", "Periodical")),
    ("audiovisual", pgettext_lazy("kind of material", "Audio-visual")),
    ("electronic", pgettext_lazy("kind of material", "E-book")),
    ("other", pgettext_lazy("kind of material", "Other")),
)
SOURCES = (
    ("purchase", pgettext_lazy("source of a batch", "Purchase")),
    ("gift", pgettext_lazy("source of a batch", "Gift")),
    ("transfer", pgettext_lazy("source of a batch", "Transfer")),
    ("exchange", pgettext_lazy("source of a batch", "Exchange")),
    ("own", pgettext_lazy("source of a batch", "Own publication")),
    ("compensation", pgettext_lazy("source of a batch", "Compensation")),
    ("binding", pgettext_lazy("source of a batch", "Bound periodicals")),
    ("opening", pgettext_lazy("source of a batch", "Opening stock")),
)
AUDIENCES = (
    ("", _("Not said")),
    ("b", _("Before school, up to 5")),
    ("c", _("Lower primary, 5 to 10")),
    ("d", _("Upper primary, 9 to 14")),
    ("e", _("Secondary, 14 to 20")),
    ("a", _("Children in general")),
    ("m", _("Adults")),
    ("k", _("Specialists")),
)
FIRST = ("isbn", "title", "authors", "publisher", "published", "price_text", "clc", "series")


def _text(name: str, label: Any, **more: Any) -> forms.CharField:
    code = {"class": "code"} if more.pop("is_code", False) else {}
    attrs = {"autocomplete": "off", **code, **more.pop("attrs", {})}
    widget = more.pop("widget", forms.TextInput)
    return forms.CharField(
        label=label, required=False, max_length=LIMITS.get(name), widget=widget(attrs), **more
    )


class RecordForm(forms.Form):
    """The columns of a record. Only the title is needed; what the form does not show stays as it is."""

    isbn = _text("isbn", "ISBN", is_code=True)
    title = forms.CharField(
        label=pgettext_lazy("bibliographic", "Title"),
        max_length=LIMITS["title"],
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("The only one that is needed"),
        error_messages={"required": _("Enter the title; nothing else is needed.")},
    )
    authors = _text("authors", _("Authors"), help_text=_("As on the title page; several with ; between them"))
    publisher = _text("publisher", pgettext_lazy("bibliographic", "Publisher"))
    published = _text("published", pgettext_lazy("bibliographic", "Date of publication"))
    price_text = _text(
        "price_text", pgettext_lazy("bibliographic", "List price"), attrs={"inputmode": "decimal"}
    )
    clc = _text("clc", _("CLC number"), is_code=True)
    series = _text("series", pgettext_lazy("bibliographic", "Series"))
    subtitle = _text("subtitle", _("Subtitle"))
    volume_mark = _text("volume_mark", _("Volume, part"), help_text=_("Such as 上册, 2, 第三辑"))
    parallel_title = _text("parallel_title", _("Parallel title"))
    place = _text("place", _("Place of publication"))
    edition = _text("edition", pgettext_lazy("bibliographic", "Edition"))
    extent = _text("extent", pgettext_lazy("bibliographic", "Pages"))
    size = _text("size", pgettext_lazy("bibliographic", "Size"))
    issn = _text("issn", "ISSN", is_code=True)
    subjects = _text("subjects", _("Subject words"), help_text=_("Several with ; between them"))
    summary = forms.CharField(
        label=pgettext_lazy("bibliographic", "Summary"), required=False, widget=forms.Textarea({"rows": 3})
    )
    language = _text("language", _("Language code"), help_text=_("chi for Chinese, eng for English"))
    audience = forms.ChoiceField(label=_("For whom"), required=False, choices=AUDIENCES)
    kind = forms.ChoiceField(label=_("Kind of material"), required=False, choices=KINDS)
    is_reference = forms.BooleanField(label=_("Reference work: read in the room only"), required=False)
    is_picture_book = forms.BooleanField(label=_("Picture book"), required=False)
    is_pinyin_annotated = forms.BooleanField(label=_("With pinyin"), required=False)

    def __init__(
        self,
        posted: Mapping[str, Any] | None = None,
        *,
        known: RecordValues | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.known = known or RecordValues()
        begun: dict[str, Any] = {name: getattr(self.known, name) for name in self.base_fields}
        if not self.known.is_complete:
            begun["title"] = ""
        super().__init__(posted, initial=begun | dict(initial or {}))
        codes = [code for code, _words in AUDIENCES]
        if self.known.audience not in codes:  # several codes, from an original
            self.fields["audience"].choices = [*AUDIENCES, (self.known.audience, self.known.audience)]  # type: ignore[attr-defined]

    def begin_with_the_first_blank(self) -> None:
        """Who has scanned an ISBN types on with the title, without reaching for the mouse."""
        blank = next((name for name in FIRST if not self.initial.get(name)), "title")
        self.fields[blank].widget.attrs["autofocus"] = True

    def first(self) -> list[forms.BoundField]:
        """What is asked first."""
        return [self[name] for name in FIRST]

    def more(self) -> list[forms.BoundField]:
        """The rest."""
        return [self[name] for name in self.fields if name not in FIRST]

    def values(self) -> RecordValues:
        """The columns as typed; what is read out of a changed one is read anew."""
        given = self.cleaned_data
        said: dict[str, Any] = {name: given[name] for name in self.fields}
        said["authors"] = _several(given["authors"], self.known.authors)
        said["subjects"] = _several(given["subjects"], self.known.subjects)
        said["kind"] = given["kind"] or self.known.kind
        said["summary"] = given["summary"].replace("\r\n", "\n")
        said["is_complete"] = True
        derived: dict[str, dict[str, Any]] = {
            "isbn": {"isbn13": ""}, "clc": {"clc_main": ""}, "published": {"pub_year": None},
            "price_text": {"price_fen": None, "set_price_fen": None},
        }  # fmt: skip
        for name, blank in derived.items():
            if said[name] != getattr(self.known, name):
                said |= blank
        changed = (
            any(said[name] != getattr(self.known, name) for name in self.fields) or not self.known.is_complete
        )
        return replace(self.known, **said, warnings=()) if changed else self.known


def _several(typed: str, known: str) -> str:
    """Names or words between signs that people type; what was not touched stays as it is."""
    if typed == known:
        return known
    parts = [part.strip() for part in typed.replace("；", ";").split(";")]
    return " ; ".join(part for part in parts if part)


class VolumesForm(forms.Form):
    """Volumes of the title for a draft; no copies means that the title is only catalogued."""

    batch: forms.ModelChoiceField[AccessionBatch] = forms.ModelChoiceField(
        label=_("Into the draft"), queryset=None, required=False, empty_label=_("None: catalogue only")
    )
    copies = forms.CharField(
        label=_("Copies"),
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    home: forms.ModelChoiceField[ShelvingLocation] = forms.ModelChoiceField(
        label=_("Stands in"), queryset=None, required=False, empty_label=None
    )
    paid = forms.CharField(
        label=_("Paid for one volume"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Only where it differs from the list price"),
    )
    barcodes = forms.CharField(
        label=pgettext_lazy("of volumes", "Barcodes"),
        required=False,
        widget=forms.Textarea({"rows": 2, "class": "code", "autocomplete": "off"}),
        help_text=_("Scan them one after the other, a line each"),
    )
    is_numbered = forms.BooleanField(
        label=_("Give the others the next free barcodes"), required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        batches: QuerySet[AccessionBatch],
        places: QuerySet[ShelvingLocation],
        label: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].queryset = batches  # type: ignore[attr-defined]
        self.fields["batch"].label_from_instance = label  # type: ignore[attr-defined]
        self.fields["home"].queryset = places  # type: ignore[attr-defined]

    def clean_copies(self) -> int:
        """A number of copies, 0 when there is none; a scanned barcode here is a slip."""
        text = self.cleaned_data["copies"].strip()
        if not text:
            return 0
        if not text.isdecimal() or text[:-1].startswith("0") or int(text) > MOST_COPIES:
            raise forms.ValidationError(
                _("“%(text)s” is not a number of copies: enter 1 to %(most)s."),
                params={"text": text[:30], "most": MOST_COPIES},
            )
        return int(text)

    def clean_barcodes(self) -> list[str]:
        """The scanned codes in their order."""
        return [code for line in self.cleaned_data["barcodes"].split() for code in split_scans(line) if code]

    def clean_paid(self) -> int | None:
        """Fen, None where nothing is said."""
        text = self.cleaned_data["paid"].strip()
        price = parse_price(text).unit_fen if text else None
        if text and price is None:
            raise forms.ValidationError(
                _("“%(text)s” is not a price, such as 25.80."), params={"text": text[:30]}
            )
        return price

    def clean(self) -> dict[str, Any]:
        """Volumes need a draft, and each barcode is a volume."""
        given = super().clean() or self.cleaned_data
        copies, barcodes = given.get("copies") or 0, given.get("barcodes") or []
        if "copies" not in self.errors:
            given["copies"] = copies = max(copies, len(barcodes))
        if copies and not given.get("batch"):
            self.add_error(
                "batch", forms.ValidationError(_("Choose a draft for the volumes, or open one first."))
            )
        return given


class BatchForm(forms.Form):
    """What came together: where from, on which paper, when."""

    source = forms.ChoiceField(label=pgettext_lazy("of a batch", "Source"), choices=SOURCES)
    document = forms.CharField(label=_("Invoice or deed"), required=False, max_length=100)
    supplier = forms.CharField(label=_("Supplier or giver"), required=False, max_length=100)
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=pgettext_lazy("of a batch", "Note"), required=False, max_length=200)
