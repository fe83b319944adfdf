"""A corpus of hostile files: what each holds, and what must become of its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

HEAD = b"who,at,what\n"


@dataclass(frozen=True)
class Hostile:
    """One file: its bytes, how its source is declared, and what its records become.

    `rejected` lists the reasons, one for each record; `fault` is a word of why nothing is read.
    """

    name: str
    data: bytes
    loaded: int
    rejected: tuple[str, ...] = ()
    duplicate: int = 0
    fault: str | None = None
    source: dict[str, Any] = field(default_factory=dict)


def row(number: int) -> bytes:
    """One good record of CSV."""
    return b"u%d,2026-01-%02d 10:00:00,x\n" % (number, number % 28 + 1)


def good(count: int = 5) -> bytes:
    """Good records of CSV."""
    return b"".join(row(number) for number in range(count))


def texts() -> Iterator[Hostile]:
    """Yield the hostile text files."""
    yield from _quotes()
    yield from _shapes()
    yield from _encodings()
    yield from _values()


def _quotes() -> Iterator[Hostile]:
    cut = ("quote_unclosed",)
    yield Hostile("quote_in_the_middle_of_a_cell.csv", HEAD + good() + b'x"y,2026-01-01,x\n', 6)
    yield Hostile("quotes_in_the_middle.csv", HEAD + b'5" disk,2026-01-01,x\n' * 1 + good(), 6)
    many = good(28) * 40
    yield Hostile(
        "quotes_that_appear_late.csv", HEAD + many + b'"a,b",2026-01-01,x\n', 29, (), 1092
    )
    yield Hostile(
        "unclosed_in_the_middle.csv", HEAD + row(1) + b'"u,2026-01-01,x\n' + good(), 5, cut, 1
    )
    opened = b'"u,2026-01-01,x\n'
    yield Hostile(
        "two_unclosed_quotes_swallow_nothing.csv",
        HEAD + opened + good(28) + b'"v,2026-01-01,x\n' + row(30),
        29,
        cut * 2,
    )
    yield Hostile("unclosed_at_the_end.csv", HEAD + good() + b'u,2026-01-01,"x\n', 5, cut)
    yield Hostile("unclosed_in_the_first_record.csv", HEAD + b'"u,2026-01-01,x\n' + good(), 5, cut)
    yield Hostile("unclosed_everywhere.csv", HEAD + b'u,2026-01-01,"x\n' * 9, 0, cut * 9)
    yield Hostile(
        "a_quote_swallows_whole_records.csv",
        HEAD + b'a,2026-01-01,"x\n' + good(4) + b'b,2026-01-01,y"\n',
        5,
        cut,
    )
    yield Hostile(
        "a_quoted_cell_of_many_lines.csv", HEAD + b'a,2026-01-01,"' + b"text\n" * 150 + b'"\n', 1
    )
    yield Hostile(
        "a_quoted_cell_of_very_many_lines.csv",
        HEAD + b'a,2026-01-01,"' + b"text\n" * 250 + b'"\n' + good(),
        6,
    )
    yield Hostile(
        "very_many_lines_behind_a_quote_that_never_closes.csv",
        HEAD + b'a,2026-01-01,"' + b"text\n" * 250 + good(),
        5,
        (*cut, *("wrong_column_count",) * 249),
    )
    yield Hostile("embedded_line_ends.csv", HEAD + b'"a\nb",2026-01-01,"x\r\n\r\ny"\n' + good(), 6)
    yield Hostile(
        "doubled_quotes.csv", HEAD + b'"a""b",2026-01-01,"x"\n"""",2026-01-01,""""""\n', 2
    )
    yield Hostile("stray_quotes_in_a_quoted_cell.csv", HEAD + b'"a "b" c",2026-01-01,"x"\n', 1)
    yield Hostile("text_behind_a_quote.csv", HEAD + b'"a"b,2026-01-01,x\n' + good(), 5, cut)
    yield Hostile("every_cell_quoted.csv", b'"who","at","what"\n"a","2026-01-01","x"\n', 1)
    yield Hostile("delimiters_in_quotes.csv", HEAD + b'"a,b","2026-01-01","x,y,z"\n', 1)
    yield Hostile(
        "quotes_in_the_header.csv",
        b'"who","at","what ""x"""\na,2026-01-01,x\n',
        1,
        source={"columns": {"occurred_at": "at", "event": 'what "x"'}},
    )
    yield Hostile(
        "a_line_end_in_the_header.csv",
        b'who,at,"wh\nat"\na,2026-01-01,x\n',
        1,
        source={"columns": {"occurred_at": "at", "event": "wh\nat"}},
    )
    yield Hostile("mid_quote_over_lines.csv", HEAD + b'a"b,2026-01-01,x\nc"d,2026-01-02,x\n', 2)


