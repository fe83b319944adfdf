(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("squiggle-data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const PHONE = 620;
  const PRINTED = 700;
  let printing = false;

  // Figures come in light colours; each colour of the palette has one dark counterpart.
  const coloured = (value) => {
    if (typeof value === "string") return data.dark[value] || value;
    if (Array.isArray(value)) return value.map(coloured);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one)]));
    }
    return value;
  };

  const draw = (plot) => {
    const figure = structuredClone(data.figures[plot.id]);
    const width = plot.parentElement.clientWidth;
    const narrow = (figure.layout.meta || {}).narrow || {};
    const isNarrow = !printing && width < PHONE;
    const { min_width: least, ...changes } = narrow;
    if (isNarrow) Object.assign(figure.layout, changes);
    const wide = printing ? PRINTED : Math.max(width, least || 0);
    plot.style.width = wide > width ? `${wide}px` : "";
    figure.layout.width = wide;
    const themed = dark.matches && !printing ? coloured(figure) : figure;
    const state = `${wide} ${isNarrow} ${printing} ${dark.matches}`;
    if (plot.dataset.drawn === state) return null;
    plot.dataset.drawn = state;
    Plotly.purge(plot); // a first drawing is not animated, so print and screenshots find it whole
    return Plotly.newPlot(plot, themed.data, themed.layout, {
      displayModeBar: false, showTips: false, doubleClick: false, scrollZoom: false,
      staticPlot: printing,
    });
  };

  const shown = () => [...document.querySelectorAll(".plot")].filter((plot) => plot.offsetParent);
  const drawAll = () => Promise.all(shown().map(draw));

  const choose = (place) => {
    for (const part of document.querySelectorAll("[data-map]")) {
      part.hidden = part.dataset.map !== place;
    }
    return drawAll();
  };

  // Names are somebody else's text: no control or direction characters, never markup.
  const plain = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, "\ufffd");
  const cut = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  const number = (value, most) => value.toLocaleString("en-US", { maximumFractionDigits: most });
  const written = {
    count: (value) => number(value, 0),
    number: (value) => number(value, 3),
    share: (value) => `${number(100 * value, 2)}%`,
    flag: (value) => (value ? "yes" : "no"),
    moment: (value) => value.replace("T", " ").slice(0, 16),
    text: (value) => cut(plain(String(value))),
  };

  const made = (tag, text, kind) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };

  const fill = (place) => {
    if (place.childElementCount) return;
    const table = data.tables[place.dataset.table];
    const head = made("div", undefined, "table-head");
    const more = table.total > table.rows.length
      ? `, the first ${number(table.rows.length, 0)} shown; the others are in the warehouse` : "";
    head.append(made("span", `${table.name}: ${number(table.total, 0)} rows${more}`, "detail"));
    const button = made("button", "Download CSV");
    button.type = "button";
    button.setAttribute("aria-label", `Download ${table.name} as CSV`);
    button.addEventListener("click", () => download(table));
    head.append(button);
    const grid = made("table");
    const names = grid.createTHead().insertRow();
    for (const [name, kind] of table.columns) {
      const cell = made("th", plain(name).replaceAll("_", " "), kind === "text" ? "" : "right");
      cell.scope = "col";
      names.append(cell);
    }
    const body = grid.createTBody();
    for (const row of table.rows) {
      const line = body.insertRow();
      row.forEach((value, at) => {
        const kind = table.columns[at][1];
        const text = value === null ? "—" : (written[kind] || written.text)(value);
        const cell = made("td", text, kind === "text" ? "" : "right");
        if (kind === "text" && value !== null && String(value).length > 60) cell.title = plain(value);
        line.append(cell);
      });
    }
    const scroll = made("div", undefined, "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", `Numbers of ${table.name}`);
    scroll.append(grid);
    place.append(head, scroll);
  };

  // A spreadsheet takes text that begins like this for a formula; an apostrophe keeps it text.
  const field = (value) => {
    if (value === null) return "";
    if (typeof value !== "string") return String(value);
    const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = (table) => [table.columns.map(([name]) => name), ...table.rows]
    .map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";

  const download = (table) => {
    const link = made("a");
    link.href = URL.createObjectURL(new Blob([csv(table)], { type: "text/csv;charset=utf-8" }));
    link.download = `${table.name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  for (const input of document.querySelectorAll('input[name="map"]')) {
    input.addEventListener("change", () => choose(input.value));
  }
  for (const numbers of document.querySelectorAll("details.numbers")) {
    numbers.addEventListener("toggle", () => numbers.querySelectorAll(".table").forEach(fill));
  }
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
  dark.addEventListener("change", drawAll);
  addEventListener("beforeprint", () => { printing = true; drawAll(); });
  addEventListener("afterprint", () => { printing = false; drawAll(); });

  const chosen = document.querySelector('input[name="map"]:checked');
  Promise.resolve(chosen ? choose(chosen.value) : drawAll()).then(() => {
    document.documentElement.dataset.ready = "yes";
  });
})();
