"""Printing from the first choice to the file: what a page shows, what the PDF holds, what the log keeps."""

import re
from datetime import date
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.test import Client

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.tests.desk import BY, START
from shuxiang.holdings import labels
from shuxiang.holdings.models import AccessionBatch, Item
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.libraries.models import Library
from shuxiang.patrons import labels as people
from shuxiang.printing.models import LabelSheet, Printer, PrintRun
from tests.class_of_forty import NAMES, Forty, class_of_forty

KINDS = zxingcpp.BarcodeFormat
FORMATS = zxingcpp.BarcodeFormats(
    [KINDS.Code128, KINDS.Code39, KINDS.EAN13, KINDS.QRCode]
)  # as a scanner is set
SIXTEEN = "中国古代神话故事精选少年版全集上"


@pytest.fixture
def school(db: None) -> Forty:
    shipped.install(Role)
    return class_of_forty()


@pytest.fixture
def client(school: Forty) -> Client:
    return signed_in(school.library, "librarian")


def signed_in(library: Library, role: str) -> Client:
    account = create_account(username=role.replace("_", "-"), display_name=role, by=BY, at=START)
    grant(account=account, role=role, library=library, from_on=date(2026, 1, 1), by=BY, at=START)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def prepare(client: Client, kind: str, **given: str) -> PrintRun:
    response = client.post(f"/desk/printing/choose/{kind}/", given)
    assert response.status_code == 302, told(response.content.decode())
    return PrintRun.objects.get(
        pk=int(urlsplit(response.headers["Location"]).path.rstrip("/").rpartition("/")[2])
    )


def refused(client: Client, kind: str, **given: str) -> str:
    response = client.post(f"/desk/printing/choose/{kind}/", given)
    assert response.status_code == 422
    return told(response.content.decode())


def told(page: str) -> str:
    return " ".join(re.findall(r'<p class="err"><span>(.*?)</span>', page))


def pdf(client: Client, run: PrintRun, **given: str) -> bytes:
    response = client.post(f"/desk/printing/runs/{run.pk}/file", given)
    assert response.status_code == 200, told(response.content.decode())
    assert response.headers["Content-Type"] == "application/pdf"
    return response.content


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def scanned(data: bytes) -> list[str]:
    found = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            dots = 600 if page.get_width() < 300 else 300  # an inch; the smallest bars stand on small labels
            picture = page.render(scale=dots / 72, grayscale=True).to_pil()
            found += [code.text for code in zxingcpp.read_barcodes(picture, formats=FORMATS)]
    return sorted(found)


def codes_of(school: Forty) -> list[str]:
    return sorted(school.code(index) for index in range(len(school.items)))


@pytest.mark.parametrize("symbology", ["code128", "code39", "qr"])
@pytest.mark.parametrize("sheet", ["a4-5x13", "a4-3x8", "roll-30x20"])
def test_barcodes_from_a_scanned_list_are_read_back(
    client: Client, school: Forty, symbology: str, sheet: str
) -> None:
    codes = codes_of(school)
    run = prepare(client, "barcode", by="list", list="\n".join(codes), symbology=symbology)
    assert scanned(pdf(client, run, sheet=sheet)) == codes


def test_spine_labels_of_the_batch_just_posted(client: Client, school: Forty) -> None:
    batch = AccessionBatch.objects.filter(library=school.library).latest("pk")
    run = prepare(client, "spine", by="batch", batch=str(batch.pk), lines="2")
    lines = batch.lines.order_by("number")
    text = text_of(pdf(client, run)).split()
    assert text == [part for line in lines for part in line.item.holding.call_number.split("/")]
    logged = read(client, "/desk/printing/")
    assert f"第 {batch.number} 批" in logged
    assert "书标" in logged


def test_a_third_line_names_part_and_copy_or_the_place(client: Client, school: Forty) -> None:
    item = Item.objects.filter(library=school.library, copy_number=2).first()
    assert item is not None
    item_code = item.identifiers.get().value
    run = prepare(client, "spine", by="list", list=item_code, lines="3", third="mark")
    assert text_of(pdf(client, run)).split()[-1] == "c2"
    run = prepare(client, "spine", by="list", list=item_code, lines="3", third="place", code="code128")
    data = pdf(client, run, sheet="a4-3x8")
    assert item.home.code in text_of(data)
    assert scanned(data) == [item_code]


