// Figures that Plotly draws: unpacked and run only when one of them comes near the screen.
const PHONE = 620;
const PRINTED = 700;
const dark = matchMedia("(prefers-color-scheme: dark)");
let printing = false;
let plotly = null;

const loadPlotly = () => {
  plotly ||= unpack("squiggle-plotly").then((text) => {
    const script = document.createElement("script");
    script.textContent = text; // the policy of the page names this very text
    document.head.append(script);
  });
  return plotly;
};

// Figures come in light colours; each colour of the palette has one dark counterpart.
const coloured = (value) => {
  if (typeof value === "string") return Object.hasOwn(data.dark, value) ? data.dark[value] : value;
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one)]));
  }
  return value;
};

const drawPlot = async (plot) => {
  await loadPlotly();
  const figure = structuredClone(data.figures[plot.id]);
  const width = plot.parentElement.clientWidth;
  const narrow = (figure.layout.meta || {}).narrow || {};
  const isNarrow = !printing && width < PHONE;
  const { min_width: least, ...changes } = narrow;
  if (isNarrow) Object.assign(figure.layout, changes);
  const wide = printing ? PRINTED : Math.max(width, least || 0);
  const state = `${wide} ${isNarrow} ${printing} ${dark.matches}`;
  if (plot.dataset.drawn === state) return;
  plot.dataset.drawn = state;
  plot.style.width = wide > width ? `${wide}px` : "";
  figure.layout.width = wide;
  const themed = dark.matches && !printing ? coloured(figure) : figure;
  Plotly.purge(plot); // a first drawing is not animated, so print and screenshots find it whole
  await Plotly.newPlot(plot, themed.data, themed.layout, {
    displayModeBar: false, showTips: false, doubleClick: false, scrollZoom: false, staticPlot: printing,
  });
};

const shownPlots = () => [...document.querySelectorAll(".plot")].filter((plot) => plot.offsetParent);
const drawPlots = () => Promise.all(shownPlots().map(drawPlot));
