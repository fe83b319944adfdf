// Steps around a touchpoint: columns of nodes, the anchor in the middle, and nothing is lost.
const AROUND = { tall: 300, widest: 30, gap: 9, top: 58, left: 2, right: 128, least: 132, most: 240 };
const STEP_WORDS = ["3 before", "2 before", "just before", "", "next", "2 after", "3 after"];
const BEFORE = 4; // column of the anchor

const kindsAt = (graph, step) => new Set(graph.nodes.filter((one) => one.step === step).map((one) => one.kind));
const anchorsOf = (map_name) => rowsOf("anchors", { map_name }).map((row) => row.node);

const aroundRows = (rows) => rows.map((row) => ({ ...row, step_no: row.step_no + BEFORE,
  from_stage: row.from_node, to_stage: row.to_node, outcome: null,
  direction: row.direction === "level" ? "stay" : row.direction }));

// Real nodes by stage and rank as in the other figures, then (other), then where journeys begin or end.
const aroundLayout = ({ nodes }, view, total, width) => {
  const steps = nodes.map((one) => one.step);
  const [first, final] = [Math.min(...steps), Math.max(...steps)];
  const order = data.order[view.map_name].touchpoint;
  const last = ["(other)", "(start)", "(open)", "(exit)"];
  const rank = (one) => (one.kind.startsWith("(") && last.includes(one.kind)
    ? order.length + last.indexOf(one.kind) : order.indexOf(one.kind));
  const scale = Math.min(AROUND.tall / total, AROUND.widest);
  const across = (step) => AROUND.left + (width - AROUND.left - AROUND.right - FLOW.node) * (step - first) / (final - first);
  let height = 0;
  for (let step = 1; step <= 7; step += 1) {
    let top = AROUND.top;
    for (const one of nodes.filter((each) => each.step === step).sort((a, b) => rank(a) - rank(b))) {
      Object.assign(one, { tall: one.count * scale, top, x: across(step) });
      top += Math.max(one.tall, 2) + AROUND.gap;
    }
    height = Math.max(height, top);
  }
  settleFlows(nodes, scale, across);
  return { scale, across, height: height + 4 };
};

const drawAround = (place, view, table) => {
  const counted = view.weight === "customers" ? "customers" : "journeys";
  const rows = aroundRows(rowsOf(table, view)).filter((row) => row[counted]);
  if (!rows.length) return null;
  const total = rows[0][`of_${counted}`];
  const graph = flowGraph(rows, [], counted, view.hide * total / 100);
  const most = Math.max(...graph.nodes.map((one) => one.step)) - Math.min(...graph.nodes.map((one) => one.step));
  const width = Math.max(Math.min(place.clientWidth, AROUND.right + AROUND.most * most), AROUND.right + AROUND.least * most);
  const layout = aroundLayout(graph, view, total, width);
  const svg = drawn("svg", { width, height: layout.height, viewBox: `0 0 ${width} ${layout.height}`,
    role: "group", "aria-label": `Steps around ${cut(view.anchor)}: ${plural(total, counted)}`, "data-total": total });
  const marks = [];
  const labels = [];
  for (const link of [...graph.links].sort((a, b) => a.from.step - b.from.step || b.count - a.count)) {
    const path = drawn("path", { d: ribbon(link, layout.scale), "data-n": link.count, "data-step": link.from.step - BEFORE, "data-to": link.to.step - BEFORE,
      class: `link ${link.role}${link.count < ENOUGH ? " few" : ""}` });
    svg.append(path);
    marks.push({ element: path, lines: aroundLines(link, view, counted), open: () => aroundDrill(link, view, graph) });
  }
  const steps = new Map(rowsOf("nodes", { map_name: view.map_name, level: "touchpoint" }).map((row) => [row.node, row.stage_no]));
  for (const one of [...graph.nodes].sort((a, b) => a.step - b.step || a.top - b.top)) {
    aroundNode(svg, marks, labels, one, stagesOf(view)[steps.get(one.kind) - 1], { view, total, counted, shownThere: kindsAt(graph, one.step) });
  }
  svg.append(...labels); // over the nodes between the columns
  aroundHeads(svg, graph, layout, view, total);
  place.replaceChildren(svg);
  pressed(svg.querySelectorAll(".count, .anchor"), AROUND.right - 7);
  attach(place, marks);
  const [all] = rowsOf("outcomes", view);
  const met = counted === "journeys" && all ? share(total, all.journeys, "journeys") : plural(total, counted);
  const folded = graph.links.filter((link) => link.isFolded && Number.isInteger(link.from.step));
  return { note: `${met} meet ${cut(view.anchor)}${counted === "customers" ? ", by the first journey of each" : ""}.${
    folded.length ? ` (other) between the columns: ${plural(summed(folded), "moves")} on links below ${limits(view, counted)}.` : ""}` };
};