def test_a_range_of_accession_numbers_is_printed_again_from_one_label_to_another(
    client: Client, school: Forty
) -> None:
    run = prepare(client, "barcode", by="accession", accession_first="B1", accession_last="5")
    assert run.total == 5
    everything = scanned(pdf(client, run, first="1", last="5", start="60"))
    run.refresh_from_db()
    assert (run.labels, run.start, run.sheet) == (5, 60, "a4-5x13")
    again = read(client, f"/desk/printing/runs/{run.pk}/")
    assert "打印过" in again
    part = scanned(pdf(client, run, first="2", last="3"))
    assert len(part) == 2
    assert set(part) < set(everything)
    second = PrintRun.objects.latest("pk")
    assert (second.repeats, second.first, second.last, second.labels) == (run, 2, 3, 2)
    assert "上次那张纸从第" in read(client, f"/desk/printing/runs/{run.pk}/")


def test_pressing_twice_is_one_line_in_the_log(client: Client, school: Forty) -> None:
    run = prepare(client, "spine", by="class", clc="I")
    page = read(client, f"/desk/printing/runs/{run.pk}/")
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form is not None
    for _time in range(2):
        pdf(client, run, form=form[1])
    assert PrintRun.objects.count() == 1
    pdf(client, run, form=form[1], start="2")
    assert PrintRun.objects.count() == 2


def test_a_range_of_barcodes_is_taken_by_its_signs(client: Client, school: Forty) -> None:
    codes = codes_of(school)
    same = [code for code in codes if len(code) == len(codes[0])]
    run = prepare(client, "barcode", by="barcode", barcode_first=same[2], barcode_last=same[0])
    assert scanned(pdf(client, run)) == same[:3]


def test_a_class_is_printed_in_the_order_of_its_shelf(client: Client, school: Forty) -> None:
    other = save_record(record=None, values=RecordValues(title="鸟"), library=school.library, by=BY, at=START)
    holding = hold(library=school.library, record=other, clc="Q959.7", by=BY, at=START)
    batch = draft_batch(library=school.library, source="gift", received_on=START.date(), by=BY, at=START)
    add_items(batch=batch, holding=holding, copies=1, by=BY, at=START)
    post_batch(batch, by=BY, at=START, on=START.date())
    run = prepare(client, "spine", by="class", clc="q")
    assert text_of(pdf(client, run)).split() == ["Q959.7", "1"]
    every = prepare(client, "spine", by="class", clc="", place=str(Item.objects.get(holding=holding).home_id))
    assert text_of(pdf(client, every)).split()[-2:] == ["Q959.7", "1"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"by": "batch", "batch": ""}, "请选一个批次"),
        ({"by": "batch", "batch": "99999"}, "请选一个批次"),
        ({"by": "accession", "accession_first": "B1", "accession_last": "P9"}, "同一系列"),
        ({"by": "accession", "accession_first": "", "accession_last": ""}, "同一系列"),
        ({"by": "accession", "accession_first": "B90001", "accession_last": "B90009"}, "没有可打印的"),
        ({"by": "barcode", "barcode_first": "001", "barcode_last": "0002"}, "位数相同"),
        ({"by": "list", "list": "  \n"}, "至少扫描"),
        ({"by": "list", "list": "XYZ-1 XYZ-2"}, "有 2 个号码在这里没有可打印的对象：XYZ-1 XYZ-2"),
        ({"by": "class", "clc": ""}, "请写分类号"),
    ],
)
def test_a_choice_that_means_nothing_is_answered_with_a_sentence(
    client: Client, given: dict[str, str], sentence: str
) -> None:
    assert sentence in refused(client, "spine", **given)


def test_what_was_typed_stays_when_it_is_refused(client: Client) -> None:
    response = client.post("/desk/printing/choose/spine/", {"by": "list", "list": "XYZ-1", "lines": "3"})
    page = response.content.decode()
    assert ">XYZ-1</textarea>" in page
    assert '<option value="3" selected>' in page
    assert 'value="list" checked' in page