def _shapes() -> Iterator[Hostile]:
    wrong = "wrong_column_count"
    yield Hostile("long_record.csv", HEAD + row(1) + b"a,2026-01-01,x,more\n" + row(2), 2, (wrong,))
    yield Hostile("short_record.csv", HEAD + row(1) + b"a,2026-01-01\n" + row(2), 2, (wrong,))
    yield Hostile(
        "width_grows_after_a_thousand.csv",
        HEAD + b"".join(b"u%d,2026-01-01,x\n" % one for one in range(1000)) + b"a,b,c,d\n" * 9,
        1000,
        (wrong,) * 9,
    )
    yield Hostile(
        "blank_lines.csv", b"\n\n" + HEAD + b"\n" + row(1) + b"\n\r\n\n" + row(2) + b"\n", 2
    )
    yield Hostile("white_space_lines.csv", HEAD + b"   \n" + row(1) + b"\t\n", 1, (wrong,) * 2)
    yield Hostile("comments_above_the_header.csv", b"# Export\n# of today\n\n" + HEAD + good(), 5)
    yield Hostile("titles_above_the_header.csv", b"Report,of\nDays,1,2,3\n" + HEAD + good(), 5)
    yield Hostile("footer.csv", HEAD + good() + b"TOTAL,5\n", 5, (wrong,))
    yield Hostile("footer_as_wide.csv", HEAD + good() + b"TOTAL,,5\n", 5, ("time_missing",))
    yield Hostile("repeated_header.csv", HEAD + good() + HEAD, 5, ("time_unparsable",))
    yield Hostile("repeated_and_empty_names.csv", b"who,who,at,,what\n1,2,2026-01-01,,x\n", 1)
    yield Hostile("header_only.csv", HEAD, 0)
    yield Hostile("header_without_line_end.csv", HEAD.strip(), 0)
    yield Hostile("empty.csv", b"", 0)
    yield Hostile("only_line_ends.csv", b"\n\r\n\n", 0)
    yield Hostile("no_line_end_at_the_end.csv", HEAD + good().rstrip(), 5)
    yield Hostile("carriage_returns_only.csv", (HEAD + good()).replace(b"\n", b"\r"), 5)
    yield Hostile("windows_line_ends.csv", (HEAD + good()).replace(b"\n", b"\r\n"), 5)
    mixed = HEAD + row(1) + row(2).replace(b"\n", b"\r\n") + row(3).replace(b"\n", b"\r") + row(4)
    yield Hostile("mixed_line_ends.csv", mixed, 4)
    yield Hostile("tabs.tsv", (HEAD + good()).replace(b",", b"\t"), 5)
    yield Hostile("semicolons.csv", (HEAD + good()).replace(b",", b";"), 5)
    yield Hostile("pipes.csv", (HEAD + good()).replace(b",", b"|"), 5)
    yield Hostile(
        "a_declared_delimiter.csv",
        (HEAD + good()).replace(b",", b"~"),
        5,
        source={"delimiter": "~"},
    )
    yield Hostile(
        "a_delimiter_of_two_bytes.csv",
        (HEAD + good()).replace(b",", "§".encode()),
        5,
        source={"delimiter": "§"},
    )
    names = b",".join(b"c%d" % number for number in range(1_997))
    wide = b"who,at,what," + names + b"\nu,2026-01-01,x" + b"," * 1_997 + b"\n"
    yield Hostile("two_thousand_columns.csv", wide, 1)
    yield Hostile(
        "long_line.csv",
        HEAD + row(1) + b"u,2026-01-01," + b"x" * (17 << 20) + b"\n" + row(2),
        2,
        ("record_too_long",),
    )
    yield Hostile("one_long_line.csv", b"x" * (17 << 20), 0, fault="header has no end")
    yield Hostile(
        "sql_in_the_header.csv", b'who,at,what,"\'; drop table x; --"\na,2026-01-01,x,1\n', 1
    )
    yield Hostile("formulas.csv", HEAD + b"=1+1,2026-01-01,@x\n", 1)


