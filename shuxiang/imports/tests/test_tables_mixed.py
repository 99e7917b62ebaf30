"""Files in which a byte or a row does not belong: the rest is read, nothing becomes another script."""

from pathlib import Path

import pytest

from shuxiang.imports.tables import TableError, open_table


def rows(path: Path) -> list[tuple[str, ...]]:
    with open_table(path, name=path.name) as table:
        return [tuple(row.cells) for row in table.filled_sheets[0].rows]


def test_a_row_in_gbk_between_rows_in_utf8_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_bytes(
        "书名,作者\n西游记,吴承恩\n".encode() + "红楼梦,曹雪芹\n".encode("gbk") + "水浒传,施耐庵\n".encode()
    )
    assert rows(path) == [("西游记", "吴承恩"), ("红楼梦", "曹雪芹"), ("水浒传", "施耐庵")]


def test_stray_zero_bytes_do_not_make_a_file_utf16(tmp_path: Path) -> None:
    path = tmp_path / "zero.csv"
    path.write_bytes("书名,作者,条码\n坏\0书,张\0三,N\0001\n好书,李四,N2\n第三本,王五,N3\n".encode())
    with pytest.raises(TableError) as told:
        rows(path)
    assert told.value.code == "unknown_format"
    path.write_bytes(("书名,作者\n坏\0书,张三\n" + "好书,李四\n" * 20).encode())
    assert rows(path)[0] == ("坏书", "张三")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_still_known(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes("title,isbn\nCharlotte's Web,9780064400558\n西游记,9787020002207\n".encode(codec))
    assert rows(path) == [("Charlotte's Web", "9780064400558"), ("西游记", "9787020002207")]
