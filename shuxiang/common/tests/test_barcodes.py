"""Barcodes in pictures made here: every symbology a school meets, turned, noisy, several at once; and bad files."""

import multiprocessing
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
import zxingcpp
from PIL import Image

from shuxiang.common import barcodes
from shuxiang.common.barcodes import MOST_BYTES, Found, NotAPicture, read_barcodes

ISBN = "9787020002207"
FORMAT = {
    "EAN13": zxingcpp.BarcodeFormat.EAN13,
    "EAN8": zxingcpp.BarcodeFormat.EAN8,
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "Code39": zxingcpp.BarcodeFormat.Code39,
    "QRCode": zxingcpp.BarcodeFormat.QRCode,
}


def bars(text: str, kind: str, scale: int = 3) -> Image.Image:
    """A clean picture of one code with its quiet zones, in shades of grey."""
    drawn = memoryview(zxingcpp.create_barcode(text, FORMAT[kind]).to_image(scale=scale))  # type: ignore[arg-type]
    height, width = drawn.shape or (0, 0)
    code = Image.frombytes("L", (width, height), drawn.tobytes())
    paper = Image.new("L", (width + 60, height + 60), 255)
    paper.paste(code, (30, 30))
    return paper


def file(picture: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    written = BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


CODES = [
    ("EAN13", ISBN),
    ("EAN8", "12345670"),
    ("Code128", "SX00018803"),
    ("Code39", "ABC-123"),
    ("QRCode", "P000001"),
]


@pytest.mark.engine_free
@pytest.mark.parametrize(("kind", "text"), CODES)
@pytest.mark.parametrize("angle", [0, 8, 33, 90, 180, 270])
def test_a_code_is_read_however_the_book_is_held(kind: str, text: str, angle: int) -> None:
    turned = bars(text, kind).rotate(angle, expand=True, fillcolor=255)
    assert read_barcodes(file(turned, "JPEG", quality=70)) == (Found(text, kind),)


@pytest.mark.engine_free
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_of_file_that_telephones_send_are_read(kind: str) -> None:
    assert read_barcodes(file(bars(ISBN, "EAN13"), kind)) == (Found(ISBN, "EAN13"),)


@pytest.mark.engine_free
def test_a_dim_grainy_photograph_of_twelve_million_pixels_is_read() -> None:
    photo = Image.effect_noise((1000, 750), 30).resize((4000, 3000))
    photo.paste(bars(ISBN, "EAN13", scale=6).point(lambda light: 60 + light // 3), (1500, 1200))
    assert read_barcodes(file(photo, "JPEG", quality=60)) == (Found(ISBN, "EAN13"),)


@pytest.mark.engine_free
def test_all_codes_of_a_picture_come_from_top_to_bottom_and_each_once() -> None:
    desk = Image.new("L", (700, 1000), 255)
    for at, (kind, text) in enumerate([("Code128", "00018803"), ("EAN13", ISBN), ("Code128", "00018804")]):
        desk.paste(bars(text, kind, scale=2), (80, 40 + 320 * at))
    desk.paste(bars("00018804", "Code128", scale=2).resize((200, 100)), (480, 60))
    found = [code.text for code in read_barcodes(file(desk))]
    assert sorted(found) == ["00018803", "00018804", ISBN]
    assert found.index("00018803") < found.index(ISBN)


# An add-on beside an EAN (EN 797): the five digits of a price or the two of an issue
L_SIDE = [
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
]
PARITY5 = ["GGLLL", "GLGLL", "GLLGL", "GLLLG", "LGGLL", "LLGGL", "LLLGG", "LGLGL", "LGLLG", "LLGLG"]


def add_on(digits: str) -> str:
    check = (3 * sum(map(int, digits[::2])) + 9 * sum(map(int, digits[1::2]))) % 10
    parity = PARITY5[check] if len(digits) == 5 else ["LL", "LG", "GL", "GG"][int(digits) % 4]
    signs = []
    for digit, side in zip(digits, parity, strict=True):
        plain = L_SIDE[int(digit)]
        mirrored = "".join("1" if bit == "0" else "0" for bit in plain)[::-1]
        signs.append(plain if side == "L" else mirrored)
    return "1011" + "01".join(signs)


@pytest.mark.engine_free
@pytest.mark.parametrize("digits", ["05", "28800"])
def test_the_digits_beside_an_ean_are_left_out(digits: str) -> None:
    main = bars("9771000000000", "EAN13", scale=4)
    dark = main.point(lambda light: 255 - light).getbbox()
    assert dark is not None
    paper = Image.new("L", (main.width + 260, main.height), 255)
    paper.paste(main, (0, 0))
    begins = dark[2] + 10 * 4  # ten modules of four pixels stand between both
    for at, bit in enumerate(add_on(digits)):
        if bit == "1":
            paper.paste(0, (begins + 4 * at, dark[1] + 30, begins + 4 * at + 4, dark[3] - 20))
    with_it = zxingcpp.read_barcodes(paper, ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Require)
    assert [seen.text.replace(" ", "")[-len(digits) :] for seen in with_it] == [digits]  # it is really there
    assert read_barcodes(file(paper)) == (Found("9771000000000", "EAN13"),)


@pytest.mark.engine_free
def test_a_picture_without_a_code_says_nothing() -> None:
    assert read_barcodes(file(Image.new("RGB", (640, 480), (90, 120, 60)), "JPEG")) == ()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head claims a size that its few bytes do not hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


WEBP_BOMB = file(Image.new("RGB", (4999, 4999), (120, 120, 120)), "WEBP", quality=1, method=0)
WHOLE = file(Image.new("L", (400, 300), 128), "JPEG")


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable"),
        (b"not a picture", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unreadable"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "unreadable"),
        (WHOLE[: len(WHOLE) // 3], "unreadable"),
        (WHOLE[:2] + bytes(5000), "unreadable"),
        (bytes(MOST_BYTES + 1), "too_long"),
        (bomb(3100, 3000), "too_large"),
        (WEBP_BOMB, "too_large"),  # 44 kB that would unpack to hundreds of megabytes
        (bomb(12000, 12000), "too_large"),  # Pillow warns of this one
        (bomb(40000, 40000), "too_large"),  # and refuses this one
        (bomb(3000, 2900), "unreadable"),  # a size that would do, and nothing behind it
    ],
)
def test_a_bad_file_is_named_and_never_unpacked(data: bytes, code: str) -> None:
    with pytest.raises(NotAPicture) as bad:
        read_barcodes(data)
    assert bad.value.code == code


def grown_by(pictures: list[bytes]) -> int:
    """Megabytes by which a fresh process grows at most while it reads pictures, all at a time."""

    def most() -> int:
        told = Path("/proc/self/status").read_text().split("VmHWM:")[1]
        return int(told.split()[0]) // 1024

    before = most()
    with ThreadPoolExecutor(len(pictures)) as desks:
        list(desks.map(read_barcodes, pictures))
    return most() - before


LARGEST = {
    "JPEG of a telephone": ((4000, 3000), "JPEG", {}),
    "JPEG of a large camera": ((8000, 8000), "JPEG", {}),
    "JPEG of many passes": ((3600, 2500), "JPEG", {"progressive": True, "subsampling": 0}),
    "PNG with transparency": ((3600, 2500), "PNG", {}),
    "WebP": ((2000, 1500), "WEBP", {}),
}


@pytest.mark.engine_free
@pytest.mark.parametrize("largest", LARGEST)
def test_however_many_photographs_come_at_a_time_they_take_some_tens_of_megabytes(largest: str) -> None:
    size, kind, options = LARGEST[largest]
    picture = file(Image.new("RGBA" if kind == "PNG" else "RGB", size), kind, **options)
    with multiprocessing.get_context("spawn").Pool(1) as fresh:
        assert fresh.apply(grown_by, ([picture] * 3,)) <= 75


@pytest.mark.engine_free
def test_who_comes_while_another_photograph_is_read_too_long_may_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(barcodes, "WAIT", 0.01)
    with barcodes._ONE_AT_A_TIME, pytest.raises(NotAPicture) as bad:
        read_barcodes(WHOLE)
    assert bad.value.code == "busy"
    assert read_barcodes(WHOLE) == ()
