// MARK: Controls

function segments(place, items, current, pick) {
  place.textContent = "";
  items.forEach((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", item.id === current);
    button.dataset.id = item.id;
    button.textContent = item.text;
    button.addEventListener("click", () => { pick(item.id); render(); const again = place.querySelector(`[data-id="${item.id}"]`); if (again) again.focus(); });
    place.append(button);
  });
}

function options(place, items, current) {
  place.textContent = "";
  items.forEach((item, i) => place.append(new Option(tongue([item.zh, item.en]), i, false, i === current)));
}

function drawControls() {
  document.documentElement.lang = state.lang ? "en" : "zh-CN";
  document.querySelectorAll("[data-t]").forEach((node) => { node.textContent = t(node.dataset.t); });
  document.querySelectorAll("[data-title]").forEach((node) => { node.title = t(node.dataset.title); node.setAttribute("aria-label", node.title); });
  $("search").placeholder = t("search");
  $("language").textContent = state.lang ? "中文" : "English";
  $("title").textContent = tongue([data.title.zh, data.title.en]);
  document.title = $("title").textContent;
  const pair = state.measure === "pair";
  $("subtitle").textContent = [tongue([view().zh, view().en]), tongue([data.scenarios[state.scenario].zh, data.scenarios[state.scenario].en]),
    `${t("unit")}: ${tongue(main().unit)}`, t("stock")].join(" · ");
  segments($("views"), data.views.map((v) => ({ id: v.id, text: tongue([v.zh, v.en]) })), view().id, (id) => {
    state.view = data.views.findIndex((v) => v.id === id);
    state.region = null;
    state.zoom = d3.zoomIdentity;
  });
  segments($("measures"), [{ id: "pair", text: t("pair") }, ...data.measures.map((m) => ({ id: m.id, text: tongue(m.short) }))], state.measure, (id) => { state.measure = id; });
  options($("scenario"), data.scenarios, state.scenario);
  options($("team"), data.teams.slice(0, data.scenarios[state.scenario].teams), state.team);
  $("scenario").closest("label").hidden = data.scenarios.length < 2;
  $("team").closest("label").hidden = data.teams.length < 2;
  $("year").max = data.years.length - 1;
  $("year").value = state.year;
  $("year").setAttribute("aria-label", t("year"));
  $("year").setAttribute("aria-valuetext", data.years[state.year]);
  $("shown").textContent = data.years[state.year];
  $("play").textContent = playing ? t("pause") : t("play");
  $("names").textContent = "";
  for (const v of data.views) for (const r of v.regions) { const option = document.createElement("option"); option.value = name(r); $("names").append(option); }
}

function drawFoot() {
  const foot = $("foot");
  foot.textContent = "";
  const add = (text, className) => { const p = document.createElement("p"); p.textContent = text; if (className) p.className = className; foot.append(p); };
  if (data.notice.zh) add(tongue([data.notice.zh, data.notice.en]), "notice");
  const colon = state.lang ? ": " : "：";
  const sources = [...new Set(data.notes.flatMap((n) => sourceWords(n[1])))];
  if (sources.length) add(t("data") + colon + sources.slice(0, 12).join(state.lang ? "; " : "；"));
  add(t("base") + colon + view().credit);
  add(tongue([data.boundaryNotice.zh, data.boundaryNotice.en]));
}

function render() {
  if (state.team >= data.scenarios[state.scenario].teams) state.team = 0;
  drawControls();
  drawPanes();
  drawCard();
  drawChart();
  drawRanks();
  drawTable();
  drawFoot();
  writeHash();
}

let playing = null;
function play() {
  if (playing) { clearInterval(playing); playing = null; render(); return; }
  if (state.year === data.years.length - 1) state.year = 0;
  playing = setInterval(() => {
    if (state.year >= data.years.length - 1) { clearInterval(playing); playing = null; } else state.year++;
    render();
  }, 900);
  render();
}

function search(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return;
  const fits = (i, exact) => {
    const r = data.regions[i];
    const names = [r.zh, r.en, r.code].map((s) => s.toLowerCase());
    return exact ? names.includes(wanted) : names.some((s) => s.includes(wanted));
  };
  const order = [state.view, ...data.views.keys()];
  for (const exact of [true, false]) for (const v of order) for (const r of data.views[v].regions) if (fits(r, exact)) {
    if (state.view !== v) state.zoom = d3.zoomIdentity;
    state.view = v;
    state.region = r;
    render();
    showRegion(r);
    return;
  }
  $("search").setCustomValidity(t("unknown"));
  $("search").reportValidity();
}

// MARK: Downloads