const aroundNode = (svg, marks, labels, one, stage, { view, total, counted, shownThere }) => {
  const fixed = { "(open)": "open", "(exit)": "leave", "(start)": "leave" }[one.kind];
  const rect = drawn("rect", { x: one.x.toFixed(1), y: one.top.toFixed(1), width: FLOW.node,
    height: Math.max(one.tall, 0.6).toFixed(1), class: `node ${fixed || "stage"}`, "data-node": one.kind,
    "data-n": one.count, "data-step": one.step - BEFORE });
  if (stage) hue(rect, stage);
  svg.append(rect);
  const when = one.step === BEFORE ? "the touchpoint itself" : STEP_WORDS[Math.floor(one.step) - 1];
  marks.push({ element: rect, lines: [`${called(one.kind)}, ${when}`, `${share(one.count, total, counted)} that meet ${cut(view.anchor)}`],
    open: () => aroundNodeDrill(one, view, shownThere) });
  if (!Number.isInteger(one.step) || one.tall < 5) return;
  const text = drawn("text", { x: one.x + FLOW.node + 5, y: one.top + one.tall / 2, class: "count" });
  text.append(`${called(one.kind, 15)} `, drawn("tspan", { class: "quiet" }, number(one.count)));
  labels.push(text);
};

const aroundHeads = (svg, graph, layout, view, total) => {
  for (let step = 1; step <= 7; step += 1) {
    const there = graph.nodes.filter((one) => one.step === step);
    if (!there.length) continue;
    const x = layout.across(step);
    const isAnchor = step === BEFORE;
    const on = isAnchor ? total : summed(there.filter((one) => !["(start)", "(exit)", "(open)"].includes(one.kind)).map((one) => ({ count: one.count })));
    svg.append(drawn("text", { x, y: 14, class: isAnchor ? "lane-name anchor" : "axis" }, isAnchor ? short(view.anchor, 18) : STEP_WORDS[step - 1]));
    if (on) svg.append(drawn("text", { x, y: 32, class: "axis" }, isAnchor ? `all ${number(total)}` : `${number(on)} there`));
  }
};

const aroundLines = (link, view, counted) => {
  const title = `${called(link.from.kind)} → ${called(link.to.kind)}`;
  if (link.isFolded) return [title, `${plural(link.count, "moves")} on links too thin to draw`];
  const [row] = link.rows;
  const lines = [title];
  if (counted === "journeys") lines.push(`${share(row.journeys, row.of_journeys, "journeys")} that meet ${cut(view.anchor)}`);
  lines.push(shareOfCustomers(row));
  if (row.median_s !== null) lines.push(pace(row, " from one to the other"));
  return lines;
};

// Where an example is so many steps from the anchor; what is not shown there is (other).
const aroundPlace = (example, view, step, shownThere) => {
  const names = example.steps.map((one) => one.touchpoint);
  const merged = names.filter((name, at) => name !== names[at - 1]);
  const met = merged.indexOf(view.anchor);
  const where = met + step - BEFORE;
  if (met < 0) return undefined;
  if (where === -1) return "(start)";
  if (where === merged.length && example.isWhole) return example.isClosed ? "(exit)" : "(open)";
  const name = merged[where];
  return name === undefined || shownThere.has(name) ? name : "(other)";
};

const aroundDrill = (link, view, graph) => {
  const [row] = link.rows;
  if (link.isFolded || row.direction === "other") return { note: foldNote(view) };
  const fits = (example) => [[link.from, row.from_stage], [link.to, row.to_stage]].every(([end, name]) =>
    aroundPlace(example, view, end.step, kindsAt(graph, end.step)) === name);
  return {
    examples: examplesOf(view, null, fits),
    sql: filled("around", { ...view, step_no: row.step_no - BEFORE, from_node: row.from_stage, to_node: row.to_stage }),
  };
};

const aroundNodeDrill = (one, view, shownThere) => {
  if (!Number.isInteger(one.step) || (one.kind === "(other)" && data.k > 1)) return { note: foldNote(view) };
  const fits = (example) => aroundPlace(example, view, one.step, shownThere) === one.kind;
  return { examples: examplesOf(view, null, fits),
    sql: filled("around_node", { ...view, step_no: one.step - BEFORE, node: one.kind }) };
};
