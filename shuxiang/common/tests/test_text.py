import sqlite3
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuxiang.common.text import (
    FTS5_TOKENIZER,
    And,
    Field,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    fold,
    index_text,
    is_empty,
    match_key,
    parse_query,
    title_key,
    to_fts5,
    to_tsquery,
    tokens,
    tsvector_literal,
)

COLUMNS = {"": ("title", "authors"), "title": ("title",), "author": ("authors",)}
WEIGHTS = {"": "AB", "title": "A", "author": "B"}
HAN = st.text(alphabet="红楼梦西游记三国演义水浒传的一了曹雪芹", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("紅樓夢", "红楼梦"),
        ("ＡＢＣ１２３", "abc123"),
        ("總帳", "总账"),
        ("总帐", "总账"),
        ("总账", "总账"),
        ("Brontë", "bronte"),
        ("乾隆", "干隆"),
        ("Straße", "strasse"),
        ("題名：", "题名:"),
    ],
)
def test_texts_that_mean_the_same_fold_to_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("西游记", ["西游", "游记", "记"]),
        ("西", ["西"]),
        ("哈利·波特", ["哈利", "利波", "波特", "特"]),
        ("三 国 演 义", ["三国", "国演", "演义", "义"]),
        ("《三国演义》（上）", ["三国", "国演", "演义", "义", "上"]),
        ("C++程序 2017版", ["c", "程序", "序", "2017", "版"]),
        ("Harry Potter", ["harry", "potter"]),
        ("བོད་ཡིག", ["བོད", "ཡིག"]),
        ("", []),
        ("——！", []),
    ],
)
def test_chinese_is_cut_in_pairs_and_everything_else_in_words(text: str, words: list[str]) -> None:
    assert [token.token for token in tokens(text)] == words
    assert [token.position for token in tokens(text)] == list(range(1, len(words) + 1))
    assert index_text(text) == " ".join(words)


@pytest.mark.parametrize(
    ("typed", "ast"),
    [
        ("西游记", Phrase(("西游", "游记"))),
        ("西游", Term("西游")),
        ("西", Prefix("西")),
        ("harry pot*", And((Term("harry"), Prefix("pot")))),
        ("三国 水浒", And((Term("三国"), Term("水浒")))),
        ('"三国 水浒"', Phrase(("三国", "国水", "水浒"))),
        ("“四大名著”", Phrase(("四大", "大名", "名著"))),
        ("《哈利·波特》", Phrase(("哈利", "利波", "波特"))),
        ("三国 -水浒", And((Term("三国"), Not(Term("水浒"))))),
        ("-水浒", Term("水浒")),
        ("三国 OR 水浒", Or((Term("三国"), Term("水浒")))),
        ("三国 | 水浒", Or((Term("三国"), Term("水浒")))),
        ("作者:鲁迅", Field("author", Term("鲁迅"))),
        ("題名：紅樓", Field("title", Term("红楼"))),
        ('title:"old man" 海', And((Field("title", Phrase(("old", "man"))), Prefix("海")))),
        ("http://x", Phrase(("http", "x"))),
        ("第1册", Phrase(("第", "1", "册"), open_end=True)),
        ("X-49", Phrase(("x", "49"))),
    ],
)
def test_a_search_line_becomes_a_tree(typed: str, ast: Query) -> None:
    assert parse_query(typed) == ast


@pytest.mark.parametrize("typed", ["", "  ", "-", '"', '""', "*", "OR", "| |", "：", "()<>&!\\'"])
def test_a_line_that_says_nothing_asks_nothing(typed: str) -> None:
    ast = parse_query(typed)
    assert is_empty(ast)
    assert (to_fts5(ast, COLUMNS), to_tsquery(ast)) == ('""', "")


def test_both_dialects_are_quoted() -> None:
    ast = parse_query("作者:鲁迅 (西游记 OR 西) -梦")
    assert to_fts5(parse_query("西游记"), COLUMNS) == '{title authors} : "西游 游记"'
    assert to_fts5(parse_query("西"), COLUMNS) == '{title authors} : "西" *'
    assert to_tsquery(parse_query("西游记"), WEIGHTS) == "'西游':AB <-> '游记':AB"
    assert to_tsquery(parse_query("第1册")) == "'第' <-> '1' <-> '册':*"
    assert to_tsquery(Term("it's \\")) == "'it''s \\\\'"
    assert to_tsquery(ast, WEIGHTS) == (
        "(('鲁迅':B) & ('西游':AB <-> '游记':AB)) | (('西':*AB) & (!('梦':*AB)))"
    )


def test_a_vector_keeps_positions_and_parts_the_fields() -> None:
    literal = tsvector_literal({"A": tokens("西游记"), "B": tokens("吴承恩 记")})
    assert literal == "'西游':1A '游记':2A '记':3A,8B '吴承':5B '承恩':6B '恩记':7B"


