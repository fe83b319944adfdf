// Marks of a figure: one place in the tab order, arrows between them, words on hover and on focus.
const marked = new WeakMap();
const tip = made("div", { class: "tip", role: "tooltip", id: "tip", hidden: "" });
document.body.append(tip);

const tell = (mark, x, y) => {
  tip.replaceChildren(...mark.lines.filter(Boolean).map((line, at) =>
    made(at ? "span" : "b", {}, line)));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, x + 14), innerWidth - width - 8);
  const top = y + 18 + height > innerHeight ? y - height - 12 : y + 18;
  tip.style.translate = `${Math.round(left)}px ${Math.round(Math.max(8, top))}px`;
};
const hush = () => { tip.hidden = true; };

// `marks` are {element, lines, open}; their elements lie in `place`. They are told apart by number.
const attach = (place, marks, move) => {
  const before = marked.get(place);
  const at = before ? Math.min(before.at, marks.length - 1) : 0;
  marked.set(place, { marks, at: Math.max(0, at), move });
  marks.forEach((mark, number) => {
    mark.element.dataset.mark = number;
    mark.element.setAttribute("tabindex", number === Math.max(0, at) ? "0" : "-1");
    mark.element.setAttribute("role", "button");
    mark.element.setAttribute("aria-label", mark.lines.filter(Boolean).join(". "));
  });
  if (before) return;
  const found = (event) => {
    const element = event.target.closest?.("[data-mark]");
    return element && place.contains(element) ? Number(element.dataset.mark) : null;
  };
  const marksNow = () => marked.get(place).marks;
  place.addEventListener("pointermove", (event) => {
    const which = found(event);
    if (which === null) hush();
    else tell(marksNow()[which], event.clientX, event.clientY);
  });
  place.addEventListener("pointerleave", hush);
  place.addEventListener("focusin", (event) => {
    const which = found(event);
    if (which === null || !event.target.matches(":focus-visible")) return;
    focusOn(place, which, false);
    const box = event.target.getBoundingClientRect();
    tell(marksNow()[which], box.left + box.width / 2, box.top + box.height / 2);
  });
  place.addEventListener("focusout", hush);
  place.addEventListener("click", (event) => {
    const which = found(event);
    if (which !== null) openMark(place, which);
  });
  place.addEventListener("keydown", (event) => onKey(place, event));
};

const focusOn = (place, which, take = true) => {
  const here = marked.get(place);
  here.marks[here.at]?.element.setAttribute("tabindex", "-1");
  here.at = which;
  here.marks[which].element.setAttribute("tabindex", "0");
  if (take) here.marks[which].element.focus();
};

const openMark = (place, which) => {
  hush();
  focusOn(place, which, false);
  const mark = marked.get(place).marks[which];
  if (mark.open) openDrill(place, mark);
};

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const onKey = (place, event) => {
  const here = marked.get(place);
  if (!event.target.closest?.("[data-mark]") || !here.marks.length) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openMark(place, here.at);
  } else if (event.key === "Escape") hush();
  else if (event.key in STEPS || event.key === "Home" || event.key === "End") {
    event.preventDefault();
    const last = here.marks.length - 1;
    let next = here.at + (STEPS[event.key] || 0);
    if (here.move && event.key in STEPS) next = here.move(here.at, event.key);
    if (event.key === "Home") next = 0;
    if (event.key === "End") next = last;
    focusOn(place, Math.min(Math.max(next, 0), last));
  }
};
