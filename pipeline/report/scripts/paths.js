// The most common paths: chips in order, a bar for how many took exactly this path.
const partsOf = (path, view, level) => {
  const known = level === "stage" ? new Set(stagesOf(view).map((one) => one.name)) : data.names[view.map_name];
  const parts = [];
  let waiting = "";
  for (const part of path.split(" > ")) {
    waiting = waiting ? `${waiting} > ${part}` : part;
    if (known.has(waiting) || waiting === "…") {
      parts.push(waiting);
      waiting = "";
    }
  }
  return waiting || !parts.length ? [path] : parts;
};

const pathChips = (path, view, level) => {
  const cell = made("td");
  let before = null;
  const parts = partsOf(path, view, level);
  parts.slice(0, 14).forEach((name) => {
    const stage = level === "stage" ? stageOf(view, name) : stageOf(view, data.stageOf[view.map_name][name]);
    if (before) {
      const back = stage && before.no > stage.no;
      cell.append(made("span", { class: back ? "way back" : "way" },
        made("span", { "aria-hidden": "true" }, back ? "←" : "→"),
        made("span", { class: "hear" }, back ? "back to" : "then")));
    }
    cell.append(chip(name, stage));
    before = stage || { no: 0 };
  });
  if (parts.length > 14) cell.append(made("span", { class: "detail" }, ` and ${parts.length - 14} more`));
  return cell;
};

// At the level of stages who has none has no path, so there are fewer than at the others.
const OF_PATHS = {
  journeys: [" with a stage", ", with a stage or without"],
  customers: [" whose first journey has a stage", ", whether the first journey has a stage or not"],
};

const drawPaths = (place, view, table) => {
  const { level } = view;
  const counted = view.weight === "customers" ? "customers" : "journeys";
  const rows = rowsOf(table, view).filter((row) => row[counted]);
  if (!rows.length) return null;
  const most = Math.max(...rows.filter((row) => row.path !== "(other)").map((row) => row[counted]), 1);
  const whole = rows[0][`of_${counted}`];
  const body = made("tbody");
  const marks = [];
  for (const row of rows) {
    const isOther = row.path === "(other)";
    const meter = made("span", { class: `meter${isOther ? " quiet" : ""}`, "aria-hidden": "true" }, made("i"));
    meter.firstChild.style.width = `${Math.min(100, 100 * row[counted] / most).toFixed(2)}%`;
    const take = made("span", { class: "number", "data-n": row[counted] },
      made("b", {}, number(row[counted])), ` ${percent(row[counted] / whole)}`);
    const cells = [
      isOther ? made("td", {}, made("span", { class: "detail" }, "all other paths")) : pathChips(row.path, view, level),
      made("td", { class: "measure", "data-label": counted }, meter, take),
      made("td", { class: "right", "data-label": "Converted" }, row.converted === null ? "—" : `${number(row.converted)} of ${number(row.journeys)}`),
      made("td", { class: "right", "data-label": "Median time" }, row.median_days === null ? "—" : days(row.median_days)),
    ];
    const line = made("tr", row.journeys < ENOUGH ? { class: "weak" } : {}, ...cells);
    body.append(line);
    if (!isOther) {
      marks.push({ element: take, open: () => pathDrill(row, view, level), lines: [
        cut(row.path, 200), share(row.journeys, row.of_journeys, "journeys"),
        shareOfCustomers(row)] });
    }
  }
  const head = made("thead", {}, made("tr", {}, made("th", { scope: "col" }, "Path"),
    made("th", { scope: "col" }, counted === "customers" ? "Customers" : "Journeys"),
    made("th", { scope: "col", class: "right" }, "Converted so far"),
    made("th", { scope: "col", class: "right" }, "Median time, all journeys")));
  place.replaceChildren(made("table", { class: "paths" }, head, body));
  attach(place, marks);
  return { note: `The shares are of ${plural(whole, counted)}${OF_PATHS[counted][level === "stage" ? 0 : 1]}.` };
};

const pathDrill = (row, view, level) => ({
  examples: examplesOf(view, row.example_no, (example) => {
    const names = level === "stage" ? visitsOf(example) : example.steps.map((step) => step.touchpoint);
    return example.isWhole && names.join(" > ") === row.path;
  }),
  sql: filled("path", { ...view, level, path: row.path }),
});