def _encodings() -> Iterator[Hostile]:
    text = (HEAD + good()).decode()
    yield Hostile("byte_order_mark.csv", b"\xef\xbb\xbf" + HEAD + good(), 5)
    yield Hostile("byte_order_mark_and_quotes.csv", b'\xef\xbb\xbf"who","at","what"\n' + good(), 5)
    yield Hostile("utf16.csv", text.encode("utf-16"), 5)
    yield Hostile("utf16_big_endian.csv", b"\xfe\xff" + text.encode("utf-16-be"), 5)
    latin = HEAD + "é,2026-01-01,ü\n".encode("latin-1")
    yield Hostile("latin1_declared.csv", latin, 1, source={"encoding": "latin-1"})
    yield Hostile("latin1_not_declared.csv", latin + good(), 5, ("bad_encoding",))
    yield Hostile(
        "broken_utf8.csv", HEAD + good() + b"\xff\xfe,2026-01-01,x\n", 5, ("bad_encoding",)
    )
    yield Hostile(
        "cut_utf8_at_the_end.csv", HEAD + good() + b"a,2026-01-01,\xc3", 5, ("bad_encoding",)
    )
    yield Hostile("nul_bytes.csv", HEAD + good() + b"a\0b,2026-01-01,x\n", 6)
    yield Hostile("nul_line.csv", HEAD + good() + b"\0\0\0\n", 5, ("wrong_column_count",))
    yield Hostile("four_byte_letters.csv", HEAD + "😀,2026-01-01,🛒\n".encode(), 1)
    yield Hostile(
        "undefined_in_cp1252.csv",
        HEAD + b"\x81,2026-01-01,x\n" + good(),
        5,
        ("bad_encoding",),
        source={"encoding": "cp1252"},
    )


def _values() -> Iterator[Hostile]:
    ids = (b"00042", b"NA", b"9223372036854775808", b"1.0", b"1e5", b"1E400", b"inf", b"true")
    lines = b"".join(one + b",2026-01-01,x\n" for one in ids)
    yield Hostile("ids_that_look_like_numbers.csv", HEAD + lines, 8)
    yield Hostile("exact_repeats.csv", HEAD + row(1) * 3 + row(2), 2, (), 2)
    yield Hostile(
        "no_event_name.csv",
        HEAD + b"a,2026-01-01,\nb,2026-01-01,  \nc,2026-01-01,NULL\n",
        0,
        ("event_missing",) * 3,
    )
    money = {"columns": {"occurred_at": "at", "event": "what", "value": "v"}}
    yield Hostile(
        "numbers.csv",
        b"at,what,v\n2026-01-01,x,1.005\n2026-01-02,x,\n2026-01-03,x,1e3\n",
        3,
        source=money,
    )
    yield Hostile(
        "no_numbers.csv",
        b'at,what,v\n2026-01-01,x,12 EUR\n2026-01-02,x,"1,5"\n2026-01-03,x,1e400\n',
        0,
        ("number_unparsable",) * 3,
        source=money,
    )
    scored = {"columns": {"occurred_at": "at", "event": "what", "score": "v"}}
    yield Hostile(
        "numbers_without_end.csv",
        b"at,what,v\n2026-01-01,x,inf\n2026-01-02,x,nan\n2026-01-03,x,7\n",
        1,
        ("number_unparsable",) * 2,
        source=scored,
    )
    named = {"columns": {"occurred_at": "at", "event": "what", "event_id": "who"}}
    same = HEAD + b"7,2026-01-01,x\n7,2026-01-01,y\n8,2026-01-01,x\n"
    yield Hostile("one_id_with_two_contents.csv", same, 2, (), 1, source=named)
