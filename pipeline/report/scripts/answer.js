// The answer in words for the chosen view; the sentences were made with the page.
const drawAnswer = (panel, view) => {
  const key = JSON.stringify([view.map_name, view.segment, view.value]);
  const told = data.answers[key];
  const tiles = panel.querySelector(".tiles");
  const list = panel.querySelector(".findings");
  if (!tiles || !list) return;
  const missing = panel.querySelector(".missing") || made("p", { class: "missing absent" });
  missing.remove();
  const ends = panel.querySelector(".outcomes");
  [tiles, list, ends].forEach((part) => part && part.toggleAttribute("hidden", !told));
  if (!told) {
    missing.textContent = data.k === 1 && !rowsOf("outcomes", { ...view, among: "all" }).length
      ? "There is no journey here." : "These values are shown together and have no rates of their own.";
    tiles.after(missing);
    return;
  }
  tiles.replaceChildren(...told.tiles.map(([label, value, detail, weak]) => made("li",
    weak ? { class: "weak" } : {}, made("span", { class: "label" }, label), " ", made("b", {}, value), " ",
    made("span", { class: "detail" }, detail))));
  list.replaceChildren(...told.findings.map(([text, evidence, weak]) => made("li",
    weak ? { class: "weak" } : {}, made("p", {}, text), made("p", { class: "evidence" }, evidence))));
  if (!ends) return;
  const bar = made("div", { class: "ends", role: "img", "aria-label":
    told.ends.map(([, count, words]) => `${number(count)} ${words}`).join(", ") });
  const keys = made("ul", { class: "keys", "aria-hidden": "true" });
  for (const [role, count, words] of told.ends) {
    if (!count) continue;
    const piece = made("i", { class: `end-${role}` });
    piece.style.flexGrow = count;
    bar.append(piece);
    keys.append(made("li", {}, made("i", { class: `key end-${role}` }),
      made("span", {}, made("b", {}, number(count)), ` ${words}`)));
  }
  ends.replaceChildren(bar, keys);
};
