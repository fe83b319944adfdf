"""Links between ids that were made elsewhere, declared in the project file."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from ..errors import DataError, nearest
from ..project import ID_COLUMNS, PHONE_SEPARATORS, Project
from .endings import format_of

_COLUMNS = ("kind", "value", "other_kind", "other_value")
_PAIRS = (("kind", "value"), ("other_kind", "other_value"))


def declared_links(project: Project) -> pa.Table:
    """Return one row per declared link; none where the project file names no file of links.

    The file is CSV or Parquet with the columns kind, value, other_kind and other_value; kinds are
    our names of id columns, and values are normalised as those of events are. Raises DataError
    where it is anything else.
    """
    schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
    if project.identity.links is None:
        return schema.empty_table()
    path = project.folder / project.identity.links
    try:
        if format_of(path) == "parquet":
            found = pq.read_table(path)
        else:
            text = csv.ConvertOptions(column_types=schema)
            found = csv.read_csv(path, convert_options=text)
    except (OSError, pa.ArrowInvalid) as error:
        raise DataError(f"{path}: the links cannot be read: {error}") from None
    missing = [name for name in _COLUMNS if name not in found.column_names]
    if missing:
        hint = nearest(missing[0], found.column_names)
        raise DataError(f"{path}: there is no column {missing[0]!r} of links; {hint}")
    found = found.select(list(_COLUMNS)).cast(schema).drop_null()
    kinds = set(found["kind"].to_pylist()) | set(found["other_kind"].to_pylist())
    for kind in sorted(kinds - set(ID_COLUMNS)):
        raise DataError(f"{path}: {kind!r} is no kind of id; {nearest(kind, ID_COLUMNS)}")
    values = {name: _normal(found[kind], found[name]) for kind, name in _PAIRS}
    for name, normal in values.items():
        found = found.set_column(found.column_names.index(name), name, normal)
    return found


def _normal(kinds: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values as events carry them: e-mails in small letters, telephones without separators."""
    trimmed = pc.utf8_trim_whitespace(values)
    digits = pc.replace_substring_regex(trimmed, PHONE_SEPARATORS, "")
    found = pc.if_else(pc.equal(kinds, "email"), pc.utf8_lower(trimmed), trimmed)
    return pc.if_else(pc.equal(kinds, "phone"), digits, found)
