"""The MARC codec: CNMARC and MARC 21, ISO 2709, MARCXML and pasted text, in and out. Knows no Django.

    for item in read_marc(open(path, "rb")):
        match item:
            case RawRecord():
                columns = project(item.record, item.profile)
            case BadRecord():
                print(item.position, sentence(item.code, item.params))

Reading never raises for what is in the file: what cannot be read comes out as a BadRecord, what was odd as a
MarcWarning on the record. `MESSAGES` has an English sentence for each code.
"""

from shuxiang.marc.iso2709 import write_iso2709
from shuxiang.marc.mapping.project import project
from shuxiang.marc.mapping.projection import (
    Author,
    ClassNumber,
    DocType,
    Isbn,
    LocalHolding,
    Projection,
    Series,
    SetParent,
)
from shuxiang.marc.mapping.write import apply_projection, build_record, with_local_holdings
from shuxiang.marc.marcxml import write_marcxml
from shuxiang.marc.messages import MESSAGES, sentence
from shuxiang.marc.reader import read_marc
from shuxiang.marc.types import (
    PROFILES,
    BadRecord,
    Field,
    MarcRecord,
    MarcWarning,
    Profile,
    RawRecord,
    Subfield,
)

__all__ = [
    "MESSAGES",
    "PROFILES",
    "Author",
    "BadRecord",
    "ClassNumber",
    "DocType",
    "Field",
    "Isbn",
    "LocalHolding",
    "MarcRecord",
    "MarcWarning",
    "Profile",
    "Projection",
    "RawRecord",
    "Series",
    "SetParent",
    "Subfield",
    "apply_projection",
    "build_record",
    "project",
    "read_marc",
    "sentence",
    "with_local_holdings",
    "write_iso2709",
    "write_marcxml",
]
