// Stage by stage: every stage keeps its lane, up is forward and down is back, and nothing is lost.
const FLOW = { tall: 264, widest: 36, low: 44, gap: 10, top: 30, left: 128, right: 16, node: 9 };
const ROLE = { forward: "forward", back: "back", goal: "goal", open: "open", more: "more", stay: "other" };

// Links and nodes of a view; links below `least` are led through one node (other) between columns.
const flowGraph = (rows, stages, counted, least) => {
  const goals = new Set(stages.filter((one) => one.isGoal).map((one) => one.name));
  const links = new Map();
  const put = (from, to, role, count, row, isFolded) => {
    const key = JSON.stringify([from, to, isFolded ? "" : role]);
    const link = links.get(key) || { from, to, role, count: 0, rows: [], isFolded };
    link.count += count;
    link.rows.push(row);
    links.set(key, link);
  };
  for (const row of rows) {
    const count = row[counted];
    if (!count) continue;
    const step = row.step_no;
    const between = { step: step + 0.5, lane: "(other)", kind: "(other)" };
    const won = row.to_stage === "(exit)" && row.outcome === "converted";
    const kind = won ? "(won)" : row.to_stage;
    const stays = won || kind === "(more)";
    const from = { step, lane: row.from_stage, kind: row.from_stage };
    const to = { step: step + 1, lane: stays ? row.from_stage : kind, kind };
    const ahead = won || (goals.has(row.to_stage) && row.direction === "forward");
    const role = ahead ? "goal" : ROLE[row.direction] || "leave";
    if (row.direction === "between") put(from, between, "other", count, row, true);
    else if (row.direction === "beyond") put(between, to, "other", count, row, true);
    else if (count < least) {
      put(from, between, "other", count, row, true);
      put(between, to, "other", count, row, true);
    } else put(from, to, role, count, row, false);
  }
  const nodes = new Map();
  const node = (one) => {
    const key = `${one.step}|${one.lane}|${one.kind}`;
    if (!nodes.has(key)) nodes.set(key, { ...one, key, into: [], out: [] });
    return nodes.get(key);
  };
  const all = [...links.values()];
  for (const link of all) {
    link.from = node(link.from);
    link.to = node(link.to);
    link.from.out.push(link);
    link.to.into.push(link);
  }
  for (const one of nodes.values()) one.count = Math.max(summed(one.into), summed(one.out));
  return { links: all, nodes: [...nodes.values()] };
};
const summed = (links) => links.reduce((sum, link) => sum + link.count, 0);

// Where everything stands: heights to one scale, the nodes of a lane and column on one another.
const flowLayout = ({ nodes }, stages, width) => {
  const whole = nodes.filter((one) => Number.isInteger(one.step));
  const total = whole.filter((one) => one.step === 1).reduce((sum, one) => sum + one.count, 0);
  const steps = Math.max(...whole.map((one) => one.step));
  const scale = Math.min(FLOW.tall / total, FLOW.widest);
  const used = new Set(whole.map((one) => one.lane));
  const lanes = stages.map((one) => one.name).reverse();
  lanes.push(...[...used].filter((one) => !lanes.includes(one) && !one.startsWith("(")).sort());
  lanes.push(...["(other)", "(open)", "(exit)"].filter((one) => used.has(one)));
  const floors = new Map();
  let y = FLOW.top;
  for (const lane of lanes) {
    const sums = new Map();
    for (const one of whole) {
      if (one.lane === lane) sums.set(one.step, (sums.get(one.step) || 0) + one.count);
    }
    y += Math.max(FLOW.low, Math.max(0, ...sums.values()) * scale + FLOW.gap);
    floors.set(lane, y);
  }
  const across = (step) => FLOW.left
    + (width - FLOW.left - FLOW.right - FLOW.node) * (step - 1) / Math.max(steps - 1, 1);
  const taken = new Map();
  const order = [...whole].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const one of order) {
    const cell = `${one.step}|${one.lane}`;
    const below = taken.get(cell) || 0;
    one.tall = one.count * scale;
    one.top = floors.get(one.lane) - below - one.tall;
    one.x = across(one.step);
    taken.set(cell, below + one.tall);
  }
  settleFlows(nodes, scale, across);
  return { lanes, floors, steps, scale, total, across, height: y + 8 };
};

