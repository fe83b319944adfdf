// The page comes to life: controls, redrawing, printing.
const LIVE = { flows: drawFlows, around: drawAround, arcs: drawArcs, heatmap: drawHeatmap, dropoff: drawDropoff, paths: drawPaths };
const bar = document.querySelector("form.bar");

const option = (value, text) => made("option", { value }, text || called(value, 40));
const fillControls = () => {
  if (!bar) return;
  const { segment, value, among, level, weight, hide } = bar.elements;
  const map = mapOf(choice);
  const label = (one) => (one === "all" ? "all journeys" : cut(one, 40));
  segment.replaceChildren(...map.segments.map((one) => option(one.name, label(one.name))));
  segment.value = choice.segment;
  const values = map.segments.find((one) => one.name === choice.segment)?.values || [];
  value.replaceChildren(...values.map((one) => option(one.name, `${label(one.name)}${one.isPartial ? " (partial)" : ""}`
    + ` · ${number(one.journeys)}`)));
  value.value = choice.value;
  value.closest("label").hidden = choice.segment === "all";
  const told = new Set(AMONG.filter((one) => rowsOf("outcomes", { ...choice, among: one }).length));
  for (const one of among.options) one.disabled = !told.has(one.value);
  for (const [control, name] of [[among, "among"], [level, "level"], [weight, "weight"]]) control.value = choice[name];
  hide.value = choice.hide;
  bar.querySelector("output").textContent = `${number(choice.hide, 1)}${local("%")}`;
  for (const input of bar.querySelectorAll("input[name=map]")) {
    input.checked = data.maps[Number(input.value) - 1].name === choice.map_name;
  }
  const [row] = rowsOf("outcomes", choice);
  const scope = scopeWords(["segment", "among"]);
  for (const which of bar.querySelectorAll(".which")) {
    which.replaceChildren(made("span", { class: "print-only" }, `Map “${cut(map.name, 40)}”. `),
      made("b", {}, row ? plural(row.journeys, "journeys") : data.k > 1 ? `fewer than ${data.k} customers` : "no journeys"), scope ? `: ${scope}. ` : ". ",
      "Goal: ", made("b", {}, cut(map.goal, 40)));
    which.classList.toggle("few", !row || row.journeys < ENOUGH);
  }
};

const scopeWords = (keys) => {
  const parts = [];
  if (keys.includes("segment") && choice.segment !== "all") parts.push(`${cut(choice.segment)} = ${cut(choice.value)}`);
  if (keys.includes("among") && choice.among !== "all") parts.push(choice.among);
  return parts.join(", ");
};

// What can be counted in the figures that do not know every way to count.
const ALONE = ["journeys"];
const COUNTED = { answer: ALONE, squiggle: ALONE, dropoff: ALONE, detours: ALONE, compared: ALONE,
  flows: ["journeys", "customers"], around: ["journeys", "customers"], paths: ["journeys", "customers"] };

// What a panel shows of the choice, and what it cannot: in words, also on paper.
const scopeLine = (panel) => {
  const line = panel.querySelector(".scope");
  if (!line) return;
  const table = data.tables[line.dataset.table];
  const isOf = (key) => key !== "value" && (key !== "among" || viewFor(line, table).among === choice.among);
  const follows = table.keys.filter(isOf);
  const told = scopeWords(follows);
  const left = [];
  if (choice.segment !== "all" && !follows.includes("segment")) left.push("all values of the segment");
  if (choice.among !== "all" && !follows.includes("among")) left.push("all outcomes");
  const counted = COUNTED[panel.dataset.section];
  line.textContent = [told, left.length ? `shows ${left.join(" and ")}` : "",
    counted && !counted.includes(choice.weight) ? "counts journeys" : ""].filter(Boolean).join(" · ");
  line.hidden = !line.textContent;
};

// The touchpoint that steps are drawn around is chosen at the figure itself.
const fillAnchors = (panel) => {
  const select = panel.querySelector("select[name=anchor]");
  if (!select) return;
  const anchors = anchorsOf(choice.map_name);
  if (select.childElementCount !== anchors.length) select.replaceChildren(...anchors.map((one) => option(one)));
  select.value = choice.anchor || anchors[0];
};

const drawLive = (figure) => {
  const place = figure.querySelector(".live");
  const table = data.tables[place.dataset.rows];
  const view = viewFor(place, table);
  const drawn = LIVE[place.dataset.live](place, view, place.dataset.rows);
  const note = figure.querySelector(".note");
  if (drawn === null) {
    place.replaceChildren(made("p", { class: "absent" }, place.dataset.absent));
    marked.delete(place);
  }
  note.textContent = drawn?.note || "";
  note.hidden = !note.textContent;
};

// The headline of the view; where it has none, the question.
const drawTitle = (panel) => {
  const titles = data.titles[panel.dataset.section];
  if (!titles) return;
  const line = panel.querySelector(".scope");
  const table = data.tables[line.dataset.table];
  const view = viewFor(panel.querySelector("[data-suits]") || line, table);
  const keys = ["map_name", "segment", "value", "among", "level"].filter((key) => table.keys.includes(key));
  const title = titles[JSON.stringify(keys.map((key) => view[key]))];
  panel.querySelector("h2").textContent = title || panel.closest("section").getAttribute("aria-label");
};