def test_volumes_without_barcode_or_call_number_are_left_out_by_name(client: Client, school: Forty) -> None:
    record = save_record(
        record=None, values=RecordValues(title=SIXTEEN), library=school.library, by=BY, at=START
    )
    holding = hold(library=school.library, record=record, by=BY, at=START)
    batch = draft_batch(library=school.library, source="gift", received_on=START.date(), by=BY, at=START)
    add_items(batch=batch, holding=holding, copies=2, by=BY, at=START)
    post_batch(batch, by=BY, at=START, on=START.date())
    for kind, why in (("barcode", "没有条码"), ("spine", "没有索书号")):
        run = prepare(client, kind, by="batch", batch=str(batch.pk))
        page = read(client, f"/desk/printing/runs/{run.pk}/")
        assert f"没有打，因为{why}" in page
        assert f"《{SIXTEEN}》" in page
        response = client.post(f"/desk/printing/runs/{run.pk}/file")
        assert response.status_code == 422
        assert "一张标签也打不出来" in response.content.decode()
    assert not PrintRun.objects.filter(printed_at__isnull=False).exists()


def test_cards_for_a_class_carry_every_name_and_number(client: Client, school: Forty) -> None:
    run = prepare(client, "reader-card", by="school-class", school_class=str(school.school_class.pk))
    data = pdf(client, run)
    text = re.sub(r"\s", "", text_of(data))
    assert [name for name in NAMES if name not in text] == []
    cards = people.readers(school.library, [reader.pk for reader in school.readers], date(2026, 10, 15))
    assert scanned(data) == sorted(card.number for card in cards)
    assert "三（1）班" in text


def test_rare_signs_are_named_before_they_are_printed(client: Client, school: Forty) -> None:
    reader = school.readers[0]
    type(reader).objects.filter(pk=reader.pk).update(name="王𠮷𪚥")
    run = prepare(client, "reader-card", by="school-class", school_class=str(school.school_class.pk))
    assert "字体里没有这些字，打成〓，请手写补上：𠮷 𪚥" in read(client, f"/desk/printing/runs/{run.pk}/")
    assert "王〓〓" in text_of(pdf(client, run))


def test_catalogue_cards_are_one_for_each_title(client: Client, school: Forty) -> None:
    keys = labels.of_class(school.library, "I", None)
    titles = Item.objects.filter(pk__in=keys).values("holding__record").distinct().count()
    assert titles < len(keys)
    run = prepare(client, "catalogue", by="class", clc="I", heading="title")
    assert run.total == titles
    assert "Ⅳ.①I242.4" in text_of(pdf(client, run))


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("book-card", {"by": "class", "clc": "I"}, ["借出日期", "姓名", "归还日期", "草房子"]),
        ("pocket", {"by": "class", "clc": "I"}, ["此面粘在书里", "请爱护图书", "草房子"]),
        ("ownership", {"by": "class", "clc": "I"}, ["藏书", "B1", "2026-09-01"]),
        ("class-sign", {"classes": "I I287", "below": "yes"}, ["文学", "儿童文学", "I2"]),
        ("sign", {"texts": "第 3 架 | I210—I247\n\n安静"}, ["第3架", "I210—I247", "安静"]),
    ],
)
def test_every_kind_of_paper_says_what_it_should(
    client: Client, kind: str, given: dict[str, str], words: list[str]
) -> None:
    run = prepare(client, kind, **given)
    page = read(client, f"/desk/printing/runs/{run.pk}/")
    assert "<svg viewBox=" in page
    text = re.sub(r"\s", "", text_of(pdf(client, run)))
    assert [word for word in words if word not in text] == []


def test_a_sheet_too_small_for_a_card_is_refused_in_a_sentence(client: Client) -> None:
    run = prepare(client, "catalogue", by="class", clc="I")
    page = client.get(f"/desk/printing/runs/{run.pk}/?sheet=a4-5x13")
    assert "这种纸的标签是 38.1 × 21.2 毫米" in told(page.content.decode())
    response = client.post(f"/desk/printing/runs/{run.pk}/file", {"sheet": "a4-5x13"})
    assert response.status_code == 422
    assert "请换一种标签纸" in told(response.content.decode())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"start": "66"}, "应是 1 到 65"),
        ({"start": "x"}, "应是 1 到 65"),
        ({"first": "3", "last": "2"}, "从第几张打到第几张"),
        ({"last": "999999"}, "从第几张打到第几张"),
        ({"sheet": "own-999999"}, "已经没有了"),
        ({"sheet": "own-²"}, "已经没有了"),
    ],
)
def test_a_place_or_range_that_is_not_there_is_refused(
    client: Client, given: dict[str, str], sentence: str
) -> None:
    run = prepare(client, "barcode", by="class", clc="I")
    response = client.post(f"/desk/printing/runs/{run.pk}/file", given)
    assert response.status_code == 422
    assert sentence in told(response.content.decode())


