// What follows what: a table of shares, whole percentages in the cells, the deeper the more.
const FULL = 0.6; // the share that takes the deepest colour; more is printed, not darker

// Between these two depths neither dark nor light letters have contrast enough: none is used.
const [DEEP, DEEPER] = [70, 74];
const depth = (part) => {
  const deep = Math.round(100 * Math.min(part / FULL, 1) ** 0.8);
  return deep > DEEP && deep < DEEPER ? DEEP : deep;
};

const drawHeatmap = (place, view, table) => {
  const rows = rowsOf(table, view);
  const order = data.order[view.map_name]?.[view.level] || [];
  const cells = new Map();
  const wholes = new Map();
  let thin = 0;
  const put = (from, to, count, row) => {
    const key = JSON.stringify([from, to]);
    const cell = cells.get(key) || { from, to, count: 0, rows: [] };
    cell.count += count;
    cell.rows.push(row);
    cells.set(key, cell);
  };
  for (const row of rows) {
    const [count, whole] = counts(row, view.weight);
    if (!count) continue;
    wholes.set(row.from_node, whole);
    const folded = 100 * count < view.hide * whole && row.to_node !== "(other)";
    thin += folded;
    put(row.from_node, folded ? "(other)" : row.to_node, count, row);
  }
  if (!cells.size) return null;
  const targets = new Set([...cells.values()].map((cell) => cell.to));
  const names = order.filter((one) => wholes.has(one));
  const heads = order.filter((one) => targets.has(one));
  if (targets.has("(other)") && !heads.includes("(other)")) {
    heads.splice(heads.findIndex((one) => one === "(exit)" || one === "(open)"), 0, "(other)");
  }
  const most = place.clientWidth < PHONE ? 15 : 19; // the room of a row's name
  const grid = made("table", { class: "heat", role: "grid", "aria-label": "Shares of a row that go to each column" });
  const top = made("tr", {}, made("td", { class: "corner" }, "from ↓ to →"));
  for (const name of heads) {
    top.append(made("th", { scope: "col", title: cut(name, 400) }, made("span", {}, short(name, 19))));
  }
  grid.append(made("thead", {}, top));
  const body = made("tbody");
  const marks = [];
  const places = [];
  names.forEach((name, y) => {
    const whole = wholes.get(name);
    const few = whole < ENOUGH;
    const line = made("tr", few ? { class: "few" } : {},
      made("th", { scope: "row", title: cut(name, 400) }, made("bdi", {}, short(name, most)),
        few ? made("small", {}, ` n = ${number(whole)}`) : null));
    line.dataset.n = whole;
    heads.forEach((head, x) => {
      const cell = cells.get(JSON.stringify([name, head]));
      if (!cell) {
        line.append(made("td", { class: "none" }));
        return;
      }
      const part = cell.count / whole;
      const field = made("td", { "data-n": cell.count }, part >= 0.005 ? number(100 * part) : "<1");
      const deep = few ? 0 : depth(part);
      field.style.setProperty("--deep", `${deep}%`);
      if (deep > DEEP) field.className = "deep";
      line.append(field);
      const single = cell.rows.length === 1 && cell.rows[0].to_node === head ? cell.rows[0] : null;
      marks.push({
        element: field,
        lines: single ? edgeLines(single, view.weight, false) : heatLines(cell, whole, view),
        open: single ? () => edgeDrill(single, view, view.level)
          : () => ({ note: foldNote(view) }),
      });
      places.push([y, x]);
    });
    body.append(line);
  });
  grid.append(body);
  place.replaceChildren(grid);
  attach(place, marks, (at, key) => beside(places, at, key));
  marks.forEach((mark) => mark.element.setAttribute("role", "gridcell"));
  return { note: thin ? `(other) also holds ${plural(thin, "cells")} below ${number(view.hide, 1)}${local("%")} of their row.` : "" };
};

const heatLines = (cell, whole, view) => [`${called(cell.from)} → (other)`,
  `${share(cell.count, whole, view.weight)}, ${plural(cell.rows.length, "moves")} too rare to show`];

// The nearest cell in the direction of an arrow; empty cells are passed over.
const beside = (places, at, key) => {
  const [y, x] = places[at];
  const ahead = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const along = key === "ArrowRight" || key === "ArrowLeft" ? 1 : 0;
  let best = at;
  let nearest = Infinity;
  places.forEach(([row, head], number) => {
    const far = ahead * (along ? head - x : row - y);
    const off = Math.abs(along ? row - y : head - x);
    const cost = far + 3 * off;
    if (far > 0 && (!along || off === 0) && cost < nearest) {
      nearest = cost;
      best = number;
    }
  });
  return best;
};
