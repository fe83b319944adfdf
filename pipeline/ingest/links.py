"""Links between ids that were made elsewhere, declared in the project file."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from ..errors import DataError, nearest
from ..project import ID_COLUMNS, Project

_COLUMNS = ("kind", "value", "other_kind", "other_value")


def declared_links(project: Project) -> pa.Table:
    """Return one row per declared link; none where the project file names no file of links.

    The file is CSV or Parquet with the columns kind, value, other_kind and other_value; kinds are
    our names of id columns. Raises DataError where it is anything else.
    """
    schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
    if project.identity.links is None:
        return schema.empty_table()
    path = project.folder / project.identity.links
    try:
        if path.suffix == ".parquet":
            found = pq.read_table(path)
        else:
            text = pc.ConvertOptions(column_types=schema)
            found = pc.read_csv(path, convert_options=text)
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
    return found
