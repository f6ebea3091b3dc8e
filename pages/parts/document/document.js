/* Draws every figure from the data beside it, and once more as wide as the paper while the page is printed. */
const settings = { displayModeBar: false, responsive: true };
const figures = [...document.querySelectorAll(".figure")].map((figure) => {
  const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
  const drawn = figure.querySelector(".drawn");
  Plotly.newPlot(drawn, data, layout, settings);
  return { drawn, fit: Number(figure.style.getPropertyValue("--fit")) };
});
window.addEventListener("beforeprint", () => {
  for (const { drawn, fit } of figures) Plotly.relayout(drawn, { autosize: false, width: PAPER / fit });
});
window.addEventListener("afterprint", () => {
  for (const { drawn } of figures) Plotly.relayout(drawn, { autosize: true, width: null });
});