def test_a_code_that_does_not_fit_is_named_with_what_it_needs(client: Client, school: Forty) -> None:
    long = "SCHOOL-2026-000000000000001"
    school.items[0].identifiers.update(value=long)
    run = prepare(client, "barcode", by="list", list=f"{long} {school.code(1)}", symbology="code39")
    page = read(client, f"/desk/printing/runs/{run.pk}/?sheet=roll-30x20")
    assert f"“{long}”的码要占" in page
    assert scanned(pdf(client, run, sheet="roll-30x20")) == [school.code(1)]


def test_an_own_sheet_is_kept_changed_used_and_forgotten(client: Client, school: Forty) -> None:
    page = read(client, "/desk/printing/sheets/new/?from=a4-5x13")
    given = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))
    given.pop("csrfmiddlewaretoken", None)
    assert given["width"] == "38.1"
    assert (
        client.post(
            "/desk/printing/sheets/new/", given | {"name": "小标签", "left": "４，9 毫米"}
        ).status_code
        == 302
    )
    row = LabelSheet.objects.get(library=school.library)
    assert (row.name, row.left, row.width) == ("小标签", 4900, 38100)
    response = client.post(f"/desk/printing/sheets/{row.pk}/", given | {"name": "小标签", "columns": "6"})
    assert "横排 6 张标签，右边要排到离左边" in told(response.content.decode())
    run = prepare(client, "barcode", by="class", clc="I")
    assert len(scanned(pdf(client, run, sheet=f"own-{row.pk}"))) == run.total
    client.post(f"/desk/printing/sheets/{row.pk}/delete")
    assert "没有打印过" not in read(client, "/desk/printing/")
    assert "<svg" in read(client, f"/desk/printing/runs/{run.pk}/")  # another sheet is proposed


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "起个以后认得出的名字"),
        ({"width": "abc"}, "“abc”不是毫米数"),
        ({"columns": "0"}, "都是 1 到 100 张"),
        ({"rows": "x"}, "“x”不是毫米数"),
        ({"page_width": "5000"}, "应在 10 到 1200 毫米之间"),
        ({"width": "5", "across": "6"}, "至少要 15 毫米宽"),
        ({"across": "30"}, "左边到左边只有 30 毫米"),
        ({"down": "10"}, "上边到上边只有 10 毫米"),
        ({"rows": "14"}, "而纸只有 297 毫米高"),
        ({"padding": "15"}, "没有地方可打"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_with_its_measure(
    client: Client, wrong: dict[str, str], sentence: str
) -> None:
    page = read(client, "/desk/printing/sheets/new/?from=a4-5x13")
    given = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page)) | {"name": "纸"} | wrong
    response = client.post("/desk/printing/sheets/new/", given)
    assert response.status_code == 422
    assert sentence in told(response.content.decode())
    assert not LabelSheet.objects.exists()


def test_a_printer_is_measured_once_and_then_printed_straight(client: Client, school: Forty) -> None:
    client.post("/desk/printing/printers/", {"name": "办公室"})
    printer = Printer.objects.get(library=school.library)
    sheet = client.get(f"/desk/printing/printers/{printer.pk}/test-sheet")
    assert "按实际大小（100%）打印" in text_of(sheet.content)
    client.post(f"/desk/printing/printers/{printer.pk}/", {"left": "21.5", "top": "19"})
    printer.refresh_from_db()
    assert (printer.right_um, printer.down_um, printer.wider_ppm) == (1500, -1000, 1_000_000)
    assert "偏右 1.5 毫米，偏上 1.0 毫米" in read(client, f"/desk/printing/printers/{printer.pk}/")
    run = prepare(client, "spine", by="class", clc="I")
    plain, moved = (_first_sign(pdf(client, run, printer=which)) for which in ("0", str(printer.pk)))
    assert moved[0] - plain[0] == pytest.approx(-1.5, abs=0.01)
    assert moved[1] - plain[1] == pytest.approx(1.0, abs=0.01)
    assert PrintRun.objects.latest("pk").printer == printer


