const make = (tag, kind, text) => {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  if (text !== undefined) element.textContent = text;
  return element;
};

const TICK_ROOM = 36;
const MARK_ROOM = 58;
const REST = 350;

export default function ({ data, setStateValue, parentElement }) {
  const root = parentElement.querySelector(".timeline");
  const last = data.months.length - 1;
  const place = (element, at) => {
    element.style.left = `${(at / last) * 100}%`;
    return element;
  };
  const old = root.querySelector("input");
  const focused = old !== null && root.getRootNode().activeElement === old;
  if (root.dragging) return;

  const field = make("div", "field");
  field.append(make("div", "bar"));
  const ticks = data.ticks.map((tick) => place(make("span", "tick", tick.label), tick.at));
  const today = place(make("span", "today", data.today), data.dataMonth);
  const slider = make("input");
  const dot = make("span", "dot");
  const said = make("output", "said");
  Object.assign(slider, { type: "range", min: 0, max: last, step: 1, value: data.asOf });
  slider.setAttribute("aria-label", data.title);
  field.append(...ticks, today, slider, dot, said);

  let sent = data.asOf;
  let timer = 0;
  const show = (talking) => {
    const at = Number(slider.value);
    place(dot, at);
    place(said, at);
    said.textContent = data.words[at];
    said.style.visibility = talking ? "visible" : "hidden";
    slider.setAttribute("aria-valuetext", data.words[at]);
  };
  const send = () => {
    clearTimeout(timer);
    root.dragging = false;
    show(false);
    const at = Number(slider.value);
    if (at === sent) return;
    sent = at;
    setStateValue("month", data.months[at]);
  };
  const move = (at) => {
    slider.value = String(Math.max(0, Math.min(last, at)));
    show(true);
    clearTimeout(timer);
    timer = setTimeout(send, REST);
  };
  slider.onpointerdown = () => { root.dragging = true; };
  slider.oninput = () => show(true);
  slider.onchange = () => (root.dragging ? send() : move(Number(slider.value)));
  slider.onpointerup = () => setTimeout(send, 0);
  slider.onpointercancel = send;
  slider.onkeydown = (event) => {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(Number(slider.value) + steps[event.key]);
  };
  slider.onblur = send;

  const changes = data.changes.map((change) => {
    const button = place(make("button", change.now ? "change now" : "change", change.label), change.at);
    button.type = "button";
    button.title = data.words[change.at];
    button.onclick = () => { slider.value = String(change.at); send(); };
    field.append(button);
    return button;
  });

  const thin = () => {
    const width = field.clientWidth;
    if (!width) return;
    const at = (item) => (parseFloat(item.style.left) / 100) * width;
    let taken = -Infinity;
    for (const tick of ticks) {
      const near = at(tick) - taken < TICK_ROOM || Math.abs(at(tick) - at(today)) < 24;
      tick.classList.toggle("hidden", near);
      if (!near) taken = at(tick);
    }
    const kept = [];
    const byRank = data.changes.map((change, index) => [change.now ? 0 : 1, index]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [, index] of byRank) {
      const button = changes[index];
      const crowded = kept.some((other) => Math.abs(at(other) - at(button)) < MARK_ROOM);
      button.firstChild.textContent = crowded ? "\u00a0" : data.changes[index].label;
      button.setAttribute("aria-label", `${data.changes[index].label} ${data.words[data.changes[index].at]}`);
      if (!crowded) kept.push(button);
    }
  };
  root.replaceChildren(field);
  show(false);
  thin();
  if (focused) slider.focus();
  const watch = new ResizeObserver(thin);
  watch.observe(field);
  return () => { watch.disconnect(); clearTimeout(timer); };
}