def test_a_field_without_a_column_is_looked_for_everywhere() -> None:
    assert to_fts5(parse_query("丛书:名著"), COLUMNS) == '{title authors} : "名著"'
    assert to_tsquery(parse_query("丛书:名著"), WEIGHTS) == "'名著':AB"


@pytest.fixture
def shelf() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.execute(f'CREATE VIRTUAL TABLE t USING fts5(title, authors, tokenize="{FTS5_TOKENIZER}")')
    yield database
    database.close()


def _found(database: sqlite3.Connection, typed: str) -> list[int]:
    query = to_fts5(parse_query(typed), COLUMNS)
    return [
        row[0] for row in database.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", (query,))
    ]


TITLES = [
    ("红楼梦", "（清）曹雪芹著"),
    ("西游记：少年版", "吴承恩"),
    ("水浒传", "施耐庵"),
    ("哈利·波特与魔法石", "[英] J.K.罗琳"),
    ("梦溪笔谈", "沈括"),
    ("The old man and the sea", "Hemingway"),
    ("西行漫记", "斯诺"),
]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("红楼梦", [1]),
        ("紅樓夢", [1]),
        ("梦", [1, 5]),
        ("西", [2, 7]),
        ("记", [2, 7]),
        ("哈利波特", [4]),
        ("哈利 罗琳", [4]),
        ("作者:曹雪芹", [1]),
        ("title:曹雪芹", []),
        ("梦 -红楼", [5]),
        ("红楼 OR 水浒", [1, 3]),
        ("OLD sea", [6]),
        ("hem*", [6]),
        ("游记少年", []),
        ("游记 少年", [2]),
        ("", []),
    ],
)
def test_the_index_finds_what_is_asked_for(shelf: sqlite3.Connection, typed: str, rows: list[int]) -> None:
    shelf.executemany("INSERT INTO t VALUES (?, ?)", [(index_text(a), index_text(b)) for a, b in TITLES])
    assert _found(shelf, typed) == rows


@settings(max_examples=60)
@given(st.lists(HAN, min_size=1, max_size=8), st.data())
def test_every_part_of_a_title_finds_it_and_nothing_that_lacks_it(
    titles: list[str], data: st.DataObject
) -> None:
    title = data.draw(st.sampled_from(titles))
    start = data.draw(st.integers(0, len(title) - 1))
    part = title[start : data.draw(st.integers(start + 1, len(title)))]
    database = sqlite3.connect(":memory:")
    database.execute(f'CREATE VIRTUAL TABLE t USING fts5(title, authors, tokenize="{FTS5_TOKENIZER}")')
    database.executemany("INSERT INTO t VALUES (?, '')", [(index_text(title),) for title in titles])
    expected = [row for row, title in enumerate(titles, start=1) if part in title]
    assert _found(database, part) == expected
    database.close()


@settings(max_examples=150)
@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"'*-:：()|&!\\ORNT作者红楼")), max_size=30)
)
def test_no_search_line_breaks_the_index(typed: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute(f'CREATE VIRTUAL TABLE t USING fts5(title, authors, tokenize="{FTS5_TOKENIZER}")')
    assert _found(database, typed) == []
    database.close()


def test_a_very_long_line_is_cut_and_quick() -> None:
    begun = time.process_time()
    for typed in ("“" * 50_000, "a:" * 50_000, "红 " * 50_000, "-" * 50_000, '"红' * 50_000):
        to_tsquery(parse_query(typed), WEIGHTS)
    assert time.process_time() - begun < 2  # of computing: a line that blows up takes minutes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("《红楼梦》", "紅樓夢"),
        ("颜氏家训·朱子家训", "《颜氏家训 朱子家训》"),
        ("1A级 成语小学堂", "１a级，成语小学堂"),
    ],
)
def test_one_title_in_two_spellings_has_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("红楼梦", "（清）曹雪芹著；高鹗续", "人民文学出版社", ""),
            ("《红楼梦》", "曹雪芹", "人民文学", ""),
        ),
        (
            ("童话", "刘玄主编", "吉林出版集团有限责任公司", "第2册"),
            ("童话", "刘玄 编", "吉林出版集团", "二"),
        ),
        (("童话", "[德] 格林兄弟 / 杨武能 译", "译林", "上册"), ("童话", "格林兄弟著", "译林出版社", "上")),
        (("画", "张三绘 ; 李四文", "x", "vol. 3"), ("画", "张三图", "X", "3")),
    ],
)
def test_two_descriptions_of_one_publication_meet(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    assert match_key(*one) == match_key(*other)


def test_different_volumes_authors_and_publishers_do_not_meet() -> None:
    rows = [
        ("童话", "刘玄", "明天出版社", "1"),
        ("童话", "刘玄", "明天出版社", "2"),
        ("童话", "刘玄", "作家出版社", "1"),
        ("童话", "崔钟雷", "明天出版社", "1"),
    ]
    assert len({match_key(*row) for row in rows}) == len(rows)
    assert match_key("《》", "刘玄", "", "") == ""
