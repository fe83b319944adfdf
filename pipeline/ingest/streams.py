"""Bytes of a file, decompressed and as UTF-8, whatever they were exported as."""

from __future__ import annotations

import codecs
import gzip
import io
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from ..errors import ProjectError

LONGEST_RECORD = 16 << 20
"""Bytes that one record may have; a longer one is rejected, and never held in memory."""
BROKEN = "\ue0ff"
"""Stands before each byte that is no text in the file's encoding."""


def open_plain(path: Path) -> IO[bytes]:
    """Open a file for reading its bytes, decompressed by what its first bytes say."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if magic == b"\x28\xb5\x2f\xfd":
        return cast(IO[bytes], pa.CompressedInputStream(pa.OSFile(str(path)), "zstd"))
    return path.open("rb")


def encoding_of(start: bytes, declared: str) -> str:
    """Return the encoding that a byte order mark tells, or the declared one."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise ProjectError(
            f"encoding {declared!r} is not known; write for instance 'utf-8', 'latin-1' or 'cp1252'"
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def open_countable(path: Path, declared: str) -> IO[bytes]:
    """Open a file as bytes in which a line end is the byte 10 and a quote the byte 34."""
    name = _encoding(path, declared)
    wide = name.startswith(("utf-16", "utf-32"))
    return _recoded(path, name) if wide else open_plain(path)


def open_utf8(path: Path, declared: str, *, is_utf8: bool) -> IO[bytes]:
    """Open a file as UTF-8 without byte order mark; what is no text is marked with `BROKEN`."""
    name = _encoding(path, declared)
    if name != "utf-8-sig" or not is_utf8:
        return _recoded(path, name)
    plain = open_plain(path)
    with open_plain(path) as peek:
        has_mark = peek.read(3) == codecs.BOM_UTF8
    if has_mark:
        plain.read(3)
    return plain


def _encoding(path: Path, declared: str) -> str:
    with open_plain(path) as peek:
        return encoding_of(peek.read(4), declared)


def _recoded(path: Path, encoding: str) -> IO[bytes]:
    codecs.register_error("squiggle_broken", _mark)
    return cast(IO[bytes], io.BufferedReader(_Recoded(open_plain(path), encoding), 1 << 20))


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return BROKEN + "".join(f"\\x{byte:02x}" for byte in wrong), error.end


class Unmarked(OSError):
    """The encoding needs a byte order mark, and there is none."""


class _Recoded(io.RawIOBase):
    """A stream of UTF-8 bytes made from a stream in another encoding."""

    def __init__(self, plain: IO[bytes], encoding: str) -> None:
        self._plain = plain
        self._decoder = codecs.getincrementaldecoder(encoding)("squiggle_broken")
        self._ready = b""
        self._at_end = False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._plain.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._at_end:
            block = self._plain.read(1 << 20)
            self._at_end = not block
            try:
                self._ready = self._decoder.decode(block, self._at_end).encode("utf-8")
            except UnicodeDecodeError:
                raise
            except UnicodeError as error:  # no byte order mark, where the encoding needs one
                raise Unmarked(f"{error}; name the encoding with its order of bytes") from None
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
