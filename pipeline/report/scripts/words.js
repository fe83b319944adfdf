// How names and numbers are written. Names are somebody else's text: never markup, never controls.
// The two joiners are letters of Persian and of emoji.
const plain = (text) => String(text).replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, "\ufffd");
// A name that runs from right to left stands apart, or the number after it would be on its other side.
const BACK = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const isolated = (text) => (BACK.test(text) ? `\u2068${text}\u2069` : text);
const cut = (text, most = 60) => {
  const marks = [...plain(text)];
  return isolated(marks.length > most ? `${marks.slice(0, most - 1).join("").trimEnd()}…` : marks.join(""));
};

// Sentences are in English; numbers have the marks that came with the page, wherever it is read.
const LOCALE = "en-US";
const local = (text) => text.replace(/[,.%]/g, (mark) => data.marks[",.%".indexOf(mark)]).replace("-", "\u2212");
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
  if (hundredfold > 0 && hundredfold < 0.05) return `<${local("0.1%")}`;
  if (hundredfold >= 99.95 && hundredfold < 100) return `>${local("99.9%")}`;
  const few = (hundredfold > 0 && hundredfold < 9.95) || (hundredfold >= 99.5 && hundredfold < 100);
  return `${format(hundredfold, few ? 1 : 0, few ? 1 : 0)}${local("%")}`;
};
const interval = (low, high) => (low === null || high === null ? ""
  : `95% interval ${format(100 * low, 1, 1)}–${format(100 * high, 1, 1)}${local("%")}`);

// As Python writes it: the first unit in which what is shown stays below the next, no ".0".
const UNITS = [[1, "seconds", 60], [60, "minutes", 60], [3600, "hours", 24], [86400, "days", Infinity]];
const lasting = (seconds) => {
  if (seconds === null || seconds === undefined) return "";
  for (const [size, unit, most] of UNITS) {
    const told = seconds / size;
    const fine = size > 1 && told < 9.95 ? 10 : 1;
    const shown = Math.floor(told * fine + 0.5) / fine;
    if (shown < most) return `${number(shown, 1)} ${shown === 1 ? unit.slice(0, -1) : unit}`;
  }
  return "for ever";
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
// Of names that a shortening makes alike, it is kept what tells them apart: how they begin, and
// the word in which they part.
const pinches = new Map();
const cutTo = (marks, most) => (marks.length > most ? `${marks.slice(0, most - 1).join("").trimEnd()}…` : marks.join(""));
const byText = (told) => {
  const alike = new Map();
  for (const [name, text] of told) alike.set(text, [...(alike.get(text) || []), name]);
  return alike;
};
const apart = (names, most) => {
  const marks = names.map((name) => [...plain(name)]);
  let same = 0;
  while (marks.every((one) => one[same] !== undefined && one[same] === marks[0][same])) same += 1;
  let word = same;
  while (word > 0 && same - word < 8 && /[\p{L}\p{N}]/u.test(marks[0][word - 1])) word -= 1;
  if (same - word < 8) same = word;
  const room = names.some((name) => WIDE.test(name)) ? Math.floor(most / 1.8) : most;
  const head = marks[0].slice(0, Math.min(same, Math.max(Math.floor(room / 3) - 1, 1))).join("").trimEnd();
  const told = new Map(names.map((name, at) => [name, `${head}…${cutTo(marks[at].slice(same), room - [...head].length - 1)}`]));
  for (const some of byText(told).values()) {
    if (some.length > 1 && some.length < names.length) for (const [name, text] of apart(some, most)) told.set(name, text);
  }
  return told;
};
const pinchedAll = (names, most) => {
  const told = new Map([...names].map((name) => [name, pinched(name, most)]));
  for (const some of byText(told).values()) {
    if (some.length > 1) for (const [name, text] of apart(some, most)) told.set(name, text);
  }
  return told;
};
const short = (name, most) => {
  if (!pinches.has(most)) pinches.set(most, pinchedAll(data.known, most));
  return pinches.get(most).get(name) ?? pinched(name, most);
};
const called = (name, most = 40) => (Object.hasOwn(ENDS, name) ? ENDS[name] : isolated(short(name, most)));

const plural = (count, word) => `${number(count)} ${count === 1 ? word.replace(/s$/, "") : word}`;
const was = (count) => (count === 1 ? "was" : "were");
// What n of m is, in the words of a hover.
const share = (count, whole, what) => `${number(count)} of ${plural(whole, what)}`
  + (whole ? ` (${percent(count / whole)})` : "");

// A customer counts by the first journey, so these may go elsewhere than the journeys do.
const shareOfCustomers = (row) => (row.of_customers ? `${share(row.customers, row.of_customers, "customers")}`
  + `${row.share_lo === null ? "" : `, ${interval(row.share_lo, row.share_hi)}`}, by ${
    row.of_customers === 1 ? "the first journey" : "their first journey"}` : "");

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
// Letters of another font may be wider than thought: a text that would leave its place is pressed.
const pressed = (texts, room) => texts.forEach((text) => {
  if (text.getComputedTextLength() <= room) return;
  text.setAttribute("textLength", room);
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
});
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
