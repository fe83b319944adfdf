// How names and numbers are written. Names are somebody else's text: never markup, never controls.
// The two joiners are letters of Persian and of emoji.
const plain = (text) => String(text).replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, "\ufffd");
const cut = (text, most = 60) => {
  const marks = [...plain(text)];
  return marks.length > most ? `${marks.slice(0, most - 1).join("").trimEnd()}…` : marks.join("");
};

// Sentences are in English; numbers have the marks that came with the page, wherever it is read.
const LOCALE = "en-US";
const local = (text) => text.replace(/[,.%]/g, (mark) => data.marks[",.%".indexOf(mark)]);
const formats = new Map();
const format = (value, least, most) => {
  const key = `${least} ${most}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(LOCALE, { minimumFractionDigits: least, maximumFractionDigits: most }));
  }
  return local(formats.get(key).format(value));
};
const number = (value, most = 0) => format(value, 0, most);
const percent = (share) => {
  if (share === null || !Number.isFinite(share)) return "—";
  const hundredfold = 100 * share;
  const few = (hundredfold > 0 && hundredfold < 9.95) || (hundredfold >= 99.5 && hundredfold < 100);
  return `${format(hundredfold, few ? 1 : 0, few ? 1 : 0)}${local("%")}`;
};
const interval = (low, high) => (low === null || high === null ? ""
  : `95% interval ${number(100 * low, 1)}–${number(100 * high, 1)}${local("%")}`);

const lasting = (seconds) => {
  if (seconds === null || seconds === undefined) return "";
  for (const [size, unit] of [[86400, "days"], [3600, "hours"], [60, "minutes"]]) {
    if (seconds >= 2 * size) return `${number(seconds / size, 1)} ${unit}`;
  }
  return `${number(seconds, 0)} seconds`;
};
const pace = (row, what) => `${lasting(row.median_s)}${what}, median of all journeys`
  + (row.across_share === null ? "" : `; ${percent(row.across_share)} in another session`);
const days = (value) => (value === null ? "—" : lasting(86400 * value));

const written = {
  count: (value) => number(value),
  number: (value) => number(value, 3),
  share: (value) => `${number(100 * value, 2)}${local("%")}`,
  flag: (value) => (value ? "yes" : "no"),
  moment: (value) => value.replace("T", " ").slice(0, 16),
  text: (value) => cut(value),
};
const shown = (value, kind) => (value === null ? "—" : (written[kind] || written.text)(value));

const ENDS = {
  "(open)": "still open", "(exit)": "left", "(more)": "goes on", "(won)": "reached the goal",
  "(start)": "begins",
};
// A long name loses its middle: names that begin alike still end differently.
const WIDE = /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const pinched = (name, most) => {
  const marks = [...plain(name)];
  const loud = 2 * marks.filter((mark) => /\p{Lu}/u.test(mark)).length > marks.length;
  const widths = [[/[\p{M}\u200c\u200d]/u, 0], [WIDE, 1.8], [/\p{Script=Arabic}/u, 1.2], [/\p{Lu}/u, loud ? 1.3 : 1], [/^/, 1]];
  const width = (mark) => widths.find(([kind]) => kind.test(mark))[1];
  const fitting = (some, room) => {
    let left = room + 1e-9;
    const first = some.findIndex((mark) => (left -= width(mark)) < 0);
    return first < 0 ? some.length : first;
  };
  if (fitting(marks, most) === marks.length) return marks.join("");
  const tail = Math.floor((most - 1) * 0.4);
  const kept = fitting([...marks].reverse(), tail);
  return `${marks.slice(0, fitting(marks, most - 1 - tail)).join("").trimEnd()}…${marks.slice(marks.length - kept).join("").trimStart()}`;
};
const called = (name, most = 40) => (Object.hasOwn(ENDS, name) ? ENDS[name] : pinched(name, most));

const plural = (count, word) => `${number(count)} ${count === 1 ? word.replace(/s$/, "") : word}`;
// What n of m is, in the words of a hover.
const share = (count, whole, what) => `${number(count)} of ${plural(whole, what)}`
  + (whole ? ` (${percent(count / whole)})` : "");

const made = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};
const drawn = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
const hue = (element, colours) => {
  element.classList.add("hue");
  element.style.setProperty("--light", colours.light);
  element.style.setProperty("--dark", colours.dark);
  return element;
};
const bare = { light: "var(--leave)", dark: "var(--leave)" };
const chip = (name, colours, most = 24) => {
  const dot = hue(made("i", { class: "dot" }), colours || bare);
  const text = made("bdi", {}, called(name, most));
  const title = [...String(name)].length > most ? cut(name, 400) : null;
  return made("span", { class: "chip", title }, dot, text);
};
