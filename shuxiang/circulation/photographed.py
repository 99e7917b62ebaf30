"""What a photograph of barcodes is about: a book's back shows its label, its ISBN and an advertisement at once."""

from collections.abc import Iterable

from shuxiang.circulation.selectors import Identified, identify
from shuxiang.libraries.models import Library


def meant(library: Library, codes: Iterable[str]) -> tuple[Identified, ...]:
    """The codes of one picture that stand for different things here, in their order.

    What nobody knows is left out unless it is all there is; an ISBN is left out beside the label of a volume of its title.
    """
    seen = [identify(library, code) for code in codes]
    known = [one for one in seen if not one.is_unknown]
    labelled = {one.item.holding.record_id for one in known if one.item is not None}
    kept = [one for one in known if one.item or one.card or not labelled & {r.pk for r in one.records}]
    return tuple(kept or seen)
