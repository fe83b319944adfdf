// Forward and back: stages on a line, arcs above for moves ahead and below for moves back.
const ARC = { widest: 44, high: 86, box: 116 };
const arcHeight = (span) => 0.25 + 0.62 * Math.abs(span) ** 0.85;

// What an edge counts, and of how many, by what is counted.
const counts = (row, weight) => {
  if (weight === "moves") return [row.transitions, row.of_transitions];
  return weight === "customers" ? [row.customers, row.of_customers] : [row.journeys, row.of_journeys];
};
const departures = (row, weight) => {
  const [count, whole] = counts(row, weight);
  return [count, weight === "moves" ? row.of_departures : whole];
};

const edgeLines = (row, weight, away) => {
  const lines = [`${called(row.from_node)} → ${called(row.to_node)}`];
  const whole = away ? row.of_departures : row.of_transitions;
  lines.push(`${share(row.transitions, whole, "moves")} ${away ? "away" : ""}`.trimEnd());
  if (row.from_node !== row.to_node) {
    lines.push(share(row.journeys, row.of_journeys, "journeys"));
    lines.push(shareOfCustomers(row));
  }
  if (row.median_s !== null) lines.push(pace(row, ""));
  return lines;
};

const edgeDrill = (row, view, level) => ({
  examples: examplesOf(view, row.example_no, (example) => {
    const walk = walkOf(example, view, level);
    return walk.some((node, at) => node === row.from_node && walk[at + 1] === row.to_node);
  }),
  note: row.journeys === row.transitions || row.from_node === row.to_node ? ""
    : `Journeys are counted by where they go the first time that they leave ${called(row.from_node)}; `
      + "the query lists all that ever make the move, with how often.",
  sql: filled("edge", { ...view, level, from_node: row.from_node, to_node: row.to_node }),
});

const drawArcs = (place, view, table) => {
  const stages = stagesOf(view);
  const at = new Map(stages.map((one, number) => [one.name, number]));
  const rows = rowsOf(table, { ...view, level: "stage" }).filter((row) => row.from_node !== row.to_node);
  const all = rows.filter((row) => at.has(row.from_node) && at.has(row.to_node)
    && departures(row, view.weight)[0] > 0);
  if (!all.length) return null;
  const isThin = (row) => {
    const [count, whole] = departures(row, view.weight);
    return 100 * count < view.hide * whole;
  };
  const real = all.filter((row) => !isThin(row));
  const span = (row) => at.get(row.to_node) - at.get(row.from_node);
  const most = Math.max(...all.map((row) => departures(row, view.weight)[1]));
  const reach = (sign) => Math.max(0.3, ...all.filter((row) => Math.sign(span(row)) === sign)
    .map((row) => arcHeight(span(row))));
  const [up, down] = [reach(1), reach(-1)];
  const width = Math.max(place.clientWidth, (ARC.box + 34) * stages.length);
  const height = Math.round(ARC.high * (up + down) + 104);
  const middle = Math.round(ARC.high * up + 52);
  const x = (number) => (width / stages.length) * (number + 0.5);
  const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group",
    "aria-label": "Moves between stages" });
  const marks = [];
  const labels = [];
  const order = [...real].sort((a, b) => departures(b, view.weight)[0] - departures(a, view.weight)[0]);
  for (const row of order) {
    const [count, whole] = departures(row, view.weight);
    const sign = Math.sign(span(row));
    const left = x(at.get(row.from_node)) + sign * ARC.box * 0.2;
    const right = x(at.get(row.to_node)) - sign * ARC.box * 0.2;
    const tall = arcHeight(span(row)) * ARC.high;
    const role = sign > 0 ? "forward" : "back";
    const path = drawn("path", {
      d: `M${left.toFixed(1)},${middle}A${(Math.abs(right - left) / 2).toFixed(1)},${tall.toFixed(1)} 0 0 1 ${right.toFixed(1)},${middle}`,
      class: `arc ${role}${whole < ENOUGH ? " few" : ""}`, "data-n": count, "data-from": row.from_node,
      "stroke-width": (1.2 + ARC.widest * Math.min(1, 5 / stages.length) * count / most).toFixed(2),
    });
    svg.append(path);
    marks.push({ element: path, lines: edgeLines(row, view.weight, true), open: () => edgeDrill(row, view, "stage") });
    if (count / whole >= 0.015) {
      labels.push(drawn("text", { x: (left + right) / 2, y: middle - sign * tall, "text-anchor": "middle",
        class: `on-arc ${whole < ENOUGH ? "leave" : role}` }, percent(count / whole)));
    }
  }
  svg.append(...labels);
  stages.forEach((stage, number) => {
    const box = arcBox(stage, rows, all.filter(isThin), view, x(number), middle);
    svg.append(box.element);
    if (box.lines) marks.push(box);
  });
  place.replaceChildren(svg);
  pressed(svg.querySelectorAll(".box .name, .box .small"), ARC.box - 8);
  attach(place, marks);
  const thin = all.filter(isThin);
  return { note: thin.length ? `(other): ${plural(thin.length, "arcs")} below ${number(view.hide, 1)}${local("%")} of what `
    + "leaves their stage are told as a sum under it." : "" };
};

const arcBox = (stage, rows, thin, view, x, middle) => {
  const own = rows.filter((row) => row.from_node === stage.name);
  const group = drawn("g", { class: "box", "data-node": stage.name });
  const wide = ARC.box;
  group.append(hue(drawn("rect", { x: x - wide / 2, y: middle - 25, width: wide, height: 50, rx: 7 }), stage));
  group.append(drawn("text", { x, y: middle - 5, "text-anchor": "middle", class: "name" }, called(stage.name, 15)));
  const below = drawn("text", { x, y: middle + 13, "text-anchor": "middle", class: "small" });
  group.append(below);
  if (!own.length) {
    below.append("not left");
    return { element: group, lines: null };
  }
  const whole = departures(own[0], view.weight)[1];
  const gone = own.filter((row) => row.to_node === "(exit)")
    .reduce((sum, row) => sum + departures(row, view.weight)[0], 0);
  const other = [...thin.filter((row) => row.from_node === stage.name), ...own.filter((row) => row.to_node === "(other)")]
    .reduce((sum, row) => sum + departures(row, view.weight)[0], 0);
  group.dataset.n = whole;
  group.dataset.other = other;
  const ends = stage.isGoal && gone / whole > 0.995 ? "the goal" : `${percent(gone / whole)} leave`;
  const words = [gone || !other ? ends : "", other ? `${percent(other / whole)} (other)` : ""];
  below.append(whole < ENOUGH ? `n = ${number(whole)}` : words.filter(Boolean).join(", "));
  const lines = [called(stage.name), `${plural(whole, view.weight)} ${view.weight === "moves" ? "away from it" : `${was(whole)} there`}`,
    `${share(gone, whole, view.weight)} ${stage.isGoal ? "end here" : "leave"}`];
  if (other) lines.push(`${share(other, whole, view.weight)} to (other)`);
  const open = () => ({
    examples: examplesOf(view, null, (example) => visitsOf(example).includes(stage.name)),
    sql: filled("stage", { ...view, node: stage.name }),
  });
  return { element: group, lines, open };
};
