// MARK: Card, chart, ranks, table

function tip(event, region, m, year) {
  const box = $("tip"), v = valueOf(m.id, region, year);
  box.textContent = "";
  const title = document.createElement("b");
  title.textContent = name(region);
  box.append(title, `${tongue(m.short)} ${data.years[year]}: ${v ? figure(v.value, m.id) : t("none")}`);
  if (v) box.append(document.createElement("br"), `${t("band")} ${band(v, m.id)} · ${v.grade} ${tongue(gradeNames[v.grade] || ["", ""])}`);
  box.hidden = false;
  const { offsetWidth: w, offsetHeight: h } = box;
  box.style.left = Math.min(event.clientX + 14, window.innerWidth - w - 8) + "px";
  box.style.top = Math.max(8, event.clientY + 18 + h > window.innerHeight ? event.clientY - h - 12 : event.clientY + 18) + "px";
}

function choose(region) {
  state.region = state.region === region ? null : region;
  render();
}

/** The clicked region, else the region that stands for the whole view. */
function subject() {
  if (state.region !== null) return state.region;
  return view().whole;
}

const main = () => measureOf(state.measure === "pair" ? "demand" : state.measure);

const chance = (v) => `${Math.round(v.chance * 100)}%`;

function drawCard() {
  const card = $("card"), region = subject();
  card.textContent = "";
  const title = document.createElement("h2");
  card.append(title);
  if (region === null || region < 0) { title.textContent = t("pick"); return; }
  title.textContent = `${name(region)}${state.region === null ? (state.lang ? ", " : "") + t("whole") : ""} · ${data.years[state.year]}`;
  const list = document.createElement("dl");
  const add = (term, text, kind = "") => {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dd.className = kind;
    dt.textContent = term; dd.textContent = text;
    list.append(dt, dd);
  };
  let any = null;
  for (const id of ids) {
    const v = stored(id, region, state.year), m = measureOf(id);
    if (!v) continue;
    if (!any || id === main().id) any = v;
    add(tongue(m.short), figure(v.value, id));
    add("　" + t("band"), band(v, id));
    if (v.chance !== null) add("　" + t("chance"), chance(v) + (v.chance > 0.2 && v.chance < 0.8 ? (state.lang ? ": " : "，") + t("open") : ""));
  }
  const shown = valueOf(main().id, region, state.year) || any;
  if (!shown) add(tongue(main().short), t("none"));
  else {
    add(t("grade"), `${shown.grade} ${tongue(gradeNames[shown.grade] || ["", ""])}`);
    if (shown.method) add(t("method"), word(shown.method));
    if (shown.source) add(t("source"), sourceWords(shown.source).join(state.lang ? "; " : "；"), "long");
  }
  card.append(list);
  if (!view().data) { const p = document.createElement("p"); p.className = "note"; p.textContent = t("districts"); card.append(p); }
}

