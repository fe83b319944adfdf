// What the reader has chosen, kept in the address: a link shows the same view to somebody else.
const LEVELS = ["touchpoint", "stage", "channel"];
const OWN = "own"; // each figure at the level that suits it
const AMONG = ["all", "converted", "dropped", "open"];
const WEIGHTS = ["journeys", "customers", "moves"];
const FIRST = { segment: "all", value: "all", among: "all", level: OWN, weight: "journeys", hide: 0, anchor: "" };
let choice = null;

const valuesOf = (map_name, segment) => {
  const found = mapOf({ map_name })?.segments.find((one) => one.name === segment);
  return found ? found.values.map((one) => one.name) : [];
};

// Whatever an address says, a choice is one that this file has.
const settled = (asked) => {
  const known = (value, all, fallback) => (all.includes(value) ? value : fallback);
  const map_name = known(asked.map_name, data.maps.map((one) => one.name), data.maps[0]?.name);
  const segments = (mapOf({ map_name })?.segments || []).map((one) => one.name);
  const segment = known(asked.segment, segments, "all");
  const values = valuesOf(map_name, segment);
  const hide = Number(asked.hide);
  return {
    map_name,
    segment,
    value: known(asked.value, values, values[0] || "all"),
    among: known(asked.among, AMONG, FIRST.among),
    level: known(asked.level, [OWN, ...LEVELS], FIRST.level),
    weight: known(asked.weight, WEIGHTS, FIRST.weight),
    anchor: known(asked.anchor, anchorsOf(map_name), FIRST.anchor),
    hide: Number.isFinite(hide) ? Math.min(Math.max(Math.round(2 * hide) / 2, 0), 20) : 0,
  };
};

const readAddress = () => {
  const [anchor, text] = location.hash.slice(1).split("?", 2);
  const asked = {};
  if (text) {
    const told = new URLSearchParams(text);
    for (const [key, name] of [["map_name", "map"], ...Object.keys(FIRST).map((one) => [one, one])]) {
      if (told.has(name)) asked[key] = told.get(name);
    }
  }
  return { anchor: /^[a-z]+$/.test(anchor) ? anchor : "", asked };
};

const addressOf = (anchor) => {
  const told = new URLSearchParams();
  if (data.maps.length && choice.map_name !== data.maps[0].name) told.set("map", choice.map_name);
  for (const [key, value] of Object.entries(FIRST)) {
    if (choice[key] !== value) told.set(key, choice[key]);
  }
  const text = told.toString();
  return `#${anchor}${text ? `?${text}` : ""}`;
};

const setAddress = (isNew) => {
  const address = addressOf(readAddress().anchor);
  if (address === location.hash || (address === "#" && !location.hash)) return;
  if (isNew) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
};

const goTo = (anchor) => {
  const section = anchor && document.getElementById(anchor);
  if (section) section.scrollIntoView();
};
