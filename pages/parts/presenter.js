const SLOTS = 3;
const REST = 150;
const STILL = 2500;
const SWIPE = 50;
const EDGE = 0.15;

const stage = document.documentElement;
const slot = (at) => document.querySelector(`.st-key-slot-${at % SLOTS}`);
const laid = (at) => {
  const place = slot(at);
  const mark = place && place.querySelector("[data-leaf]");
  if (!mark || mark.dataset.leaf !== String(at)) return false;
  const plot = place.querySelector(".stPlotlyChart");
  return !plot || plot.querySelector(".main-svg") !== null;
};

export default function ({ data, setStateValue, setTriggerValue, parentElement }) {
  const root = parentElement.querySelector(".presenter");
  const words = data.words;
  if (root.stop) root.stop();
  if (root.pending === data.at) root.pending = undefined;
  if (root.pending === undefined) root.at = data.at;
  root.count = data.count;

  const buttons = {};
  const bar = document.createElement("nav");
  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("aria-live", "polite");
  const waits = document.createElement("p");
  waits.className = "waits";
  const button = (name, sign, act) => {
    const element = document.createElement("button");
    Object.assign(element, { type: "button", textContent: sign, title: words[name] });
    element.setAttribute("aria-label", words[name]);
    element.onclick = () => { act(); element.blur(); };
    bar.append(element);
    buttons[name] = element;
  };

  const show = () => {
    const ready = laid(root.at);
    waits.textContent = ready ? "" : words.waits.replace("{n}", root.at);
    if (!ready) return;
    stage.dataset.slot = String(root.at % SLOTS);
    const found = slot(root.at).querySelector("h1");
    if (found && said.textContent !== found.textContent) said.textContent = found.textContent;
  };
  const go = (at) => {
    const to = Math.max(1, Math.min(root.count, at));
    delete stage.dataset.behind;
    if (to === root.at) return;
    root.at = to;
    root.pending = to;
    show();
    setStateValue("at", to);
  };
  const turn = (name) => {
    if (name in stage.dataset) delete stage.dataset[name];
    else stage.dataset[name] = "";
  };
  const behind = () => {
    turn("behind");
    const panel = slot(root.at).querySelector(".leaf-behind");
    if (panel && "behind" in stage.dataset) panel.scrollTop = 0;
  };
  const scroll = (by) => {
    const place = slot(root.at);
    const kind = "behind" in stage.dataset ? ".leaf-behind" : ".table-box, [class*='st-key-tall-']";
    const box = place && place.querySelector(kind);
    if (box) box.scrollBy({ top: by * box.clientHeight * 0.8, behavior: "smooth" });
  };
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen());
  const leave = async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    setTriggerValue("leave", true);
  };
  const close = () => {
    if ("behind" in stage.dataset) delete stage.dataset.behind;
    else if (!document.fullscreenElement) leave();
  };
  const keys = {
    ArrowRight: () => go(root.at + 1), PageDown: () => go(root.at + 1), " ": () => go(root.at + 1),
    Enter: () => go(root.at + 1),
    ArrowLeft: () => go(root.at - 1), PageUp: () => go(root.at - 1), Backspace: () => go(root.at - 1),
    ArrowDown: () => scroll(1), ArrowUp: () => scroll(-1),
    Home: () => go(1), End: () => go(root.count),
    d: behind, b: () => turn("blank"), ".": () => turn("blank"), f: full,
    l: () => setTriggerValue("lang", true), t: () => setTriggerValue("theme", true),
    Escape: close,
  };

  button("before", "‹", () => go(root.at - 1));
  button("next", "›", () => go(root.at + 1));
  button("behind", "ⓘ", behind);
  if (document.fullscreenEnabled) button("full", "⛶", full);
  button("lang", "文", keys.l);
  button("theme", "◐", keys.t);
  button("leave", "✕", leave);
  root.replaceChildren(bar, waits, said);

  let timer = 0;
  const stir = () => {
    root.classList.add("stirred");
    clearTimeout(timer);
    timer = setTimeout(() => root.classList.remove("stirred"), STILL);
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.composedPath()[0];
    if (on instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if ("blank" in stage.dataset) delete stage.dataset.blank;
    else act();
  };
  const touch = (event) => { root.from = event.touches.length === 1 ? event.touches[0] : undefined; };
  const release = (event) => {
    const from = root.from;
    if (!from || event.composedPath()[0] instanceof HTMLButtonElement) return;
    const to = event.changedTouches[0];
    const across = to.clientX - from.clientX;
    const down = to.clientY - from.clientY;
    const side = to.clientX / window.innerWidth;
    if ("blank" in stage.dataset) delete stage.dataset.blank;
    else if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) go(root.at - Math.sign(across));
    else if (Math.abs(across) + Math.abs(down) > SWIPE / 4) return;
    else if (side < EDGE) go(root.at - 1);
    else if (side > 1 - EDGE) go(root.at + 1);
    else stir();
  };
  const light = (event) => {
    const inside = event.composedPath().some((each) => each.classList && each.classList.contains("leaf-behind"));
    if ("behind" in stage.dataset && !inside && !root.contains(event.target) && event.target !== root.getRootNode().host) behind();
  };
  let rest = 0;
  const measure = () => {
    clearTimeout(rest);
    rest = setTimeout(() => {
      const size = [window.innerWidth, window.innerHeight];
      if (String(root.size) !== String(size)) setStateValue("size", (root.size = size));
    }, root.size ? REST : 0);
  };
  const watch = new MutationObserver(show);
  const main = document.querySelector("[data-testid='stMain']");
  watch.observe(main, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-leaf"] });
  const heard = [
    [document, "keydown", press, true], [document, "pointermove", stir, false], [document, "click", light, true],
    [document, "touchstart", touch, { capture: true, passive: true }],
    [document, "touchend", release, { capture: true, passive: true }],
    [window, "resize", measure, false],
  ];
  for (const [on, kind, act, how] of heard) on.addEventListener(kind, act, how);
  show();
  measure();
  root.stop = () => {
    for (const [on, kind, act, how] of heard) on.removeEventListener(kind, act, how);
    watch.disconnect();
    clearTimeout(timer);
    clearTimeout(rest);
  };
  return () => {
    root.stop();
    for (const name of ["slot", "behind", "blank"]) delete stage.dataset[name];
  };
}