function drawChart() {
  const place = $("chart"), region = subject();
  place.textContent = "";
  if (region === null || region < 0) { place.hidden = true; return; }
  const kinds = state.measure === "pair" || main().total ? ["supply", "demand"] : [main().id];
  const series = kinds.map((id) => ({ id, points: data.years.map((y, i) => valueOf(id, region, i)) })).filter((s) => s.points.some(Boolean));
  place.hidden = !series.length;
  if (!series.length) return;
  const title = document.createElement("h2");
  title.textContent = `${name(region)} · ${t("fan")}`;
  place.append(title);
  const width = Math.max(240, place.clientWidth - 28), height = 210, left = 56, right = 20, top = 12, bottom = 26;
  const svg = make("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title.textContent }, place);
  const numbers = series.flatMap((s) => s.points).filter(Boolean).flatMap((p) => [p.value, p.p025 ?? p.p10 ?? p.value, p.p975 ?? p.p90 ?? p.value]);
  let low = Math.min(...numbers), high = Math.max(...numbers);
  if (series[0].id === "gap") { low = Math.min(low, 0); high = Math.max(high, 0); }
  if (high === low) { high += Math.abs(high) * 0.1 || 1; low -= Math.abs(low) * 0.1 || 1; }
  const pad = (high - low) * 0.06; low -= pad; high += pad;
  const x = d3.scaleLinear().domain([0, Math.max(1, data.years.length - 1)]).range([left, width - right]);
  const y = d3.scaleLinear().domain([low, high]).range([height - bottom, top]), step = d3.tickStep(low, high, 4);
  for (const v of y.ticks(4)) {
    make("path", { d: `M${left} ${y(v).toFixed(1)}H${width - right}`, stroke: Math.abs(v) < step / 1e6 ? "#555" : "#e3e8ee" }, svg);
    words2(svg, axis(v, step, series[0].id), left - 6, y(v) + 4, 11, { anchor: "end", fill: "#5a6675" });
  }
  const every = Math.ceil(data.years.length / 6);
  data.years.forEach((year, i) => { if ((data.years.length - 1 - i) % every === 0) words2(svg, String(year), x(i), height - 8, 11, { anchor: "middle", fill: "#5a6675" }); });
  const base = data.years.indexOf(data.base);
  if (base > 0) make("path", { d: `M${x(base).toFixed(1)} ${top}V${height - bottom}`, stroke: "#8a929c", "stroke-dasharray": "4 3" }, svg);
  make("path", { d: `M${x(state.year).toFixed(1)} ${top}V${height - bottom}`, stroke: "#f2a900", "stroke-width": 1.5 }, svg);
  for (const s of series) drawFan(svg, s, x, y);
  d3.select(svg).attr("class", "years").on("click", function () {
    const place = this.getBoundingClientRect(), event = d3.event || arguments[0];
    state.year = Math.max(0, Math.min(data.years.length - 1, Math.round(x.invert((event.clientX - place.left) * width / place.width))));
    render();
  });
  const key = document.createElement("p");
  key.className = "note";
  for (const s of series) {
    const dot = document.createElement("span");
    dot.textContent = "● ";
    dot.style.color = colours[s.id] || "#6b4ba3";
    key.append(dot, tongue(measureOf(s.id).short) + "　");
  }
  key.append(t("bands"));
  place.append(key);
}

/** The 95 % and 80 % bands and the line between them, broken where a year has no value. */
function drawFan(svg, s, x, y) {
  const colour = colours[s.id] || "#6b4ba3", points = s.points.map((p, i) => ({ p, i }));
  for (const [a, b, opacity] of [["p025", "p975", 0.13], ["p10", "p90", 0.25]]) {
    const band = d3.area().defined(({ p }) => p && p[a] !== null && p[b] !== null).x(({ i }) => x(i)).y0(({ p }) => y(p[a])).y1(({ p }) => y(p[b]));
    make("path", { d: band(points), fill: colour, "fill-opacity": opacity }, svg);
  }
  make("path", { d: d3.line().defined(({ p }) => p).x(({ i }) => x(i)).y(({ p }) => y(p.value))(points), fill: "none", stroke: colour, "stroke-width": 2 }, svg);
  const now = s.points[state.year];
  if (now) make("circle", { cx: x(state.year), cy: y(now.value), r: 4, fill: colour, stroke: "#fff" }, svg);
}

function axis(v, step, id) {
  if (id === "adequacy") return v.toFixed(step < 0.1 ? 2 : 1);
  if (id.endsWith("_change")) return minus(String(+v.toFixed(1))) + "%";
  if (Math.abs(v) < step / 1e6) return "0";
  if (state.lang === 0 && step >= 1000 && ids.includes(id)) return minus(String(+(v / 1e4).toFixed(2))) + "万";
  return minus(v.toLocaleString("en-US", { maximumFractionDigits: 2 }));
}

function ranked() {
  const m = main();
  return view().regions.map((r) => [r, valueOf(m.id, r, state.year)]).filter((e) => e[1]).sort((a, b) => b[1].value - a[1].value);
}

function drawRanks() {
  const place = $("ranks"), m = main(), list = ranked();
  place.textContent = "";
  const title = document.createElement("h2");
  title.textContent = `${t("top")} · ${tongue(m.short)} ${data.years[state.year]}`;
  place.append(title);
  if (!list.length) { const p = document.createElement("p"); p.className = "note"; p.textContent = view().data ? t("empty") : t("districts"); place.append(p); return; }
  const table = document.createElement("table");
  const rows = list.length > 12 ? [...list.slice(0, 6), null, ...list.slice(-4)] : list;
  for (const entry of rows) {
    const row = table.insertRow();
    if (!entry) { row.insertCell().textContent = "…"; row.insertCell(); row.insertCell(); continue; }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${list.indexOf(entry) + 1}. ${shortName(entry[0])}`;
    button.addEventListener("click", () => choose(entry[0]));
    row.insertCell().append(button);
    row.insertCell().textContent = figure(entry[1].value, m.id);
    row.insertCell().textContent = entry[1].grade;
  }
  place.append(table);
}

function drawTable() {
  const place = $("table");
  place.hidden = !state.table;
  $("toggle").setAttribute("aria-expanded", state.table);
  place.textContent = "";
  const table = document.createElement("table"), head = table.createTHead().insertRow();
  const caption = table.createCaption();
  caption.textContent = `${tongue([view().zh, view().en])} · ${data.years[state.year]} · ${t("unit")}: ${tongue(measureOf("supply").unit)}`;
  const add = (text) => { const th = document.createElement("th"); th.scope = "col"; th.textContent = text; head.append(th); };
  add(t("region"));
  for (const id of ids) { add(tongue(measureOf(id).short)); if (id !== "adequacy") add(t("band")); if (id === "gap") add(t("chance")); }
  add(t("grade"));
  const body = table.createTBody();
  for (const r of view().regions) {
    const row = body.insertRow();
    row.insertCell().textContent = name(r);
    let grade = "";
    for (const id of ids) {
      const v = stored(id, r, state.year);
      row.insertCell().textContent = v ? figure(v.value, id) : t("none");
      if (id !== "adequacy") row.insertCell().textContent = v ? band(v, id) : "";
      if (id === "gap") row.insertCell().textContent = v && v.chance !== null ? chance(v) : "";
      if (v && v.grade > grade) grade = v.grade;
    }
    row.insertCell().textContent = grade;
  }
  place.append(table);
}