const render = () => {
  closeDrill(false);
  hush();
  fillControls();
  const at = String(data.maps.findIndex((one) => one.name === choice.map_name) + 1);
  for (const part of document.querySelectorAll("[data-map]")) part.hidden = part.dataset.map !== at;
  for (const panel of document.querySelectorAll(".panel")) {
    if (panel.hidden) continue;
    fillAnchors(panel);
    drawTitle(panel);
    scopeLine(panel);
    if (panel.dataset.section === "answer") drawAnswer(panel, choice);
    panel.querySelectorAll("figure.lives").forEach(drawLive);
    panel.querySelectorAll("details.numbers[open] .table").forEach(fillTable);
  }
  watchPlots();
};

const choose = (asked, isNew = true) => {
  choice = settled({ ...choice, ...asked });
  setAddress(isNew);
  render();
};

// Plots wait until they are near: the first screen does not pay for the library.
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) drawPlot(entry.target);
}, { rootMargin: "600px" });
const watchPlots = () => {
  near.disconnect();
  shownPlots().forEach((plot) => near.observe(plot));
};

const listen = () => {
  bar?.addEventListener("submit", (event) => event.preventDefault());
  bar?.addEventListener("change", ({ target }) => {
    if (target.name === "map") choose({ map_name: data.maps[Number(target.value) - 1].name });
    else if (target.name === "segment") choose({ segment: target.value, value: undefined });
    else choose({ [target.name]: target.value });
  });
  for (const select of document.querySelectorAll("select[name=anchor]")) {
    select.addEventListener("change", () => choose({ anchor: select.value }));
  }
  bar?.addEventListener("input", ({ target }) => {
    if (target.name === "hide") choose({ hide: target.value }, false);
  });
  bar?.querySelector(".reset").addEventListener("click", () => choose({ ...FIRST }));
  const link = bar?.querySelector(".link");
  link?.addEventListener("click", () => copy(location.href, link, null));
  addEventListener("hashchange", arrive);
  addEventListener("popstate", arrive);
  document.querySelector("nav")?.addEventListener("click", (event) => {
    const anchor = event.target.closest("a")?.getAttribute("href").slice(1);
    if (!anchor) return;
    event.preventDefault();
    history.pushState(null, "", addressOf(anchor));
    goTo(anchor);
  });
  for (const numbers of document.querySelectorAll("details.numbers")) {
    numbers.addEventListener("toggle", () => numbers.querySelectorAll(".table").forEach(fillTable));
  }
  for (const box of document.querySelectorAll(".code")) {
    const button = box.querySelector("button");
    button.addEventListener("click", () => copy(box.querySelector("code").textContent, button, box.querySelector("pre")));
  }
  let waiting = 0;
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => { render(); drawPlots(); }, 120);
  });
  dark.addEventListener("change", drawPlots);
  addEventListener("beforeprint", () => { printing = true; render(); drawPlots(); });
  addEventListener("afterprint", () => { printing = false; render(); drawPlots(); });
};

const arrive = () => {
  const { anchor, asked } = readAddress();
  choice = settled(asked);
  render();
  goTo(anchor);
};

const prepare = () => {
  for (const one of data.maps) one.stages.forEach((stage, at) => { stage.no = at + 1; });
  for (const part of ["order", "nodes", "names", "stageOf"]) data[part] = Object.create(null);
  for (const one of data.maps) {
    data.names[one.name] = new Set();
    data.stageOf[one.name] = Object.create(null);
    for (const row of rowsOf("path_names", { map_name: one.name })) {
      data.names[one.name].add(row.node);
      if (row.stage_no !== null) data.stageOf[one.name][row.node] = one.stages[row.stage_no - 1].name;
    }
    data.order[one.name] = {};
    data.nodes[one.name] = {};
    for (const level of LEVELS) {
      data.order[one.name][level] = rowsOf("nodes", { map_name: one.name, level }).map((row) => row.node);
      data.nodes[one.name][level] = new Set(data.order[one.name][level]);
    }
  }
  data.known = new Set(data.maps.flatMap((one) => [...one.stages.map((stage) => stage.name),
    ...LEVELS.flatMap((level) => data.order[one.name][level]), ...anchorsOf(one.name), ...data.names[one.name]]));
  data.examples = gathered();
};

const gathered = () => {
  const found = Object.create(null);
  for (const { name } of data.maps) {
    const byNo = new Map();
    for (const row of rowsOf("examples", { map_name: name })) {
      if (!byNo.has(row.example_no)) {
        byNo.set(row.example_no, { no: row.example_no, steps: [], values: Object.create(null), length: row.steps,
          isClosed: row.is_closed, among: row.status.startsWith("dropped") ? "dropped" : row.status });
      }
      const stage = mapOf({ map_name: name }).stages[row.stage_no - 1]?.name ?? null;
      byNo.get(row.example_no).steps.push({ stage, touchpoint: row.touchpoint, channel: row.channel, elapsed: row.elapsed_s });
    }
    for (const example of byNo.values()) example.isWhole = example.steps.length === example.length;
    for (const row of rowsOf("example_values", { map_name: name })) {
      const example = byNo.get(row.example_no);
      if (example) example.values[row.of_segment] = row.shown;
    }
    found[name] = byNo;
  }
  return found;
};

const PHONE_WIDE = 640;
const start = async () => {
  if (typeof DecompressionStream === "undefined") {
    document.querySelector(".old").hidden = false;
    return;
  }
  data = JSON.parse(await unpack("squiggle-data"));
  if (innerWidth <= PHONE_WIDE) bar?.querySelector(".choices").removeAttribute("open");
  prepare();
  listen();
  arrive();
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
  // Then the others, when there is time: printing does not wait for what was never near.
  (self.requestIdleCallback || setTimeout)(() => drawPlots());
};
start();
