"""The cataloguing desk without a browser: from the van to the shelf and back, both editors, merging, dividing, bad input."""

import io
import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from shuxiang import marc
from shuxiang.audit import jobs, reconcile
from shuxiang.catalogue.models import BibliographicRecord, Original
from shuxiang.catalogue.services import marc_now
from shuxiang.catalogue.services.marc_editing import values_in
from shuxiang.circulation.services import check_in, check_out
from shuxiang.common import clock
from shuxiang.common.ids import uuid7
from shuxiang.holdings.imports.marcexport import export_marc
from shuxiang.holdings.models import AccessionBatch, Holding, Item, ItemIdentifier
from shuxiang.holdings.services import add_items, draft_batch, post_batch
from shuxiang.imports import services as imports
from shuxiang.marc.mapping.holdings import is_local_holding
from tests.school import BY, JOINED_ON, LENT_AT, START, Cast, buy, cast

BACKEND = "django.contrib.auth.backends.ModelBackend"
REAL = Path(marc.__file__).parent / "tests" / "data" / "bnu_sru_cnmarc.xml"
TITLE = {
    "title": "草房子", "authors": "曹文轩；著", "isbn": "9787534618971", "price_text": "22.00", "clc": "I287.45",
    "publisher": "江苏少年儿童出版社", "kind": "book", "language": "chi",
}  # fmt: skip


@pytest.fixture
def school(db: None, tmp_path: Path, settings: LazySettings) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "files"
    return cast()


@pytest.fixture
def client(school: Cast) -> Client:
    return signed_in(school, "librarian")


def signed_in(school: Cast, role: str) -> Client:
    somebody = Client()
    somebody.force_login(school.accounts[role], backend=BACKEND)
    return somebody


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args) + query)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def open_draft(client: Client) -> AccessionBatch:
    form = {"source": "purchase", "received_on": "2026-10-10", "supplier": "新华书店", "document": "F-881"}
    answer = client.post(reverse("desk:batch_open"), form)
    assert answer.status_code == 302, answer.content.decode()
    return AccessionBatch.objects.get(supplier="新华书店")


def catalogue(client: Client, draft: AccessionBatch, **more: str) -> str:
    """Send the quick form of a new title with two volumes; gives the page that follows."""
    form = {
        **TITLE,
        "batch": str(draft.pk),
        "copies": "2",
        "is_numbered": "on",
        "operation": str(uuid7()),
        **more,
    }
    answer = client.post(reverse("desk:cataloguing_new"), form, follow=True)
    return unescape(answer.content.decode())


def form_of(text: str, form: str = "marc") -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    body = re.search(rf'<form[^>]*id="{form}".*?</form>', text, re.DOTALL)
    assert body is not None
    sent: dict[str, str] = {}
    for name, value in re.findall(
        r'<input(?![^>]*type="checkbox")[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', body[0]
    ):
        sent[name] = value
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner) or re.search(r'value="([^"]*)"', inner)
        assert chosen is not None
        sent[name] = chosen[1]
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', body[0], re.DOTALL):
        sent[name] = inner
    return sent


def test_from_the_van_to_the_shelf(client: Client, school: Cast) -> None:
    assert "还没有打开的草稿" in page(client, "cataloguing")
    draft = open_draft(client)
    start = page(client, "cataloguing", query=f"?batch={draft.pk}&q=9787534618971")
    assert "“9787534618971”还不在本馆目录里" in start
    said = catalogue(client, draft)
    assert "《草房子》" in said
    assert "I287.45/1" in said
    assert "草稿里 2 册" in said
    record = BibliographicRecord.objects.get(title="草房子")
    assert (record.authors, record.price_fen, record.isbn13) == ("曹文轩 ; 著", 2200, "9787534618971")
    assert Item.objects.filter(holding__record=record, account="draft").count() == 2
    assert ItemIdentifier.objects.filter(item__holding__record=record).count() == 2
    assert "2 册" in page(client, "batch", draft.pk)
    client.post(reverse("desk:batch_post", args=[draft.pk]), {"on": "2026-10-12", "operation": str(uuid7())})
    draft.refresh_from_db()
    assert (draft.state, str(draft.posted_on), draft.volumes) == ("posted", "2026-10-12", 2)
    assert Item.objects.filter(holding__record=record, account="shelf").count() == 2
    assert reconcile.run("a").is_clean


