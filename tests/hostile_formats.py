"""Hostile times, archives, JSON and Parquet files, beside the text files of `hostile`."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .hostile import HEAD, Hostile, good, row, texts

LINE = b'{"who":"u","at":"2026-01-01T00:00:00Z","what":"x"}\n'


def parquet(**columns: Any) -> bytes:
    """A Parquet file of the columns."""
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def corpus() -> Iterator[Hostile]:
    """Yield every hostile file."""
    yield from texts()
    yield from _times()
    yield from _archives()
    yield from _json()
    yield from _parquet()


def _times() -> Iterator[Hostile]:
    def at(*times: str) -> bytes:
        return HEAD + b"".join(b'"u","%s",x\n' % time.encode() for time in times)

    bad = "time_unparsable"
    offsets = (
        "2026-01-01T10:00:00Z",
        "2026-01-01 10:00:00+02:00",
        "2026-01-01T10:00:00.5-0530",
        "2026-01-01",
        "2026-01-01T10:00:00 UTC",
        "2026-01-01 10:00:00,25",
    )
    yield Hostile("mixed_offsets.csv", at(*offsets), 6)
    yield Hostile("impossible_offset.csv", at("2026-01-01", "2026-01-01T10:00:00+25:00"), 1, (bad,))
    yield Hostile(
        "infinity.csv", at(*["2026-01-01"] * 3, "infinity", "epoch", "now"), 1, (bad,) * 3, 2
    )
    yield Hostile("year_12026.csv", at("2026-01-01", "12026-01-01"), 1, (bad,))
    yield Hostile("year_0026.csv", at("2026-01-01", "0026-01-01"), 1, ("time_implausible",))
    yield Hostile("midnight_as_24.csv", at("2026-01-01 24:00:00"), 1)
    yield Hostile("leap_second.csv", at("2026-01-01 10:00:00", "2016-12-31 23:59:60"), 1, (bad,))
    yield Hostile("no_such_day.csv", at("2026-02-28", "2026-02-30"), 1, (bad,))
    yield Hostile("english_clock.csv", at("2026-01-01 10:00:00", "2026-1-3 1:00:00 PM"), 1, (bad,))
    yield Hostile("no_time.csv", at("2026-01-01", "", "NULL"), 1, ("time_missing",) * 2)
    yield Hostile("nanoseconds.csv", at("2026-01-01T10:00:00.123456789Z"), 1)
    for unit, factor in (("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)):
        yield Hostile(
            f"epoch_{unit}.csv", at(*(str(1767225600 * factor + one) for one in range(3))), 3
        )
    yield Hostile("epoch_with_fractions.csv", at("1767225600.25", "1767225600"), 2)
    yield Hostile(
        "epoch_of_two_units.csv",
        at("1767225600", "1767225601", "1767225602000"),
        2,
        ("time_implausible",),
    )
    yield Hostile("day_first.csv", at("01/02/2026", "13/02/2026"), 2)
    yield Hostile("month_first.csv", at("01/02/2026 10:00", "02/13/2026 10:00"), 2)
    yield Hostile("compact_days.csv", at("20260131", "20260201"), 2)
    yield Hostile("hours_without_colon.csv", at("2026-01-01T10:00", "2026-01-01T1000"), 1, (bad,))
    yield Hostile("spaces_around.csv", at(" 2026-01-01 10:00:00 ", "2026-01-01"), 2)
    yield Hostile("a_broken_one_among_many.csv", HEAD + good(28) + b"a,soon,x\n", 28, (bad,))
    yield Hostile(
        "declared_with_offset.csv",
        at("01.02.2026 10:00 +0200"),
        1,
        source={"time_format": "%d.%m.%Y %H:%M %z"},
    )


def _archives() -> Iterator[Hostile]:
    packed = gzip.compress(HEAD + good(), mtime=0)
    damaged = "damaged or cut short"
    yield Hostile("whole.csv.gz", packed, 5)
    yield Hostile("cut.csv.gz", packed[:-10], 0, fault=damaged)
    yield Hostile("cut_in_the_header.csv.gz", packed[:6], 0, fault=damaged)
    yield Hostile(
        "wrong_checksum.csv.gz", packed[:-8] + b"\0\0\0\0" + packed[-4:], 0, fault=damaged
    )
    yield Hostile("wrong_length.csv.gz", packed[:-4] + b"\1\0\0\0", 0, fault=damaged)
    yield Hostile("two_members.csv.gz", packed + gzip.compress(row(7) + row(8)), 7)
    yield Hostile("trailing_garbage.csv.gz", packed + b"garbage", 0, fault=damaged)
    yield Hostile("padded.csv.gz", packed + b"\0" * 512, 5)
    yield Hostile("not_packed.csv.gz", HEAD + good(), 5)
    yield Hostile("packed_without_saying.csv", packed, 5)
    flipped = bytearray(gzip.compress(HEAD + good(28) * 500, mtime=0))
    flipped[len(flipped) // 2] ^= 255
    yield Hostile("flipped_bits.csv.gz", bytes(flipped), 0, fault=damaged)
    squeezed = pa.compress(HEAD + good(), codec="zstd", asbytes=True)
    yield Hostile("whole.csv.zst", squeezed, 5)
    yield Hostile("cut.csv.zst", squeezed[:-5], 0, fault=damaged)
    yield Hostile("trailing_garbage.csv.zst", squeezed + b"garbage", 0, fault=damaged)
    yield Hostile("packed.jsonl.gz", gzip.compress(LINE * 3), 1, (), 2)


def _json() -> Iterator[Hostile]:
    bad = "json_malformed"
    yield Hostile("malformed.jsonl", LINE + b'{bad\n{"who":\n', 1, (bad,) * 2)
    yield Hostile("no_objects.jsonl", LINE + b'[1]\n"s"\n7\nnull\n', 1, (bad,) * 4)
    yield Hostile("blank_lines.jsonl", b"\n  \n" + LINE + b"\t\n\n" + LINE.strip(), 1, (), 1)
    yield Hostile(
        "windows_line_ends.jsonl", b"\xef\xbb\xbf" + LINE.replace(b"\n", b"\r\n") * 2, 1, (), 1
    )
    yield Hostile("repeated_keys.jsonl", LINE.replace(b'{"who"', b'{"who":"v","who"'), 1)
    nested = {"columns": {"user_id": "user.id", "occurred_at": "at", "event": "what"}}
    line = b'{"user":{"id":7},"at":"2026-01-01","what":"x"}\n'
    line += b'{"user.id":8,"at":"2026-01-01","what":"x"}\n'
    yield Hostile("nested.jsonl", line, 2, source=nested)
    late = b'{"at":"2026-01-01","what":"x"}\n'
    yield Hostile("a_key_seen_late.jsonl", late * 30 + LINE, 2, (), 29)
    huge = LINE.replace(b'"u"', b"12345678901234567890123") + LINE.replace(b'"u"', b"1e400")
    yield Hostile("huge_numbers.jsonl", huge, 2)
    yield Hostile(
        "no_time.jsonl", LINE + b'{"at":null,"what":"x"}\n{"what":"x"}\n', 1, ("time_missing",) * 2
    )
    yield Hostile("empty.jsonl", b"", 0)
    yield Hostile("broken_utf8.jsonl", LINE + LINE.replace(b'"u"', b'"\xff"'), 1, ("bad_encoding",))
    yield Hostile("half_a_surrogate.jsonl", LINE + LINE.replace(b'"u"', b'"\\ud800"'), 1, (bad,))
    yield Hostile(
        "deep.jsonl", LINE + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"\n", 1, ("time_missing",)
    )
    long = b'{"who":"' + b"x" * (17 << 20) + b'"}\n'
    yield Hostile("long_line.jsonl", LINE + long + LINE, 1, ("record_too_long",), 1)
    epoch = b'{"who":"u","at":1767225600000,"what":"x"}\n'
    yield Hostile("epoch.jsonl", epoch, 1)


def _parquet() -> Iterator[Hostile]:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    what = ["x", "y"]
    whole = parquet(who=["a", "b"], at=[moment] * 2, what=what)
    unreadable = "no readable Parquet file"
    yield Hostile("whole.parquet", whole, 2)
    yield Hostile("no_footer.parquet", whole[:-20], 0, fault=unreadable)
    yield Hostile("nonsense.parquet", b"PAR1 nonsense PAR1", 0, fault=unreadable)
    yield Hostile("empty.parquet", b"", 0, fault=unreadable)
    broken = bytearray(
        parquet(who=[str(n) for n in range(999)], at=[moment] * 999, what=["x"] * 999)
    )
    broken[4:60] = b"\xff" * 56
    yield Hostile("damaged_pages.parquet", bytes(broken), 0, fault="its data are damaged")
    yield Hostile(
        "no_rows.parquet",
        parquet(who=pa.array([], "string"), at=pa.array([], "string"), what=pa.array([], "string")),
        0,
    )
    yield Hostile(
        "no_time.parquet", parquet(who=what, at=pa.nulls(2), what=what), 0, ("time_missing",) * 2
    )
    yield Hostile("days.parquet", parquet(who=[1, 2], at=[date(2026, 1, 1)] * 2, what=what), 2)
    yield Hostile(
        "nanoseconds.parquet",
        parquet(
            who=[1.0, 2.5],
            what=what,
            at=pa.array([1767225600_000000001] * 2, pa.timestamp("ns", "Europe/Madrid")),
        ),
        2,
    )
    yield Hostile(
        "epoch.parquet", parquet(who=[2**63 - 1, 1], at=[1767225600000] * 2, what=what), 2
    )
    yield Hostile(
        "nested.parquet", parquet(who=[{"a": 1}, None], at=[moment] * 2, what=[["x"], ["y"]]), 2
    )
    money = {"columns": {"occurred_at": "at", "event": "what", "value": "v"}}
    yield Hostile(
        "decimals.parquet",
        parquet(at=[moment] * 2, what=what, v=[Decimal("1.5"), None]),
        2,
        source=money,
    )
    yield Hostile(
        "floats.parquet",
        parquet(at=[moment] * 2, what=what, v=[float("nan"), 1e300]),
        1,
        ("number_unparsable",),
        source=money,
    )
    yield Hostile(
        "implausible.parquet",
        parquet(who=what, at=[datetime(1970, 1, 1), datetime(2026, 1, 1)], what=what),
        1,
        ("time_implausible",),
    )
