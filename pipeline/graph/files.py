"""A graph written for other tools: GraphML, GEXF, DOT, JSON, CSV; names are data in all of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx

from ..errors import DataError, ModelError

# What XML 1.0 cannot hold, not even escaped; and \r, which its readers turn into \n.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# A spreadsheet takes a cell that starts like this for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


def write_graph(graph: nx.DiGraph, path: Path | str) -> Path:
    """Write the graph in the format of the file's ending and return the path.

    .graphml, .gexf (Gephi, yEd, Cytoscape; edges get `weight`), .dot (Graphviz, a wide edge is a
    frequent one), .json (node-link, as networkx reads it), .csv (the edges). Names are data:
    whatever they hold is escaped, never markup; a control character, which XML and DOT cannot hold,
    becomes its picture (␀…), and a cell that a spreadsheet would run as a formula gets an
    apostrophe. Same graph, same bytes.

    Raises DataError for another ending, or where the file cannot be written.
    """
    path = Path(path)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise DataError(
            f"{path}: {path.suffix!r} is unknown; end the name in {', '.join(_WRITERS)}"
        )
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(writer(graph), encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return path


def _graphml(graph: nx.DiGraph) -> str:
    file = io.BytesIO()
    nx.write_graphml_xml(_for_xml(graph), file)
    return file.getvalue().decode("utf-8")


def _gexf(graph: nx.DiGraph) -> str:
    file = io.BytesIO()
    nx.write_gexf(_for_xml(graph), file)
    # It holds the day of writing: the only bytes that the graph does not decide.
    return re.sub(r' lastmodifieddate="[\d-]+"', "", file.getvalue().decode("utf-8"), count=1)


def _json(graph: nx.DiGraph) -> str:
    data = nx.node_link_data(graph, edges="edges")
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _csv(graph: nx.DiGraph) -> str:
    columns = dict.fromkeys(name for *_, data in graph.edges(data=True) for name in data)
    file = io.StringIO()
    # Its default line end, \r\n, is what makes it quote a name that holds \r alone.
    writer = csv.writer(file)
    writer.writerow(["from_node", "to_node", *columns])
    for a, b, data in graph.edges(data=True):
        writer.writerow(map(_cell, (a, b, *(data.get(name) for name in columns))))
    return file.getvalue()


def _cell(value: Any) -> Any:
    is_formula = isinstance(value, str) and _FORMULA.match(value)
    return f"'{value}" if is_formula else value


def _dot(graph: nx.DiGraph) -> str:
    names = _printable_names(graph)
    most = max((n for *_, n in graph.edges(data="transitions")), default=1) or 1
    shapes = {"start": "circle", "exit": "doublecircle", "open": "doublecircle", "other": "oval"}
    lines = ["digraph {", "  rankdir=LR;", "  node [shape=box];"]
    for node, data in graph.nodes(data=True):
        looks = {"label": _label(names[node]), "shape": shapes.get(data.get("kind", "real"))}
        lines.append(f"  {_quoted(names[node])} {_attributes(data | looks)};")
    for a, b, data in graph.edges(data=True):
        n = data["transitions"]
        looks = {"label": f"{n:,}", "weight": n, "penwidth": round(0.5 + 4.5 * n / most, 2)}
        ends = f"{_quoted(names[a])} -> {_quoted(names[b])}"
        lines.append(f"  {ends} {_attributes(data | looks)};")
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(data: Mapping[str, Any]) -> str:
    listed = (f"{name}={_quoted(value)}" for name, value in data.items() if value is not None)
    return f"[{', '.join(listed)}]"


def _quoted(value: Any) -> str:
    text = _printable(str(value)).replace("\\", r"\\").replace('"', r"\"")
    return f'"{text}"'


def _label(name: Any) -> str:
    """A name that is shown as it is: in a label, DOT would read entities as HTML does."""
    return str(name).replace("&", "&amp;")


def _for_xml(graph: nx.DiGraph) -> nx.DiGraph:
    """Return a copy that XML can hold: no missing attributes, no control characters."""
    names = _printable_names(graph)
    copy = nx.DiGraph(**_present(graph.graph))
    for node, data in graph.nodes(data=True):
        copy.add_node(names[node], **_present(data))
    for a, b, data in graph.edges(data=True):
        copy.add_edge(names[a], names[b], **_present(data), weight=data["transitions"])
    return copy


def _printable_names(graph: nx.DiGraph) -> dict[Any, str]:
    names = {node: _printable(node) for node in graph}
    if len(set(names.values())) < len(names):
        raise ModelError(
            "nodes: two names differ only in control characters, which XML and DOT cannot hold"
        )
    return names


def _present(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _printable(value) if isinstance(value, str) else value
        for name, value in data.items()
        if value is not None
    }


def _printable(text: str) -> str:
    return _NOT_XML.sub(lambda found: _picture(ord(found[0])), text)


def _picture(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


_WRITERS: dict[str, Callable[[nx.DiGraph], str]] = {
    ".graphml": _graphml,
    ".gexf": _gexf,
    ".dot": _dot,
    ".json": _json,
    ".csv": _csv,
}