// Nodes between columns lie in the middle of what leads through them; links leave and enter in order.
const settleFlows = (nodes, scale, across) => {
  for (const one of nodes) {
    if (Number.isInteger(one.step)) continue;
    const ends = [...one.into.map((link) => [link.from, link]), ...one.out.map((link) => [link.to, link])];
    const middle = ends.reduce((sum, [end, link]) => sum + link.count * (end.top + end.tall / 2), 0);
    one.tall = one.count * scale;
    one.top = middle / summed([...one.into, ...one.out]) - one.tall / 2;
    one.x = across(one.step);
  }
  const centre = (one) => one.top + one.tall / 2;
  for (const one of nodes) {
    let from = one.top;
    for (const link of [...one.out].sort((a, b) => centre(a.to) - centre(b.to))) {
      link.leaves = from;
      from += link.count * scale;
    }
    from = one.top;
    for (const link of [...one.into].sort((a, b) => centre(a.from) - centre(b.from))) {
      link.enters = from;
      from += link.count * scale;
    }
  }
};

const ribbon = (link, scale) => {
  const [x0, x1] = [link.from.x + FLOW.node, link.to.x];
  const tall = Math.max(link.count * scale, 0.4);
  const middle = (x0 + x1) / 2;
  const at = (value) => value.toFixed(1);
  return `M${at(x0)},${at(link.leaves)}C${at(middle)},${at(link.leaves)} ${at(middle)},${at(link.enters)} `
    + `${at(x1)},${at(link.enters)}V${at(link.enters + tall)}C${at(middle)},${at(link.enters + tall)} `
    + `${at(middle)},${at(link.leaves + tall)} ${at(x0)},${at(link.leaves + tall)}Z`;
};

const drawFlows = (place, view, table) => {
  const stages = stagesOf(view);
  const counted = view.weight === "customers" ? "customers" : "journeys";
  const rows = rowsOf(table, view);
  const total = rows.reduce((sum, row) => sum + (row.step_no === 1 && row.direction !== "beyond" ? row[counted] : 0), 0);
  if (!total) return null;
  const graph = flowGraph(rows, stages, counted, view.hide * total / 100);
  const columns = Math.max(...graph.nodes.map((one) => one.step));
  const width = Math.max(place.clientWidth, 150 + 84 * columns);
  const layout = flowLayout(graph, stages, width);
  const svg = drawn("svg", { width, height: layout.height, viewBox: `0 0 ${width} ${layout.height}`,
    role: "group", "aria-label": `Flows of ${plural(total, counted)}`, "data-total": total });
  flowLanes(svg, layout, stages, width);
  const marks = [];
  const labels = [];
  const links = [...graph.links].sort((a, b) => a.from.step - b.from.step || b.count - a.count);
  for (const link of links) {
    const few = link.count < ENOUGH ? " few" : "";
    const path = drawn("path", { d: ribbon(link, layout.scale), class: `link ${link.role}${few}`,
      "data-n": link.count, "data-step": link.from.step });
    svg.append(path);
    marks.push({ element: path, lines: flowLines(link, counted), open: () => flowDrill(link, view) });
  }
  for (const one of [...graph.nodes].sort((a, b) => a.step - b.step || a.top - b.top)) {
    const fixed = { "(won)": "goal", "(open)": "open", "(more)": "more", "(exit)": "leave" }[one.kind];
    const rect = drawn("rect", { x: one.x.toFixed(1), y: one.top.toFixed(1), width: FLOW.node,
      height: Math.max(one.tall, 0.6).toFixed(1), class: `node ${fixed || "stage"}`,
      "data-node": one.kind, "data-n": one.count, "data-step": one.step });
    const stage = stages.find((each) => each.name === one.kind);
    if (stage) hue(rect, stage);
    svg.append(rect);
    marks.push({ element: rect, lines: [`${called(one.kind)}, column ${Math.floor(one.step)}`,
      `${share(one.count, total, counted)}`], open: () => flowNodeDrill(one, view) });
    if (one.tall >= 13 && one.kind !== "(won)" && one.kind !== "(other)") {
      const last = one.step === layout.steps;
      labels.push(drawn("text", { x: one.x + (last ? -4 : FLOW.node + 4), y: one.top + one.tall / 2,
        class: "count", "text-anchor": last ? "end" : "start" }, number(one.count)));
    }
  }
  svg.append(...labels); // over the nodes between the columns
  place.replaceChildren(svg);
  pressed(svg.querySelectorAll(".lane-name"), FLOW.left - 14);
  attach(place, marks);
  const folded = graph.links.filter((link) => link.isFolded && Number.isInteger(link.from.step));
  return {
    total,
    note: folded.length ? `(other): ${plural(summed(folded), "moves")} of links below ${limits(view, counted)}, `
      + "led through the grey nodes between the columns." : "",
  };
};

