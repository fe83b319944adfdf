// The data of the page: packed in the file, unpacked once, read by view.
const unpack = async (id) => {
  const text = document.getElementById(id).textContent;
  const bytes = Uint8Array.fromBase64
    ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), (mark) => mark.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
};

let data = null;

// A view is what the reader has chosen; a table is read by as many of its keys as it has.
const spanOf = (table, view) => {
  if (!table.keys.length) return [0, table.length];
  const codes = table.keys.map((key) => column(table, key).words.indexOf(view[key]));
  return table.groups[codes.join(".")] || [0, 0];
};

const column = (table, name) => table.columns[table.places[name]];

const cellOf = (one, at) => {
  const value = one.values[at];
  if (one.words) return value < 0 ? null : one.words[value];
  return value;
};

const rowsOf = (name, view) => {
  const table = data.tables[name];
  const [from, to] = spanOf(table, view);
  const rows = [];
  for (let at = from; at < to; at += 1) {
    const row = {};
    for (const one of table.columns) row[one.name] = cellOf(one, at);
    rows.push(row);
  }
  return rows;
};

const mapOf = (view) => data.maps.find((one) => one.name === view.map_name);
const stagesOf = (view) => mapOf(view).stages;
const stageOf = (view, name) => stagesOf(view).find((one) => one.name === name);

const ENOUGH = 30;
