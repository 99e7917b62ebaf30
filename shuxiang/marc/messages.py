"""English sentences for every code that reading and writing MARC may give; rooms with Django translate them."""

from __future__ import annotations

from shuxiang.marc.types import Params

MESSAGES: dict[str, str] = {
    # What was survived.
    "control_characters_removed": "{count} control characters were removed from the text.",
    "directory_ignored": "The directory of the record is wrong; the fields were told apart by their end marks.",
    "directory_short": "The directory lists {listed} fields, but {found} end marks were found; the fields were put "
    "together by their lengths.",
    "empty_subfields_dropped": "{count} subfields without a code and without text were left out.",
    "encoding_differs": "This record is written in {encoding}, the file in {file_encoding}.",
    "end_mark_missing": "The record has no end mark.",
    "indicators_repaired": "Field {tag}: the two indicators were incomplete.",
    "leader_repaired": "The leader of the record was incomplete.",
    "line_breaks_removed": "Line breaks inside the record were removed.",
    "profile_uncertain": "Nothing in the record tells CNMARC from MARC 21; it was read as {profile}.",
    "record_length_wrong": "The leader says {declared} bytes, the record has {actual}.",
    "record_too_long": "The record has {length} bytes; ISO 2709 allows 99,999, and 9,999 in a field.",
    "tag_repaired": "The tag {found} was read as {tag}.",
    "undecodable_bytes": "{count} characters are not valid {encoding} and show as \ufffd.",
    "utf16_converted": "The file is in UTF-16; it was converted.",
    "xml_repaired": "The XML is broken at line {line}; the record was read as far as possible.",
    # What was not.
    "directory_unreadable": "The record has no directory that can be read.",
    "gzip_broken": "The compressed file ends early or is damaged.",
    "no_fields": "The record holds no fields.",
    "not_marc": "This is neither ISO 2709, nor MARCXML, nor a MARC record copied as text.",
    "record_endless": "No end of the record was found within {limit} bytes.",
    "record_too_short": "The record is too short: {length} bytes.",
    "record_unreadable": "The record could not be read.",
    "xml_broken": "The XML cannot be read from line {line} on.",
    "xml_doctype_refused": "The XML declares a document type; files with entities are refused for safety.",
    "xml_empty": "The XML holds no MARC record.",
    # What a cataloguer is told; the record may be kept all the same.
    "check_code": "{place}, position {position}: “{value}” is not one of its codes.",
    "check_field": "{tag} is not a field that is known here; it is kept as it stands.",
    "check_indicator": "{tag}: “{value}” is not one of its indicators.",
    "check_isbn": "{tag}: “{value}” is not a right ISBN; compare it with the volume.",
    "check_language": "{tag}: “{value}” is no language code; it has three letters, such as chi or eng.",
    "check_length": "{place} has {actual} characters instead of {wanted}; the positions may have shifted.",
    "check_missing": "Field {tag} is missing; every record should have it.",
    "check_no_title": "{tag} has no title in $a; the record will be listed as incomplete.",
    "check_once": "There are {count} fields {tag}; it should stand once only.",
    "check_subfield": "{tag} has no subfield ${code} that is known here; it is kept as it stands.",
    # Writing.
    "cannot_write_empty": "There is nothing in the record: fill in the title at least.",
    "cannot_write_field": "Field {tag} would have {length} bytes, and a field may have 9,999: shorten it or divide it.",
    "cannot_write_record": "The record would have {length} bytes, and a MARC record may have 99,999: shorten the long "
    "notes or take out fields. What you typed still stands here.",
    "cannot_write_tag": "“{tag}” is no tag: it has three digits, such as 200.",
    "cannot_encode": "The character {character} cannot be written in {encoding}.",
}


def sentence(code: str, params: Params) -> str:
    """The English sentence for a code; for logs and tests, since readers see translations."""
    return MESSAGES[code].format(**params)