def test_an_entry_is_taken_back_by_the_button_beside_its_sentence(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    said = catalogue(client, draft)
    undo = re.search(r'action="(/desk/cataloguing/undo/[^"]+)"', said)
    assert undo is not None
    answer = client.post(undo[1], follow=True)
    assert "《草房子》" in unescape(answer.content.decode())
    assert not BibliographicRecord.objects.filter(title="草房子", deleted_at=None).exists()
    assert not Item.objects.filter(property_line__batch=draft).exists()
    again = client.post(undo[1], follow=True)
    assert "没有可以撤回的" in unescape(again.content.decode())
    assert reconcile.run("a").is_clean


def test_a_form_without_title_or_with_nonsense_loses_nothing(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    for wrong, sentence in (
        ({"title": ""}, "请填题名，其他都可以不填"),
        ({"copies": "9787534618971"}, "不是册数"),
        ({"paid": "很便宜"}, "不是价格"),
        ({"batch": ""}, "请选一个草稿"),
        ({"copies": "2001"}, "不是册数"),
    ):
        form = {**TITLE, "batch": str(draft.pk), "copies": "1", **wrong}
        answer = client.post(reverse("desk:cataloguing_new"), form)
        text = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert sentence in text
        assert "江苏少年儿童出版社" in text
    assert not BibliographicRecord.objects.filter(title="草房子").exists()


def test_a_taken_barcode_is_refused_and_nothing_is_half_done(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    catalogue(client, draft, barcodes="K0001\nK0002")
    text = catalogue(client, draft, title="草房子（二）", isbn="", barcodes="K0003\nK0001")
    assert "K0001" in text
    assert "再" in text
    assert not BibliographicRecord.objects.filter(title="草房子（二）").exists()
    assert not ItemIdentifier.objects.filter(value="K0003").exists()


def test_while_one_types_what_is_known_is_shown(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    catalogue(client, draft)
    piece = page(client, "cataloguing_twins", query="?isbn=978-7-5346-1897-1&title=草房子")
    assert "就是同一种书" in piece
    assert "草房子" in piece
    assert "没有相近的" in page(client, "cataloguing_twins", query="?title=天地玄黄宇宙洪荒")
    own = BibliographicRecord.objects.get(title="草房子")
    assert "就是同一种书" not in page(client, "cataloguing_twins", query=f"?title=草房子&record={own.pk}")


def test_while_one_types_wrong_numbers_are_told_and_nothing_is_refused(client: Client) -> None:
    wrong = page(client, "cataloguing_twins", query="?title=某书&isbn=9787020002208&clc=W99")
    assert "9787020002208" in wrong
    assert wrong.count('class="ask"') == 2
    right = page(client, "cataloguing_twins", query="?title=某书&isbn=9787020002207&clc=I247.57")
    assert 'class="ask"' not in right


def test_further_copies_of_a_title_that_is_here(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    catalogue(client, draft)
    record = BibliographicRecord.objects.get(title="草房子")
    text = page(client, "cataloguing_record", record.pk, query=f"?batch={draft.pk}")
    assert "I287.45/1" in text
    form = {
        **TITLE,
        "authors": record.authors,
        "batch": str(draft.pk),
        "copies": "3",
        "operation": str(uuid7()),
    }
    before = record.modified_at
    client.post(reverse("desk:cataloguing_record", args=[record.pk]), form)
    record.refresh_from_db()
    assert Item.objects.filter(holding__record=record).count() == 5
    assert record.modified_at == before


def test_a_record_of_another_library_is_taken_and_not_changed(school: Cast) -> None:
    hers = signed_in(school, "cataloguing")
    record, _item = buy(school.b.library, "共用的书")
    found = page(hers, "cataloguing", query="?q=共用的书")
    assert "本系统的其他馆" in found
    assert "另有 1 个馆收藏" in found
    text = page(hers, "cataloguing_record", record.pk)
    assert "也在用这条书目" in text
    form = {"title": "改坏了", "clc": "I287.7", "kind": "book"}
    answer = hers.post(reverse("desk:cataloguing_record", args=[record.pk]), form)
    assert answer.status_code == 422
    assert "共用" in unescape(answer.content.decode())
    record.refresh_from_db()
    assert record.title == "共用的书"
    draft = draft_batch(library=school.a.library, source="gift", received_on=JOINED_ON, by=BY, at=START)
    same = {"title": "共用的书", "kind": "book", "batch": str(draft.pk), "copies": "1"}
    hers.post(reverse("desk:cataloguing_record", args=[record.pk]), same)
    assert Holding.objects.filter(record=record, library=school.a.library).exists()


# MARC


def imported(school: Cast, path: Path = REAL) -> tuple[BibliographicRecord, marc.RawRecord]:
    """The first of the real records in a file (marc/tests/data/ORIGINS.md), imported with its volumes."""
    raw = next(one for one in marc.read_marc(path.read_bytes()) if isinstance(one, marc.RawRecord))
    file = io.BytesIO(path.read_bytes())
    draft = imports.bring(
        file, name=path.name, library=school.a.library, kinds=("books",), by=BY, at=clock.now()
    )
    jobs.run_pending()
    draft.refresh_from_db()
    imports.start(draft, shown_round=draft.round, by=BY, at=clock.now())
    jobs.run_pending()
    title = values_in(raw.record, raw.profile).title
    return BibliographicRecord.objects.get(title=title), raw


@pytest.mark.parametrize("name", ["bnu_sru_cnmarc.xml", "paste_nlc_aleph.txt", "paste_tcmarc.txt"])
def test_import_both_editors_export_and_every_untouched_field_is_equal(
    client: Client, school: Cast, tmp_path: Path, name: str
) -> None:
    record, raw = imported(school, REAL.with_name(name))
    form = form_of(page(client, "cataloguing_marc", record.pk))
    field = next(key[:-4] for key, value in form.items() if key.endswith(".tag") and value == "210")
    place = next(
        key
        for key, value in form.items()
        if key.startswith(f"{field}.s") and key.endswith(".c") and value == "c"
    )
    form[place[:-1] + "v"] = "另一家出版社"
    answer = client.post(reverse("desk:cataloguing_marc", args=[record.pk]), {**form, "act": "save"})
    assert answer.status_code == 302, re.findall("<p>(.*?)</p>", answer.content.decode())
    record.refresh_from_db()
    assert record.publisher == "另一家出版社"
    quick = page(client, "cataloguing_record", record.pk)
    names = re.findall(r'name="(\w+)"[^>]*? id="id_', quick)
    assert "extent" in names
    columns = {name: getattr(record, name) or "" for name in names if hasattr(record, name)}
    flags = {name: "on" for name, value in columns.items() if value is True}
    texts = {name: str(value) for name, value in columns.items() if not isinstance(value, bool)}
    client.post(
        reverse("desk:cataloguing_record", args=[record.pk]),
        {**texts, **flags, "extent": "321页", "batch": ""},
    )
    export_marc(school.a.library, tmp_path / "out.mrc", START)
    out = [
        one.record
        for one in marc.read_marc((tmp_path / "out.mrc").read_bytes())
        if isinstance(one, marc.RawRecord)
    ]
    mine = next(one for one in out if one.first("210", "c") == "另一家出版社")
    assert mine.first("215", "a") == "321页"
    # volumes that had no number have one since they are in the books: their fields are written from them
    came = [one for one in raw.record.fields if not is_local_holding(one, "cnmarc")]
    went = [one for one in mine.fields if not is_local_holding(one, "cnmarc")]
    assert [one.tag for one in went] == [one.tag for one in came]
    assert [new.tag for new, old in zip(went, came, strict=True) if new != old] == ["210", "215"]
    assert mine.leader == raw.record.leader


def test_a_record_too_long_is_a_clear_sentence_and_what_was_typed_stays(client: Client, school: Cast) -> None:
    record, _raw = imported(school)
    form = form_of(page(client, "cataloguing_marc", record.pk))
    for number in range(90, 102):
        form |= {f"f{number}.tag": "300", f"f{number}.s0.c": "a", f"f{number}.s0.v": "长" * 3_000}
    answer = client.post(reverse("desk:cataloguing_marc", args=[record.pk]), {**form, "act": "save"})
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "一条 MARC 记录最多 99,999 字节" in text
    assert text.count("长" * 3_000) == 12
    assert Original.objects.filter(record=record).count() == 1


def test_a_field_is_added_and_one_is_taken_out_without_saving_in_between(
    client: Client, school: Cast
) -> None:
    record, raw = imported(school)
    form = form_of(page(client, "cataloguing_marc", record.pk))
    answer = client.post(
        reverse("desk:cataloguing_marc", args=[record.pk]), {**form, "act": "add", "new_tag": "312"}
    )
    text = unescape(answer.content.decode())
    assert "相关题名附注" in text
    assert Original.objects.filter(record=record).count() == 1
    form = form_of(text)
    added = next(key[:-4] for key, value in form.items() if key.endswith(".tag") and value == "312")
    gone = next(key[:-4] for key, value in form.items() if key.endswith(".tag") and value == "215")
    form |= {f"{added}.s0.v": "封面题名：另一个", f"{gone}.drop": "1"}
    client.post(reverse("desk:cataloguing_marc", args=[record.pk]), {**form, "act": "save"})
    now = marc_now(BibliographicRecord.objects.get(pk=record.pk), school.a.library).record
    assert now.first("312", "a") == "封面题名：另一个"
    assert now.get("215") is None
    assert len(now.fields) == len(raw.record.fields)
    wrong = client.post(
        reverse("desk:cataloguing_marc", args=[record.pk]), {**form, "act": "add", "new_tag": "3x"}
    )
    assert "不是字段号" in unescape(wrong.content.decode())


@pytest.mark.parametrize("profile", ["cnmarc", "marc21"])
@pytest.mark.parametrize("kind", ["book", "serial", "audiovisual", "electronic"])
def test_a_template_is_filled_in_and_becomes_a_title(
    client: Client, school: Cast, kind: str, profile: str
) -> None:
    text = page(client, "cataloguing_marc_new", query=f"?template={kind}&profile={profile}")
    form = form_of(text)
    tag = "200" if profile == "cnmarc" else "245"
    field = next(key[:-4] for key, value in form.items() if key.endswith(".tag") and value == tag)
    form[f"{field}.s0.v"] = "新编的书"
    answer = client.post(reverse("desk:cataloguing_marc_new"), {**form, "act": "save"})
    assert answer.status_code == 302
    record = BibliographicRecord.objects.get(title="新编的书")
    assert record.kind == kind
    assert "这里没有不妥之处" in page(client, "cataloguing_marc", record.pk)


def test_somebody_else_saved_meanwhile(client: Client, school: Cast) -> None:
    record, _raw = imported(school)
    form = form_of(page(client, "cataloguing_marc", record.pk))
    columns = {**TITLE, "title": "别人改的"}
    client.post(reverse("desk:cataloguing_record", args=[record.pk]), columns)
    answer = client.post(reverse("desk:cataloguing_marc", args=[record.pk]), {**form, "act": "save"})
    assert answer.status_code == 422
    assert "别人保存了" in unescape(answer.content.decode())
    history = page(client, "cataloguing_history", record.pk)
    undo = re.search(r'action="(/desk/cataloguing/undo/[^"]+)"', history)
    assert undo is not None
    client.post(undo[1])
    record.refresh_from_db()
    assert record.title != "别人改的"


# Merging, dividing, sets


def test_records_are_merged_with_their_loans_and_parted_again(client: Client, school: Cast) -> None:
    mine = school.a
    stays, _copy = buy(mine.library, "榆树的故事 新版")
    assert mine.loan.record_id == mine.record.pk
    compared = page(client, "cataloguing_merge", stays.pk, query=f"?with={mine.record.pk}")
    assert "书标要改成" in compared
    form = {"with": str(mine.record.pk), "operation": str(uuid7())}
    answer = client.post(reverse("desk:cataloguing_merge", args=[stays.pk]), form, follow=True)
    text = unescape(answer.content.decode())
    assert "并入了这条书目" in text
    mine.loan.refresh_from_db()
    assert mine.loan.record_id == stays.pk
    assert reconcile.run("a").is_clean
    check_in(item=mine.item, at=LENT_AT, by=BY, library=mine.library)
    newer = check_out(
        library=mine.library, patron=mine.patron, item=Item.objects.get(pk=mine.item.pk), at=LENT_AT, by=BY
    )
    assert newer.record_id == stays.pk
    undo = re.search(r'action="(/desk/cataloguing/undo/[^"]+)"', text)
    assert undo is not None
    client.post(undo[1])
    for loan in (mine.loan, newer):
        loan.refresh_from_db()
        assert loan.record_id == mine.record.pk
    assert reconcile.run("a").is_clean


def test_volumes_are_divided_off_and_come_back(client: Client, school: Cast) -> None:
    library = school.a.library
    record, first = buy(library, "昆虫记")
    batch = draft_batch(library=library, source="purchase", received_on=JOINED_ON, by=BY, at=START)
    add_items(batch=batch, holding=first.holding, copies=1, by=BY, at=START)
    post_batch(batch, by=BY, at=START, on=JOINED_ON)
    assert "昆虫记" in page(client, "cataloguing_split", record.pk)
    form = {"title": "昆虫记（美绘版）", "kind": "book", "operation": str(uuid7())}
    nothing = client.post(reverse("desk:cataloguing_split", args=[record.pk]), form)
    assert "没有选册" in unescape(nothing.content.decode())
    client.post(reverse("desk:cataloguing_split", args=[record.pk]), {**form, "item": [str(first.pk)]})
    new = BibliographicRecord.objects.get(title="昆虫记（美绘版）")
    first.refresh_from_db()
    assert first.holding.record_id == new.pk
    assert reconcile.run("a").is_clean
    undo = re.search(
        r'action="(/desk/cataloguing/undo/[^"]+)"', page(client, "cataloguing_history", record.pk)
    )
    assert undo is not None
    client.post(undo[1])
    first.refresh_from_db()
    assert first.holding.record_id == record.pk
    assert reconcile.run("a").is_clean


def test_a_set_is_made_and_its_volumes_stand_beside_each_other(client: Client, school: Cast) -> None:
    one, _copy = buy(school.a.library, "西游记 上")
    two, _copy = buy(school.a.library, "西游记 下")
    assert "还没有“四大名著”这条书目" in page(client, "cataloguing_set", one.pk, query="?q=四大名著")
    client.post(reverse("desk:cataloguing_set", args=[one.pk]), {"title": "四大名著", "part_number": "1"})
    parent = BibliographicRecord.objects.get(title="四大名著")
    client.post(
        reverse("desk:cataloguing_set", args=[two.pk]), {"parent": str(parent.pk), "part_number": "2"}
    )
    assert list(parent.parts.order_by("part_number").values_list("title", flat=True)) == [
        "西游记 上",
        "西游记 下",
    ]
    assert "西游记 下" in page(client, "cataloguing_record", one.pk)
    within = client.post(
        reverse("desk:cataloguing_set", args=[parent.pk]), {"parent": str(one.pk)}, follow=True
    )
    assert "不能归入" in unescape(within.content.decode())
    client.post(reverse("desk:cataloguing_set", args=[one.pk]), {})
    one.refresh_from_db()
    assert one.parent is None


# Batches


def test_a_draft_loses_a_line_and_is_undone_whole(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    catalogue(client, draft)
    items = ",".join(
        str(pk) for pk in Item.objects.filter(property_line__batch=draft).values_list("pk", flat=True)
    )
    client.post(reverse("desk:batch_erase", args=[draft.pk]), {"items": items, "operation": str(uuid7())})
    assert not Item.objects.filter(property_line__batch=draft).exists()
    refused = client.post(reverse("desk:batch_post", args=[draft.pk]), {"operation": str(uuid7())})
    assert refused.status_code == 422
    client.post(reverse("desk:batch_discard", args=[draft.pk]), {"operation": str(uuid7())})
    draft.refresh_from_db()
    assert draft.state == "void"
    assert "已撤销" in page(client, "batch", draft.pk)


def test_a_posted_batch_is_reversed_and_what_was_lent_is_named(client: Client, school: Cast) -> None:
    draft = open_draft(client)
    catalogue(client, draft)
    client.post(reverse("desk:batch_post", args=[draft.pk]), {"operation": str(uuid7())})
    school.a.patron.refresh_from_db()
    check_in(item=school.a.item, at=clock.now(), by=BY, library=school.a.library)
    lent = Item.objects.filter(property_line__batch=draft).order_by("pk").first()
    assert lent is not None
    check_out(library=school.a.library, patron=school.a.patron, item=lent, at=clock.now(), by=BY)
    assert "1 册会红冲" in page(client, "batch_reverse", draft.pk)
    answer = client.post(reverse("desk:batch_reverse", args=[draft.pk]), {"operation": str(uuid7())})
    text = unescape(answer.content.decode())
    assert "共 2 册 = 红冲 1 册 + 留下 1 册" in text
    assert reconcile.run("a").is_clean


def test_who_may_catalogue_but_not_post_sees_no_button_for_it(school: Cast) -> None:
    hers = signed_in(school, "cataloguing")
    draft = open_draft(hers)
    catalogue(hers, draft)
    text = page(hers, "batch", draft.pk)
    assert "登记入帐的权限" in text
    assert reverse("desk:batch_post", args=[draft.pk]) not in text


def test_pages_of_things_that_are_not_there(client: Client, school: Cast) -> None:
    for name in (
        "cataloguing_record",
        "cataloguing_marc",
        "cataloguing_history",
        "batch",
        "cataloguing_merge",
    ):
        for key in (10**6, 2**63 + 1):
            assert client.get(reverse(f"desk:{name}", args=[key])).status_code == 404
    theirs = draft_batch(library=school.b.library, source="gift", received_on=JOINED_ON, by=BY, at=START)
    assert client.get(reverse("desk:batch", args=[theirs.pk])).status_code == 404
