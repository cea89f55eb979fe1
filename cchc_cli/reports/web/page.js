"use strict";
// Filters, sorts and opens what stands in the page. Texts go in as text only: nothing here writes HTML.
(() => {
  const STEP = 100;
  const holder = document.getElementById("data");
  const data = holder ? JSON.parse(holder.textContent) : null;
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const fill = (template, fields) =>
    template.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(fields, name) ? fields[name] : whole));

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // The same key as domain.text.fold: without diacritics, d for đ, no apostrophes, one blank between words.
  const fold = (text) =>
    text
      .replace(/[đĐÐð]/g, "d")
      .replace(/[’‘ʼ]/g, "'")
      .normalize("NFD")
      .toLowerCase()
      .replace(/[\p{M}']/gu, "")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();

  const chip = (status, mark, word) => make("span", { class: `chip s${status}` }, make("b", { "aria-hidden": "true" }, mark), " ", word);

  // --- headings that sort -------------------------------------------------------------------------

  const sorted = (heading) => heading.getAttribute("aria-sort");

  const mark = (heading, direction) => {
    for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", direction);
  };

  const clickable = (heading, act) => {
    const button = make("button", { type: "button", class: "sort" }, ...heading.childNodes);
    button.addEventListener("click", () => {
      const direction = sorted(heading) === "ascending" ? "descending" : "ascending";
      mark(heading, direction);
      act(direction === "ascending" ? 1 : -1);
    });
    heading.append(button);
  };

  const cellValue = (row, column) => {
    const cell = row.children[column];
    return Number(cell.dataset.v ?? cell.textContent);
  };

  const sortableTable = (table) => {
    const rows = all("tbody tr", table);
    all("th[data-sort]", table).forEach((heading) => {
      const column = heading.cellIndex;
      clickable(heading, (sign) => {
        const order = [...rows].sort((a, b) => sign * (cellValue(a, column) - cellValue(b, column)));
        table.tBodies[0].append(...order);
      });
    });
  };

  // --- an agency's part: shown where the address names it ---------------------------------------------

  const named = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };

  const title = document.title;

  const open = () => {
    const part = named();
    const agency = part?.matches(".agency:not(.only)") ? part : null;
    document.body.classList.toggle("paged", agency !== null);
    document.title = agency ? `${agency.querySelector("h2").textContent} – ${title}` : title;
    if (!agency) return;
    if (data) draw(agency);
    window.scrollTo(0, 0);
    agency.querySelector("h2").focus({ preventScroll: true });
  };

  // Draws an agency's verdicts where there are too many to stand in the page itself.
  const draw = (part) => {
    const table = part.querySelector("table.verdicts");
    if (table.tBodies.length) return;
    const place = Number(part.dataset.at);
    for (const [agency, duty, flat] of data.groups) if (agency === place) table.append(group(duty, flat));
  };

  const group = (duty, flat) => {
    const [activity, asked, basis] = data.requirements[duty];
    const [code, name] = data.activities[activity];
    const words = make("div", { class: "asked" }, asked, " ", basisOf(basis));
    const head = make("th", { colspan: "3", scope: "rowgroup" }, make("small", {}, code), " ", name, words);
    const body = make("tbody", {}, make("tr", {}, head));
    for (let at = 0; at < flat.length; at += 4) {
      const [period, status, value, note] = flat.slice(at, at + 4);
      const when = periodCell("th", period);
      when.setAttribute("scope", "row");
      body.append(make("tr", {}, when, make("td", {}, data.values[value]), verdict(status, note)));
    }
    return body;
  };

  const basisOf = (basis) =>
    make("span", { class: `basis ${basis ? "interpreted" : "stated"}` }, data.bases[basis]);

  const periodCell = (name, period) => {
    const [words, days] = data.periods[period];
    return make(name, {}, words, make("div", { class: "asked" }, days));
  };

  const verdict = (status, note) => {
    const [word, sign] = data.statuses[status];
    const cell = make("td", {}, chip(status, sign, word));
    if (note) cell.append(" ", make("small", {}, data.notes[note]));
    return cell;
  };

  // --- the list of verdicts, the filter, and what it leaves of map and agencies ---------------------------

  const findings = [];
  for (const [agency, duty, flat] of data?.groups ?? []) {
    for (let at = 0; at < flat.length; at += 4) {
      const [period, status, value, note] = flat.slice(at, at + 4);
      findings.push({ agency, duty, period, status, value, note });
    }
  }

  const form = document.querySelector("#filter form");
  const list = document.querySelector("table.list");
  const more = document.querySelector("button.more");
  let shown = findings;
  let limit = STEP;

  const KEYS = {
    agency: (one) => data.agencies[one.agency][3],
    activity: (one) => one.duty,
    period: (one) => data.periods[one.period][2],
    status: (one) => data.statuses[one.status][2],
    basis: (one) => data.requirements[one.duty][2],
  };

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  const lineOf = (one) => {
    const [code, name] = data.agencies[one.agency];
    const [activity, asked, basis] = data.requirements[one.duty];
    const [number, about] = data.activities[activity];
    const link = make("a", { href: `#${encodeURIComponent(`a-${code}`)}` }, name);
    const row = make(
      "tr",
      {},
      make("th", { scope: "row" }, link),
      make("td", {}, make("small", {}, number), " ", about, make("div", { class: "asked" }, asked)),
      periodCell("td", one.period),
      make("td", {}, data.values[one.value]),
      verdict(one.status, one.note),
      make("td", {}, basisOf(basis)),
    );
    row.setAttribute("role", "row");
    for (const cell of row.children) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
    return row;
  };

  const drawList = () => {
    const rows = shown.slice(0, limit);
    list.tBodies[0].replaceChildren(...rows.map(lineOf));
    const left = shown.length - rows.length;
    more.hidden = left === 0;
    more.textContent = fill(data.words.more, { number: numbers.format(Math.min(STEP, left)) });
    const counted = { shown: numbers.format(rows.length), all: numbers.format(shown.length) };
    document.querySelector(".left").textContent = fill(data.words.left, counted);
  };

  const wanted = () => {
    const words = fold(form.elements.agency.value).split(" ").filter(Boolean);
    const chosen = (name) => (form.elements[name].value === "" ? null : Number(form.elements[name].value));
    const [status, activity, basis] = ["status", "activity", "basis"].map(chosen);
    const keys = data.agencies.map(([, , key]) => words.every((word) => key.includes(word)));
    return (one) => {
      const [its, , rests] = data.requirements[one.duty];
      return (
        keys[one.agency] &&
        (status === null || one.status === status) &&
        (activity === null || its === activity) &&
        (basis === null || rests === basis)
      );
    };
  };

  const drawMap = (agencies) => {
    const cells = new Map();
    for (const one of shown) {
      const key = `${one.agency} ${data.periods[one.period][3]}`;
      if (!cells.has(key)) cells.set(key, new Array(data.statuses.length).fill(0));
      cells.get(key)[one.status] += 1;
    }
    all("table.heat tbody tr").forEach((row, place) => {
      row.hidden = !agencies.has(place);
      if (!row.hidden) [...row.children].slice(1).forEach((cell, month) => paint(cell, cells.get(`${place} ${month}`)));
    });
  };

  const paint = (cell, counts) => {
    cell.replaceChildren();
    cell.removeAttribute("class");
    if (!counts) return;
    const there = counts.flatMap((count, status) => (count ? [status] : []));
    const worst = there.reduce((a, b) => (data.statuses[a][2] < data.statuses[b][2] ? a : b));
    const words = there.map((status) =>
      fill(data.words.count, { status: data.statuses[status][0], number: numbers.format(counts[status]) }),
    );
    cell.className = `s${worst}`;
    const sign = make("b", { "aria-hidden": "true" }, data.statuses[worst][1]);
    if (counts.reduce((a, b) => a + b) > 1) sign.append(make("small", {}, numbers.format(counts[worst])));
    cell.append(sign, make("span", {}, words.join(", ")));
  };

  const update = () => {
    shown = findings.filter(wanted());
    limit = STEP;
    const agencies = new Set(shown.map((one) => one.agency));
    drawMap(agencies);
    rows.forEach((row, place) => (row.hidden = !agencies.has(place)));
    resort();
    const counted = [shown.length, findings.length, agencies.size].map((count) => numbers.format(count));
    const told = fill(data.words.shown, { shown: counted[0], all: counted[1], agencies: counted[2] });
    form.querySelector(".told").textContent = told;
  };

  let order = null;

  const resort = () => {
    if (order) {
      const { key, sign } = order;
      shown = [...shown].sort((a, b) => sign * compare(key(a), key(b)));
    }
    drawList();
  };

  const rows = all("#agencies tbody tr");

  const prepare = () => {
    for (const name of ["filter", "list"]) {
      document.getElementById(name).hidden = false;
      document.querySelector(`nav a[href="#${name}"]`).parentElement.hidden = false;
    }
    all("th[data-key]", list).forEach((heading) =>
      clickable(heading, (sign) => {
        order = { key: KEYS[heading.dataset.key], sign };
        resort();
      }),
    );
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(update, 150);
    });
    form.addEventListener("reset", () => setTimeout(update));
    form.addEventListener("submit", (event) => event.preventDefault());
    more.addEventListener("click", () => {
      limit += STEP;
      drawList();
    });
    update();
  };

  document.body.classList.add("scripted");
  all("table.sortable").forEach(sortableTable);
  if (data) prepare();
  window.addEventListener("hashchange", open);
  // Only then does the browser show what the address names; before, nothing in it can have the focus.
  window.addEventListener("load", open);
  // On paper nobody can open a note.
  window.addEventListener("beforeprint", () => all("details").forEach((note) => (note.open = true)));
})();
