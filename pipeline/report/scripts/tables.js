// The numbers behind a figure: the rows of its view as a table, as CSV, and the query that made them.
const MOST_ROWS = 500;
const HIDDEN = new Set(["example_no"]);

const columnsShown = (table) => table.columns.filter((one) => !HIDDEN.has(one.name)
  && !table.keys.includes(one.name));

const fillTable = (place) => {
  const name = place.dataset.table;
  const table = data.tables[name];
  const view = viewFor(place, table);
  const key = JSON.stringify([name, ...table.keys.map((one) => view[one])]);
  if (place.dataset.filled === key) return;
  place.dataset.filled = key;
  const [from, to] = spanOf(table, view);
  const last = Math.min(to, from + MOST_ROWS);
  const total = table.keys.length ? to - from : table.total;
  const head = made("div", { class: "table-head" });
  const more = total > last - from ? `, the first ${number(last - from)} shown; the others are in the warehouse` : "";
  head.append(made("span", { class: "detail" }, `${name}: ${plural(total, "rows")}${more}`));
  const button = made("button", { type: "button", "aria-label": `Download ${name} as CSV` }, "Download CSV");
  button.addEventListener("click", () => download(name, table, view));
  head.append(button);
  const columns = columnsShown(table);
  const grid = made("table");
  const names = grid.createTHead().insertRow();
  for (const one of columns) {
    names.append(made("th", { scope: "col", class: one.kind === "text" ? null : "right" },
      plain(one.name).replaceAll("_", " ")));
  }
  const body = grid.createTBody();
  for (let at = from; at < last; at += 1) {
    const line = body.insertRow();
    for (const one of columns) {
      const value = cellOf(one, at);
      const title = one.kind === "text" && value !== null && value.length > 60 ? cut(value, 400) : null;
      line.append(made("td", { class: one.kind === "text" ? null : "right", title }, shown(value, one.kind)));
    }
  }
  const scroll = made("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Numbers of ${name} in ${place.closest("section").id}` });
  scroll.append(grid);
  place.replaceChildren(head, scroll);
};

// A panel of one map shows its map, whatever is chosen, at its own level where it has one.
const viewFor = (place, table) => {
  const panel = place.closest("[data-map]");
  const view = { ...choice, ...(panel ? { map_name: data.maps[Number(panel.dataset.map) - 1].name } : {}) };
  const { level, suits } = place.dataset;
  if (level) view.level = level;
  else if (table.levels && !table.levels.includes(view.level)) view.level = suits || "stage";
  if (table.keys.includes("anchor")) {
    view.anchor = choice.anchor || anchorsOf(view.map_name)[0];
    if (view.segment !== "all") view.among = "all"; // of a value all outcomes are told together
  }
  return view;
};

// A spreadsheet takes text that begins like this for a formula; an apostrophe keeps it text.
const field = (value) => {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^\s*[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const download = (name, table, view) => {
  const columns = table.columns.filter((one) => !HIDDEN.has(one.name));
  const [from, to] = spanOf(table, view);
  const lines = [columns.map((one) => field(one.name)).join(",")];
  for (let at = from; at < to; at += 1) {
    lines.push(columns.map((one) => field(cellOf(one, at))).join(","));
  }
  const link = made("a");
  link.href = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
