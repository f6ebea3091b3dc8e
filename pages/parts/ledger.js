const make = (tag, kind, text) => {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  if (text !== undefined) element.textContent = text;
  return element;
};

const percent = (part) => `${(part * 100).toFixed(2)}%`;

const labelled = (kind, label, text) => {
  const cell = make("span", `number ${kind}`);
  cell.append(make("span", "label", label), document.createTextNode(text));
  return cell;
};

const at = (element, part) => {
  element.style.left = percent(part);
  return element;
};

function head(data) {
  const words = data.words;
  const row = make("div", "head");
  row.setAttribute("aria-hidden", "true");
  const key = make("span", "key marks");
  const signs = make("span", "key signs");
  for (const sign of data.signs) {
    const item = make("span");
    item.append(make("b", sign.status, sign.glyph), document.createTextNode(sign.word));
    signs.append(item);
  }
  const entry = (sign, word) => {
    const item = make("span");
    item.append(make("i", sign), document.createTextNode(word));
    key.append(item);
  };
  entry("dot now", words.now);
  if (data.ahead) entry("dot change", words.change);
  entry("mark", words.mark);
  row.append(
    signs,
    make("span", "number", words.needed), make("span", "number", words.have), make("span", "number", words.spare),
    key, make("span", "later", words.later),
  );
  return row;
}

function line(row, mark) {
  const box = make("span", "line");
  box.setAttribute("aria-hidden", "true");
  box.append(make("span", "track"));
  if (row.now !== null) {
    const fill = make("span", "fill");
    fill.style.width = percent(row.now);
    box.append(fill);
  }
  if (row.now !== null && row.change !== null) {
    const way = at(make("span", "way"), Math.min(row.now, row.change));
    way.style.width = percent(Math.abs(row.now - row.change));
    box.append(way);
  }
  box.append(at(make("span", "mark"), mark));
  if (row.now !== null) box.append(at(make("i", "dot now"), row.now));
  if (row.change !== null) box.append(at(make("i", `dot change ${row.statusAtChange || ""}`), row.change));
  return box;
}

function option(row, data) {
  const words = data.words;
  const element = make("div", "row");
  element.dataset.target = row.id;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", String(row.id === data.selected));
  const said = [`${row.name} ${row.band}`, row.word, `${words.needed} ${row.needed}`, `${words.have} ${row.have}`, `${words.spare} ${row.spare}`];
  if (row.statusAtChange) said.push(`${words.change} ${row.wordAtChange} ${row.spareAtChange} ${row.chance}`);
  element.setAttribute("aria-label", said.join(", "));
  const sign = make("span", `glyph first ${row.status}`, row.glyph);
  sign.title = row.word;
  const later = make("span", `later ${row.statusAtChange || ""}`);
  if (row.statusAtChange) later.append(make("span", "glyph", row.glyphAtChange));
  later.append(document.createTextNode(row.spareAtChange));
  if (data.chances) later.append(make("span", "chance", row.chance));
  later.title = [`${words.change} ${row.wordAtChange}`, row.chance].filter(Boolean).join(" · ");
  const tone = row.status === "missed" ? row.status : "";
  element.append(
    sign, make("span", "name", row.name), make("span", "band", row.band),
    labelled("needed", words.needed, row.needed), labelled("have", words.have, row.have),
    labelled(`spare ${tone}`, words.spare, row.spare), line(row, data.mark), later,
  );
  return element;
}

export default function ({ data, setStateValue, parentElement }) {
  const root = parentElement.querySelector(".ledger");
  const active = root.getRootNode().activeElement;
  const held = active && active.dataset ? active.dataset.target : undefined;
  const list = make("div", "list");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", data.words.title);
  for (const row of data.rows) {
    list.append(option(row, data));
  }
  root.classList.toggle("still", !data.ahead);
  root.classList.toggle("dense", data.dense);
  root.classList.toggle("chances", data.chances);
  root.replaceChildren(head(data), list);

  const options = [...list.querySelectorAll(".row")];
  const hold = (index) => {
    options.forEach((item, place) => item.setAttribute("tabindex", place === index ? "0" : "-1"));
  };
  const go = (index) => {
    const place = Math.max(0, Math.min(options.length - 1, index));
    hold(place);
    options[place].focus();
  };
  const choose = (item) => {
    options.forEach((other) => other.setAttribute("aria-selected", String(other === item)));
    setStateValue("target", item.dataset.target);
  };
  const chosen = options.findIndex((item) => item.dataset.target === data.selected);
  hold(Math.max(0, chosen));
  options.forEach((item, index) => {
    item.onclick = () => { hold(index); choose(item); };
    item.onkeydown = (event) => {
      const steps = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: options.length - 1 };
      if (event.key in steps) go(steps[event.key]);
      else if (event.key === "Enter" || event.key === " ") choose(item);
      else return;
      event.preventDefault();
    };
  });
  const again = options.findIndex((item) => item.dataset.target === held);
  if (again >= 0) go(again);
}
