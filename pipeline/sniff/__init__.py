"""A first project file, proposed by looking at the exports: columns, times, events, stages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import DataError
from ..formats import FORMATS
from ..ingest.endings import format_of
from ..ingest.files import is_utf8, replaced
from .encodings import guessed_encoding
from .look import Export, look, peek
from .names import exports_under, group_name, passed_over, patterns
from .roles import id_columns
from .text import project_text

__all__ = ["propose"]

_EMPTY = {
    "csv": "holds no rows that fit its header",
    "jsonl": "holds no rows: neither a JSON object a line, nor one list of objects",
    "parquet": "holds no rows",
}


def propose(exports: Sequence[Path], folder: Path) -> str:
    """Return a commented project file for the exports; `folder` is where it will stand.

    Files of one folder with the same columns, or of the same known export, become one source. What
    cannot be an export, for want of rows or of a column with times, is left out and named. Raises
    DataError where there is no file that can be read, or none with times.
    """
    files = sorted({file for path in exports for file in exports_under(path)})
    shown = ", ".join(str(path) for path in exports)
    over = sorted({found for path in exports for found in passed_over(path)})
    left_out = [(path.name, told) for path, told in over]
    if not files:
        raise DataError(
            "\n".join(
                [
                    f"{shown}: there is no .csv, .tsv, .jsonl, .parquet or .xes file in it",
                    *(f"  - {name}: {told}" for name, told in left_out),
                ]
            )
        )
    groups: dict[tuple[str, ...], list[Path]] = {}
    for path in files:
        try:
            if not is_utf8(str(path)):
                raise DataError("the name of the file is no UTF-8; rename it")
            names, known = peek(path)
        except DataError as error:
            left_out.append((path.name, str(error)))
            continue
        except Exception as error:  # any parser may stumble over any bytes: that is the finding
            left_out.append((path.name, f"cannot be read ({str(error).splitlines()[0]})"))
            continue
        if names:
            alike = (known.name,) if known is not None else ("", *sorted(names))
            like = (str(path.parent), path.suffix, guessed_encoding(path), *alike)
            groups.setdefault(like, []).append(path)
        else:
            left_out.append((path.name, _EMPTY[format_of(path) or "csv"]))
    found: list[Export] = []
    waiting = [(kind, paths) for (_, _, _, kind, *_), paths in groups.items()]
    while waiting:
        kind, paths = waiting.pop(0)
        known = FORMATS.get(kind)
        mark = known.provisional if known is not None else None
        final = replaced([str(path) for path in paths], mark) if mark is not None else {}
        left_out += [
            (Path(one).name, f"{Path(other).name} holds the same events, in their final form")
            for one, other in final.items()
        ]
        paths = [path for path in paths if str(path) not in final]
        name = group_name(paths[0], folder, {one.name for one in found})
        try:
            export = look(name, patterns(paths, files, folder), paths, known)
        except Exception as error:  # as above, further down in them
            told = f"cannot be read ({str(error).splitlines()[0]})"
            left_out += [(path.name, told) for path in paths]
            continue
        if "occurred_at" in export.columns:
            found.append(export)
        elif len(paths) > 1:  # each may write its times in a way of its own
            waiting = [(kind, [path]) for path in paths] + waiting
        else:
            listed = ", ".join(export.other_columns[:10])
            told = (
                f"no column holds times in a way that is known ({listed}); if one does, name it as "
                "occurred_at, and how they are written as time_format"
            )
            left_out += [(path.name, told) for path in paths]
    if not found:
        reasons = "\n".join(f"  - {name}: {reason}" for name, reason in left_out)
        raise DataError(f"{shown}: there is no export with a column of times in it:\n{reasons}")
    joined = [one for one in found if one.known or id_columns(one.columns)] or found
    left_out += [
        (path, "no column looks like the id of a customer")
        for export in found
        if export not in joined
        for path in export.files
    ]
    return project_text(joined, left_out)