const limits = (view, counted) => [
  view.hide ? `${number(view.hide, 1)}${local("%")} of all ${counted}` : "", data.k > 1 ? `${data.k} customers` : "",
].filter(Boolean).join(", or ");

const flowLanes = (svg, layout, stages, width) => {
  let above = FLOW.top;
  layout.lanes.forEach((lane, at) => {
    const floor = layout.floors.get(lane);
    if (at % 2 === 0) {
      svg.append(drawn("rect", { x: FLOW.left, y: above, width: width - FLOW.left - 4,
        height: floor - above, class: "lane" }));
    }
    const stage = stages.find((one) => one.name === lane);
    const text = drawn("text", { x: FLOW.left - 10, y: floor - 8, class: "lane-name",
      "text-anchor": "end" }, called(lane, 15));
    svg.append(stage ? hue(text, stage) : text);
    above = floor;
  });
  for (let step = 1; step <= layout.steps; step += 1) {
    const anchor = step === 1 ? "start" : step < layout.steps ? "middle" : "end";
    svg.append(drawn("text", { x: layout.across(step) + (step === layout.steps ? FLOW.node : 0),
      y: 16, class: "axis", "text-anchor": anchor },
    step === 1 ? "first stage" : step === 2 ? "then" : String(step)));
  }
};

const flowLines = (link, counted) => {
  const [row] = link.rows;
  const title = `${called(link.from.kind)} → ${called(link.to.kind)}`;
  if (link.isFolded) {
    return [title, `${plural(link.count, "moves")} on links too thin to draw`];
  }
  const lines = [`${title}, change ${row.step_no}`];
  if (counted === "journeys") lines.push(share(row.journeys, row.of_journeys, "journeys"));
  lines.push(shareOfCustomers(row));
  if (row.median_s !== null) lines.push(pace(row, " from one to the other"));
  return lines;
};

// What a journey is at in a column: a stage, or how it ended in the column before.
const flowPlace = (example, step) => {
  const visits = visitsOf(example);
  const last = visits[step - 2];
  if (visits[step - 1] !== undefined) return step > 7 ? ["(more)", last] : [visits[step - 1], visits[step - 1]];
  if (last === undefined || visits.length !== step - 1 || !example.isWhole) return [];
  if (!example.isClosed) return ["(open)", "(open)"];
  return example.among === "converted" ? ["(won)", last] : ["(exit)", "(exit)"];
};
const flowNodeDrill = (one, view) => {
  if (one.kind === "(other)") return { note: foldNote(view) };
  const fits = (example) => {
    const [kind, lane] = flowPlace(example, one.step);
    return kind === one.kind && lane === one.lane;
  };
  return { examples: examplesOf(view, null, fits),
    sql: filled("flow_node", { ...view, step_no: one.step, node: one.kind, lane: one.lane }) };
};

const foldNote = (view) => (view.hide ? "Move the threshold to 0 to see what is folded here."
  : `Groups of fewer than ${data.k} customers are not told apart.`);
const flowDrill = (link, view) => {
  if (link.isFolded) return { note: foldNote(view) };
  const [row] = link.rows;
  if (row.direction === "other") return { note: foldNote(view) };
  const fits = (example) => {
    const visits = visitsOf(example);
    if (visits[row.step_no - 1] !== row.from_stage) return false;
    const next = visits[row.step_no];
    if (next !== undefined) return row.to_stage === next || row.to_stage === "(more)";
    if (!example.isWhole) return false;
    return row.to_stage === (example.isClosed ? "(exit)" : "(open)")
      && (link.to.kind === "(won)") === (example.among === "converted" && example.isClosed);
  };
  return {
    examples: examplesOf(view, row.example_no, fits),
    sql: filled("flow", { ...view, step_no: row.step_no, from_stage: row.from_stage,
      to_stage: row.to_stage, outcome: row.outcome === null ? "" : row.outcome }),
  };
};
