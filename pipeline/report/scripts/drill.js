// Behind a mark: its numbers in words, a few of its journeys, and the query for all of them.
const literal = (text) => {
  const parts = String(text).split(/([\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}])/u);
  const told = parts.map((part, at) => (at % 2
    ? `chr(${part.codePointAt(0)})` : `'${part.replaceAll("'", "''")}'`));
  const kept = told.filter((part, at) => part !== "''" || parts.length === 1);
  return kept.length ? kept.join(" || ") : "''";
};
const filled = (name, values) => data.drills[name].replace(/:(\w+)/g, (whole, key) =>
  (key in values ? (typeof values[key] === "number" ? String(values[key]) : literal(values[key]))
    : whole));

// An example as the figures see it: its nodes at a level, with where it ends.
const shownNode = (view, level, name) => {
  const known = data.nodes[view.map_name]?.[level];
  return known && !known.has(name) ? "(other)" : name;
};
const walkOf = (example, view, level) => {
  const nodes = [];
  for (const step of example.steps) {
    const name = level === "stage" ? step.stage : shownNode(view, level, step[level]);
    if (name !== null) nodes.push(name);
  }
  const end = example.isWhole ? [example.isClosed ? "(exit)" : "(open)"] : [];
  return nodes.length ? ["(start)", ...nodes, ...end] : [];
};
const visitsOf = (example) => {
  const visits = [];
  for (const { stage } of example.steps) {
    if (stage !== null && stage !== visits.at(-1)) visits.push(stage);
  }
  return visits;
};
const isIn = (example, view) => (view.among === "all" || example.among === view.among)
  && (view.segment === "all" || example.values[view.segment] === view.value);

const examplesOf = (view, first, fits) => {
  const all = data.examples[view.map_name] || new Map();
  const found = first !== null && all.has(first) ? [all.get(first)] : [];
  for (const example of all.values()) {
    if (found.length === 5) break;
    if (example.no !== first && isIn(example, view) && fits(example)) found.push(example);
  }
  return found;
};

const MOST = 12;
const exampleLine = (example, view) => {
  const took = example.steps.at(-1).elapsed;
  const told = [example.among, plural(example.length, "steps")];
  if (took !== null && example.isWhole) told.push(`in ${lasting(took)}`);
  const line = made("li", {}, made("span", { class: "detail" },
    `Journey ${example.no}: ${told.join(", ")}`));
  const path = made("span", { class: "steps" });
  example.steps.slice(0, MOST).forEach((step, at) => {
    if (at) path.append(made("span", { class: "way", "aria-hidden": "true" }, "›"));
    const stage = step.stage === null ? null : stageOf(view, step.stage);
    path.append(chip(step.touchpoint, stage, 20));
  });
  if (example.length > MOST) {
    path.append(made("span", { class: "detail" }, ` and ${number(example.length - MOST)} more`));
  }
  line.append(path);
  return line;
};

const openDrill = (place, mark) => {
  closeDrill(false);
  const { examples, sql, note } = mark.open();
  const [title, ...lines] = mark.lines.filter(Boolean);
  const close = made("button", { type: "button", class: "close" }, "Close");
  const heading = made("h3", { tabindex: "-1" }, title);
  const panel = made("div", { class: "drill", role: "region", "aria-label": title },
    made("div", { class: "drill-head" }, heading, close),
    ...lines.map((line) => made("p", { class: "detail" }, line)));
  if (examples) {
    panel.append(examples.length
      ? made("ol", { class: "examples" }, ...examples.map((one) => exampleLine(one, choice)))
      : made("p", { class: "absent" }, data.k > 1
        ? `No example: paths of fewer than ${data.k} customers are not shown.`
        : "This file carries no example of it; the query finds all of them."));
  }
  if (note) panel.append(made("p", { class: "detail" }, note));
  if (sql) {
    panel.append(made("p", { class: "detail" }, "All of them, with the warehouse at hand:"),
      codeBox(sql));
  }
  close.addEventListener("click", () => closeDrill(true));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDrill(true);
  });
  place.closest("figure").append(panel);
  opened = { panel, back: mark.element };
  mark.element.classList.add("chosen");
  heading.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
};

let opened = null;
const closeDrill = (giveBack) => {
  if (!opened) return;
  opened.back.classList.remove("chosen");
  opened.panel.remove();
  if (giveBack && opened.back.isConnected) opened.back.focus();
  opened = null;
};

const codeBox = (text) => {
  const button = made("button", { type: "button", class: "copy" }, "Copy");
  const code = made("pre", { tabindex: "0", "aria-label": "Query" }, made("code", {}, text));
  button.addEventListener("click", () => copy(text, button, code));
  return made("div", { class: "code" }, code, button);
};

// From a file there may be no clipboard to write to: then by selection, and at last by hand.
const copy = async (text, button, code) => {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    getSelection().selectAllChildren(code || button);
    if (code) done = document.execCommand("copy");
  }
  const before = button.textContent;
  button.textContent = done ? "Copied" : "Press Ctrl+C";
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { button.textContent = before; }, 1600);
};
