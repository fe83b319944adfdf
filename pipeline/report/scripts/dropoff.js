// Where they stop: what became of those that reached a stage, and the rate with its interval.
const FATES = [["progressed", "forward", "went on"], ["open", "open", "still open"],
  ["dropped", "leave", "dropped off"], ["completed", "goal", "end here"], ["other", "other", "(other): too few to tell apart"]];

const drawDropoff = (place, view, table) => {
  const rows = rowsOf(table, view);
  if (!rows.some((row) => row.reached)) return null;
  const most = Math.max(...rows.map((row) => row.reached));
  const marks = [];
  const list = made("div", { class: "stops" });
  for (const row of rows) {
    const stage = stageOf(view, row.stage);
    const few = row.frontier < ENOUGH;
    const name = hue(made("b", { class: "name" }, called(row.stage, 30)), stage || bare);
    const bar = made("div", { class: "fates" });
    for (const [part, role, words] of FATES) {
      if (!row[part]) continue;
      const piece = made("i", { class: `fate ${role}`, "data-part": part, "data-n": row[part] });
      piece.style.flexGrow = row[part];
      piece.append(made("span", {}, number(row[part])));
      bar.append(piece);
      marks.push({ element: piece, lines: [`${called(row.stage)}: ${words}`,
        `${share(row[part], row.reached, "journeys")} that reached it`],
      open: part === "other" ? null : () => fateDrill(row, part, view) });
    }
    bar.style.width = `${(100 * row.reached / most).toFixed(2)}%`;
    const reached = made("div", { class: "reach" }, name,
      made("span", { class: "detail" }, `${number(row.reached)} reached it`), bar);
    list.append(made("div", { class: few ? "stop few" : "stop" }, reached, rateTrack(row, few, marks)));
  }
  place.replaceChildren(list);
  attach(place, marks);
  return { note: "" };
};

const unrated = (row) => (row.completed ? "nobody drops off here"
  : row.frontier === 0 && row.reached ? "all went straight past it"
    : row.reached ? "not followed long enough" : "nobody reached it");

const rateTrack = (row, few, marks) => {
  if (row.drop_rate === null && row.naive_drop_rate === null) {
    return made("div", { class: "rate" }, made("span", { class: "detail" },
      row.other ? "too few customers to tell" : unrated(row)));
  }
  const track = made("div", { class: "track" });
  const at = (value) => `${(100 * value).toFixed(2)}%`;
  if (row.naive_drop_rate !== null) {
    const naive = made("i", { class: "naive" });
    naive.style.left = at(row.naive_drop_rate);
    track.append(naive);
    marks.push({ element: naive, lines: [`${called(row.stage)}: naive ratio ${percent(row.naive_drop_rate)}`,
      interval(row.naive_lo, row.naive_hi), "open journeys counted as lost; for comparison only"], open: null });
  }
  let told = unrated(row);
  if (row.drop_rate !== null) {
    if (row.drop_lo !== null && row.drop_hi !== null) {
      const band = made("i", { class: "band" });
      band.style.left = at(row.drop_lo);
      band.style.width = at(row.drop_hi - row.drop_lo);
      track.append(band);
    }
    const point = made("i", { class: "point" });
    point.style.left = at(row.drop_rate);
    track.append(point);
    marks.push({ element: point, lines: [`${called(row.stage)}: ${percent(row.drop_rate)} go no further within ${days(row.within_days)}`,
      interval(row.drop_lo, row.drop_hi) || "no interval", `n = ${plural(row.frontier, "journeys")} that stood there`,
      row.median_days_to_next === null ? "" : `median ${days(row.median_days_to_next)} to go on`], open: null });
    const span = row.drop_lo === null || row.drop_hi === null ? ", no interval"
      : ` (${number(100 * row.drop_lo)}–${number(100 * row.drop_hi)}${local("%")})`;
    told = few ? `${percent(row.drop_rate)}, but only n = ${number(row.frontier)}`
      : `${percent(row.drop_rate)}${span}, n = ${number(row.frontier)}`;
  }
  return made("div", { class: "rate" }, made("span", { class: "detail" }, told), track);
};

const fateDrill = (row, part, view) => ({
  examples: examplesOf(view, null, (example) => {
    const stages = visitsOf(example).map((name) => stageOf(view, name)?.no || 0);
    const furthest = Math.max(0, ...stages);
    if (furthest < row.stage_no || !example.isWhole) return false;
    if (part === "progressed") return furthest > row.stage_no || example.among === "converted";
    const stuck = furthest === row.stage_no;
    if (part === "completed") return example.among === "converted";
    return stuck && example.among === (part === "open" ? "open" : "dropped");
  }),
  sql: filled("stop", { ...view, stage_no: row.stage_no, part }),
});