def _first_sign(data: bytes) -> tuple[float, float]:
    with pypdfium2.PdfDocument(data) as document:
        left, _foot, _right, top = document[0].get_textpage().get_charbox(0)
        return left / 72 * 25.4, (document[0].get_height() - top) / 72 * 25.4


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"left": "", "top": "20"}, "“”不是毫米数"),
        ({"left": "20", "top": "二十"}, "“二十”不是毫米数"),
        ({"left": "60", "top": "20"}, "离左边应在 20 毫米上下"),
        ({"left": "20", "top": "20", "wide": "163.2"}, "96.0%"),
    ],
)
def test_a_measure_that_cannot_be_the_printers_is_refused(
    client: Client, given: dict[str, str], sentence: str
) -> None:
    client.post("/desk/printing/printers/", {"name": "办公室"})
    printer = Printer.objects.get()
    response = client.post(f"/desk/printing/printers/{printer.pk}/", given)
    assert response.status_code == 422
    assert sentence in told(response.content.decode())
    printer.refresh_from_db()
    assert printer.measured_at is None


def test_two_printers_are_not_called_the_same(client: Client) -> None:
    client.post("/desk/printing/printers/", {"name": "办公室"})
    assert "已经有一台叫“办公室”的打印机" in told(
        client.post("/desk/printing/printers/", {"name": "办公室"}).content.decode()
    )
    assert "请给打印机起个名字" in told(
        client.post("/desk/printing/printers/", {"name": " "}).content.decode()
    )
    printer = Printer.objects.get()
    client.post(f"/desk/printing/printers/{printer.pk}/rename", {"name": "一楼"})
    printer.refresh_from_db()
    assert printer.name == "一楼"
    client.post(f"/desk/printing/printers/{printer.pk}/delete")
    assert not Printer.objects.exists()


def test_who_keeps_the_readers_prints_their_cards_and_no_labels(school: Forty) -> None:
    client = signed_in(school.library, "lending")
    page = read(client, "/desk/printing/")
    assert "借书证" in page
    assert "书标" not in page
    assert client.get("/desk/printing/choose/spine/").status_code == 403
    assert read(client, "/desk/printing/cards/")
    stock = signed_in(school.library, "cataloguing")
    assert stock.get("/desk/printing/choose/reader-card/").status_code == 403
    run = prepare(client, "reader-card", by="school-class", school_class=str(school.school_class.pk))
    assert stock.get(f"/desk/printing/runs/{run.pk}/").status_code == 403
    assert stock.post(f"/desk/printing/runs/{run.pk}/file").status_code == 403


def test_withdrawn_volumes_and_those_who_left_get_nothing(client: Client, school: Forty) -> None:
    run = prepare(client, "spine", by="list", list="\n".join(codes_of(school)[:2]))
    Item.objects.filter(pk=run.subjects[0]).update(account="withdrawn")
    assert "有 1 个已经不在了" in read(client, f"/desk/printing/runs/{run.pk}/")
    codes = dict(Item.objects.filter(pk=run.subjects[0]).values_list("pk", "identifiers__value"))
    assert "没有可打印的对象" in refused(client, "spine", by="list", list=codes[run.subjects[0]])
    reader = school.readers[0]
    cards = prepare(client, "reader-card", by="school-class", school_class=str(school.school_class.pk))
    type(reader).objects.filter(pk=reader.pk).update(left_on=date(2026, 9, 2))
    assert reader.name not in text_of(pdf(client, cards))


@pytest.mark.parametrize(
    "url",
    ["choose/nothing/", "runs/99999/", "runs/99999999999999999999/", "sheets/99999/", "printers/99999/"],
)
def test_what_does_not_exist_is_not_found(client: Client, url: str) -> None:
    assert client.get(f"/desk/printing/{url}").status_code == 404


def test_text_from_a_record_does_not_become_markup(client: Client, school: Forty) -> None:
    evil = '</text><script>alert("1")</script>'
    record = save_record(
        record=None, values=RecordValues(title=evil), library=school.library, by=BY, at=START
    )
    holding = hold(library=school.library, record=record, clc="I1", by=BY, at=START)
    batch = draft_batch(library=school.library, source="gift", received_on=START.date(), by=BY, at=START)
    add_items(batch=batch, holding=holding, copies=1, barcodes=["EVIL1"], by=BY, at=START)
    run = prepare(client, "barcode", by="batch", batch=str(batch.pk))
    page = read(client, f"/desk/printing/runs/{run.pk}/?sheet=a4-3x8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_in_english_and_in_traditional_the_papers_words_follow(client: Client, school: Forty) -> None:
    run = prepare(client, "ownership", by="class", clc="I")
    for language, words in (("en", "Library property"), ("zh-hant", "藏書")):
        client.cookies["django_language"] = language
        assert words in re.sub(r"\r?\n", " ", text_of(pdf(client, run)))