function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${state.measure}_${data.years[state.year]}_${view().id}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function picture() {
  const maps = panes.map((pane) => pane.svg), gap = 10, side = maps.length > 1 && maps[0].getBoundingClientRect().top === maps[1].getBoundingClientRect().top;
  const sizes = maps.map((m) => [+m.getAttribute("width"), +m.getAttribute("height")]);
  const width = side ? sizes.reduce((s, [w]) => s + w + gap, -gap) : Math.max(...sizes.map(([w]) => w));
  const tall = side ? Math.max(...sizes.map(([, h]) => h)) : sizes.reduce((s, [, h]) => s + h + gap, -gap);
  const notes = [...(data.notice.zh ? [tongue([data.notice.zh, data.notice.en])] : []), ...wrapped(`${t("base")}: ${view().credit}${state.lang ? ". " : "。"}${tongue([data.boundaryNotice.zh, data.boundaryNotice.en])}`, 11, width - 24)];
  const height = tall + 60 + 22 + 16 * notes.length;
  const svg = make("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": maps[0].getAttribute("font-family") });
  make("rect", { width, height, fill: "#fff" }, svg);
  words2(svg, $("title").textContent, 12, 28, 19, { weight: 700 });
  words2(svg, $("subtitle").textContent, 12, 48, 12.5, { fill: "#5a6675" });
  let x = 0, y = 60;
  maps.forEach((map, i) => {
    const copy = map.cloneNode(true);
    copy.setAttribute("x", x);
    copy.setAttribute("y", y);
    svg.append(copy);
    if (side) x += sizes[i][0] + gap; else y += sizes[i][1] + gap;
  });
  notes.forEach((line, i) => words2(svg, line, 12, tall + 60 + 20 + 16 * i, i ? 11 : 13, { weight: i ? 400 : 700, fill: i ? "#5a6675" : "#1b2430" }));
  return { text: new XMLSerializer().serializeToString(svg), width, height };
}

function table() {
  const quote = (v) => (/[",\n]/.test(String(v)) ? `"${String(v).replaceAll('"', '""')}"` : String(v));
  const rows = [["code", "name_zh", "name_en", "scenario", "team", "year", "measure", "unit", "value", "p10", "p90", "evidence", "method", "source"]];
  const list = state.measure === "pair" ? [["supply", data.years.indexOf(data.base)], ["demand", state.year]] : [[state.measure, state.year]];
  for (const [id, year] of list) for (const r of view().regions) {
    const v = valueOf(id, r, year), g = data.regions[r], m = measureOf(id);
    const cells = v ? [v.value, v.p10 ?? "", v.p90 ?? "", v.grade, v.method, v.source] : ["", "", "", "", "", ""];
    rows.push([g.code, g.zh, g.en, data.scenarios[state.scenario].id, data.teams[state.team].id, data.years[year], id, m.unit[1], ...cells]);
  }
  return "\ufeff" + rows.map((row) => row.map(quote).join(",")).join("\r\n") + "\r\n";
}

function download(kind) {
  if (kind === "csv") return save(new Blob([table()], { type: "text/csv;charset=utf-8" }), "csv");
  const { text, width, height } = picture();
  if (kind === "svg") return save(new Blob([text], { type: "image/svg+xml" }), "svg");
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * 2, height * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, width * 2, height * 2);
    canvas.toBlob((blob) => save(blob, "png"), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
}

// MARK: Events

const set = (key, read) => (event) => { state[key] = read(event.target); render(); };
$("scenario").addEventListener("change", set("scenario", (s) => +s.value));
$("team").addEventListener("change", set("team", (s) => +s.value));
$("year").addEventListener("input", set("year", (s) => +s.value));
$("play").addEventListener("click", play);
$("language").addEventListener("click", () => { state.lang = 1 - state.lang; render(); });
$("closer").addEventListener("click", () => zoomBy(1.5));
$("farther").addEventListener("click", () => zoomBy(1 / 1.5));
$("all").addEventListener("click", wholeMap);
$("toggle").addEventListener("click", () => { state.table = !state.table; render(); });
$("print").addEventListener("click", () => window.print());
$("search").addEventListener("input", () => $("search").setCustomValidity(""));
$("search").addEventListener("change", (event) => search(event.target.value));
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") search(event.target.value);
  if (event.key === "Escape") { event.target.value = ""; event.target.blur(); }
});
document.querySelectorAll("[data-save]").forEach((button) => button.addEventListener("click", () => download(button.dataset.save)));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT"].includes(event.target.tagName)) return;
  const push = event.shiftKey ? { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key] : null;
  if (push) { panBy(...push); event.preventDefault(); return; }
  const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (move) { state.year = Math.min(data.years.length - 1, Math.max(0, state.year + move)); render(); event.preventDefault(); }
  else if (event.key === "+" || event.key === "=") zoomBy(1.5);
  else if (event.key === "-" || event.key === "_") zoomBy(1 / 1.5);
  else if (event.key === "0") wholeMap();
  else if (event.key === " " && event.target.tagName !== "BUTTON") { play(); event.preventDefault(); }
  else if (event.key === "/") { $("search").focus(); event.preventDefault(); }
  else if (event.key === "Escape") { state.region = null; $("tip").hidden = true; render(); }
  else if (event.key === "t" || event.key === "T") { state.table = !state.table; render(); }
  else if (event.key === "l" || event.key === "L") { state.lang = 1 - state.lang; render(); }
});
let room = 0;
new ResizeObserver(() => requestAnimationFrame(() => { if ($("panes").clientWidth !== room) { room = $("panes").clientWidth; render(); } })).observe($("panes"));
window.addEventListener("hashchange", () => { readHash(); render(); });
readHash();
render();
