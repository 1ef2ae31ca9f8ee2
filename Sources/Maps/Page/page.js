"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const words = {
    search: ["搜索地区（按 /）", "Search a region (press /)"], scenario: ["情景", "Scenario"], team: ["队伍", "Team"],
    download: ["下载当前视图：", "Download this view:"], print: ["打印", "Print"], table: ["表格", "Table"],
    keys: ["← → 年份 · 空格 播放 · / 搜索 · T 表格 · L 语言", "← → year · space play · / search · T table · L language"],
    play: ["▶ 播放", "▶ Play"], pause: ["⏸ 暂停", "⏸ Pause"], pair: ["供给现状 | 未来需求", "Supply now | demand ahead"],
    none: ["无数据", "No data"], value: ["数值", "Value"], band: ["80% 区间", "80 % band"], grade: ["证据等级", "Evidence"],
    method: ["方法", "Method"], source: ["来源", "Source"], unit: ["单位", "Unit"], region: ["地区", "Region"],
    classes: ["分级", "Classes"], shared: ["各年、各情景共用", "same in all years and scenarios"],
    crosses: ["80% 区间跨零，正负未定", "80 % band spans zero: sign unknown"],
    weak: ["证据 C、D 级（分摊或假定）", "Evidence C or D (allocated, assumed)"],
    sides: ["橙：短缺　紫：富余", "Orange: short · purple: surplus"], circle: ["圆面积＝人数", "Circle area = persons"],
    fan: ["走势与区间", "Course and bands"], bands: ["深色 80%，浅色 95% 区间", "Dark 80 %, light 95 % band"],
    start: ["预测起点", "forecast starts"], top: ["排序", "Ranking"], pick: ["点击地图或表格选择地区。", "Pick a region on the map or in the table."],
    whole: ["整体", "as a whole"], data: ["数据", "Data"], base: ["底图", "Base map"], year: ["年份", "Year"],
    north: ["北", "N"], sea: ["南海诸岛", "South China Sea"], km: ["千米", "km"],
    internal: ["内部用图，未经地图审核，不得公开", "Internal use: not reviewed, not for publication"],
    stock: ["年末存量", "year-end stock"], empty: ["所选队伍没有这一指标的数据。", "No data for this team and measure."],
    districts: ["各区没有公布的人才数据，标为“无数据”；卡片为全市数值。", "No published data for districts: drawn as such; the card shows the whole."],
  };
  const gradeNames = { A: ["观测", "observed"], B: ["估计", "estimated"], C: ["分摊", "allocated"], D: ["假定", "assumed"] };

  // MARK: State

  const state = {
    lang: (navigator.language || "zh").startsWith("zh") ? 0 : 1,
    view: Math.max(0, data.views.findIndex((v) => v.national)), measure: "pair", scenario: 0, team: 0,
    year: data.years.length - 1, region: null, table: false,
  };
  const ids = ["supply", "demand", "gap", "adequacy"];
  const t = (key) => words[key][state.lang];
  const tongue = (pair) => pair[state.lang];

  function readHash() {
    for (const part of location.hash.slice(1).split("&")) {
      const [key, raw] = part.split("=");
      const value = decodeURIComponent(raw || "");
      if (key === "lang") state.lang = value === "en" ? 1 : 0;
      if (key === "view" && data.views.some((v) => v.id === value)) state.view = data.views.findIndex((v) => v.id === value);
      if (key === "measure" && (value === "pair" || data.measures.some((m) => m.id === value))) state.measure = value;
      if (key === "scenario" && data.scenarios.some((s) => s.id === value)) state.scenario = data.scenarios.findIndex((s) => s.id === value);
      if (key === "team" && data.teams.some((s) => s.id === value)) state.team = data.teams.findIndex((s) => s.id === value);
      if (key === "year" && data.years.includes(+value)) state.year = data.years.indexOf(+value);
      if (key === "region" && data.regions.some((r) => r.code === value)) state.region = data.regions.findIndex((r) => r.code === value);
    }
  }

  function writeHash() {
    const parts = {
      lang: state.lang ? "en" : "zh", view: view().id, measure: state.measure, scenario: data.scenarios[state.scenario].id,
      team: data.teams[state.team].id, year: data.years[state.year],
    };
    if (state.region !== null) parts.region = data.regions[state.region].code;
    const hash = "#" + Object.entries(parts).map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&");
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }

  const view = () => data.views[state.view];
  const measureOf = (id) => data.measures.find((m) => m.id === id);

  // MARK: Values

  function floats(text) {
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new DataView(bytes.buffer);
  }
  const columns = {};
  for (const name of ["value", "p025", "p10", "p90", "p975"]) columns[name] = floats(data.columns[name]);
  const notes = floats(data.columns.note);

  /** Position of a cell in the columns, or −1 when that scenario keeps no teams. */
  function cell(scenario, team, measure, region, year) {
    const plan = data.scenarios[scenario];
    if (team >= plan.teams) return -1;
    return plan.offset + ((team * ids.length + ids.indexOf(measure)) * data.regions.length + region) * data.years.length + year;
  }

  function stored(measure, region, year) {
    const at = cell(state.scenario, state.team, measure, region, year);
    if (at < 0) return null;
    const read = (name) => columns[name].getFloat32(4 * at, true);
    const value = read("value");
    if (Number.isNaN(value)) return null;
    const number = (name) => { const x = read(name); return Number.isNaN(x) ? null : x; };
    const note = data.notes[notes.getUint16(2 * at, true)] || ["", "", ""];
    return { value, p025: number("p025"), p10: number("p10"), p90: number("p90"), p975: number("p975"),
      grade: data.columns.grade[at], method: note[0], source: note[1] };
  }

  const scale = (v, change) => {
    const next = { ...v };
    for (const key of ["value", "p025", "p10", "p90", "p975"]) next[key] = v[key] === null ? null : change(v[key]);
    return next;
  };

  function valueOf(measure, region, year) {
    if (region === null || region === undefined || region < 0) return null;
    if (ids.includes(measure)) return stored(measure, region, year);
    const from = measure === "demand_change" ? "demand" : "supply";
    const here = stored(from, region, year);
    if (!here) return null;
    if (measure === "density") {
      const area = data.regions[region].area;
      return area ? scale(here, (x) => (x * 100) / area) : null;
    }
    const base = stored(from, region, data.years.indexOf(data.base));
    if (!base || !(base.value > 0)) return null;
    const change = scale(here, (x) => (x / base.value - 1) * 100);
    change.grade = here.grade > base.grade ? here.grade : base.grade;
    return change;
  }

  const crosses = (v) => v.p10 !== null && v.p90 !== null && v.p10 < 0 && v.p90 > 0;
  const classOf = (m, x) => { const i = m.breaks.findIndex((b) => x < b); return i < 0 ? m.breaks.length : i; };

  // MARK: Figures

  const grouped = (x, digits) => x.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const minus = (text) => text.replace("-", "−");

  function figure(x, id) {
    if (x === null || x === undefined || Number.isNaN(x)) return "–";
    if (id === "adequacy") return minus(x.toFixed(2));
    if (id.endsWith("_change")) return (x > 0 ? "+" : "") + minus(x.toFixed(1)) + "%";
    if (id === "density") return grouped(x, Math.abs(x) >= 10 ? 0 : 2);
    const sign = id === "gap" && Math.round(x) > 0 ? "+" : "";
    if (state.lang === 0 && Math.abs(x) >= 9999.5) return sign + minus((x / 1e4).toFixed(Math.abs(x) >= 1e6 ? 0 : 1)) + " 万";
    const text = state.lang === 0 ? String(Math.round(x)) : grouped(x, 0);
    return sign + minus(text === "-0" ? "0" : text);
  }

  function breakText(x, id) {
    const plain = (v) => minus(state.lang ? v.toLocaleString("en-US", { maximumFractionDigits: 2 }) : String(+v.toFixed(2)));
    if (id.endsWith("_change")) return plain(x) + "%";
    if (state.lang === 0 && ids.slice(0, 3).includes(id) && Math.abs(x) >= 1e4) return plain(x / 1e4) + " 万";
    return plain(x);
  }

  const band = (v, id) => (v.p10 === null ? "–" : figure(v.p10, id) + (state.lang ? " to " : " ～ ") + figure(v.p90, id));
  const name = (i) => data.regions[i][state.lang ? "en" : "zh"];

  function shortName(i) {
    const ends = state.lang
      ? / (Zhuang |Hui |Uygur |Uyghur )?(Autonomous Region|Special Administrative Region|Municipality|Province|District|City)$/
      : /(壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$/;
    const short = name(i).replace(ends, "");
    return short.length > 1 ? short : name(i);
  }

  // MARK: Drawing

  const svgNS = "http://www.w3.org/2000/svg";
  function make(tag, attributes, parent, text) {
    const node = document.createElementNS(svgNS, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, typeof value === "number" ? +value.toFixed(2) : value);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  function words2(parent, text, x, y, size, options = {}) {
    const attributes = { x, y, "font-size": size, "text-anchor": options.anchor || "start", "font-weight": options.weight || 400, fill: options.fill || "#1b2430" };
    if (options.halo) make("text", { ...attributes, stroke: "#fff", "stroke-width": size / 4, "stroke-opacity": 0.85, "stroke-linejoin": "round", fill: "#fff", "pointer-events": "none" }, parent, text);
    return make("text", { ...attributes, "pointer-events": "none" }, parent, text);
  }

  const arcCache = new Map();
  /** Arcs are stored as first position and steps; a ring is a list of arc numbers, ~n backwards. */
  function ringsOf(index) {
    if (arcCache.has(index)) return arcCache.get(index);
    const v = data.views[index];
    const arcs = v.arcs.map((flat) => {
      const points = [];
      let x = 0, y = 0;
      for (let i = 0; i < flat.length; i += 2) { x += flat[i]; y += flat[i + 1]; points.push([x, y]); }
      return points;
    });
    const rings = v.shapes.map((shape) => shape.map((ring) => {
      const points = [];
      for (const n of ring) {
        const arc = n < 0 ? arcs[~n].slice().reverse() : arcs[n];
        points.push(...(points.length ? arc.slice(1) : arc));
      }
      return points;
    }));
    arcCache.set(index, rings);
    return rings;
  }

  const pathCache = new Map();
  function pathsOf(index, fit, key) {
    if (pathCache.has(key)) return pathCache.get(key);
    if (pathCache.size > 40) pathCache.clear();
    const paths = ringsOf(index).map((shape) => shape.map((ring) =>
      "M" + ring.map((p) => { const q = fit(p); return q[0].toFixed(1) + " " + q[1].toFixed(1); }).join("L") + "Z").join(""));
    pathCache.set(key, paths);
    return paths;
  }

  function fitting(box, area, lean) {
    const [w, s, e, n] = box, k = Math.min(area.w / (e - w), area.h / (n - s));
    const dx = area.x + lean[0] * (area.w - k * (e - w)) - k * w, dy = area.y + lean[1] * (area.h - k * (n - s)) + k * n;
    const fit = (p) => [dx + k * p[0], dy - k * p[1]];
    fit.k = k;
    return fit;
  }

  let largest = 1;
  function findLargest() {
    largest = 1;
    for (const r of view().regions) for (const id of ["supply", "demand"]) for (let y = 0; y < data.years.length; y++) {
      const v = stored(id, r, y);
      if (v && v.value > largest) largest = v.value;
    }
  }

  const radiusOf = (x, area) => Math.max(0.8, Math.min(area.w, area.h) * (view().regions.length > 20 ? 0.06 : 0.085) * Math.sqrt(Math.max(x, 0) / largest));
  const colours = { supply: "#2b6cb0", demand: "#0f8b8d" };
  let serial = 0;

  function drawMap(measureId, year, width, height) {
    const m = measureOf(measureId), v = view(), total = m.total, tag = "m" + ++serial;
    const wide = width >= 640, legendWidth = wide ? 196 : 0;
    const rows = legendRows(m, year);
    const tallest = total && rows[0].circle ? 2 * radiusOf(rows[0].circle, { w: width - 16, h: height - 64 }) : 0;
    const lines = Math.ceil(rows.filter((r) => !r.pattern).length / (width > 300 ? 2 : 1)) + rows.filter((r) => r.pattern).length;
    const legendHeight = wide ? 0 : total ? Math.max(tallest, 18) + 38 : lines * 21 + 34;
    const svg = make("svg", { xmlns: svgNS, width, height: height + legendHeight, viewBox: `0 0 ${width} ${height + legendHeight}`,
      "font-family": "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif", role: "group",
      "aria-label": `${tongue([m.zh, m.en])} ${data.years[year]}` });
    make("rect", { width, height: height + legendHeight, fill: "#fff" }, svg);
    const head = state.lang ? `${m.short[1]}, ${data.years[year]}` : `${data.years[year]} 年 ${m.short[0]}`;
    const area = { x: 8, y: 34, w: width - legendWidth - 16, h: height - 64 };
    const fit = fitting(v.box, area, v.inset ? [0.25, 0.05] : [0.5, 0.5]);
    const defs = make("defs", {}, svg);
    const hatch = make("pattern", { id: tag + "x", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
    make("path", { d: "M0 0V7", stroke: "#333", "stroke-width": 1.6, "stroke-opacity": 0.55 }, hatch);
    const dots = make("pattern", { id: tag + "w", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, defs);
    make("circle", { cx: 1.5, cy: 1.5, r: 0.75, fill: "#333", "fill-opacity": 0.5 }, dots);
    const clip = make("clipPath", { id: tag + "f" }, defs);
    make("rect", { x: 0, y: 28, width: width - legendWidth, height: height - 28 }, clip);
    const ground = make("g", { "clip-path": `url(#${tag}f)` }, svg);
    make("rect", { x: 0, y: 28, width: width - legendWidth, height: height - 28, fill: "#f4f7fa" }, ground);
    const key = `${state.view}/${width}/${height}`;
    const shown = drawRegions(ground, m, year, pathsOf(state.view, fit, key), tag, true);
    drawLines(ground, v, fit);
    if (!data.approval) watermark(ground, width - legendWidth, height);
    const inset = v.inset ? insetBox(v, fit, width - legendWidth, height, total ? radiusOf(largest, area) * 0.8 : 6) : null;
    if (inset) drawInset(svg, defs, v, inset, m, year, tag, key);
    if (total) {
      const order = v.regions.map((r, i) => i).filter((i) => shown[i]).sort((a, b) => shown[b].value - shown[a].value);
      for (const i of order) {
        const [x, y] = fit(v.labels[i]);
        const dot = make("circle", { cx: x, cy: y, r: radiusOf(shown[i].value, area), fill: colours[measureId], "fill-opacity": 0.72, stroke: "#fff", "stroke-width": 0.8 }, ground);
        link(dot, v.regions[i], m, year, false);
      }
    }
    highlight(ground, pathsOf(state.view, fit, key));
    drawLabels(ground, v, shown, fit, area, width - legendWidth, height, inset, measureId, total);
    words2(svg, head, 10, 20, 15, { weight: 700 });
    scaleBar(svg, v, fit, width - legendWidth, height);
    make("path", { d: `M${width - legendWidth - 18} 36l6 18l-6 -4l-6 4z`, fill: "#333", "pointer-events": "none" }, svg);
    words2(svg, t("north"), width - legendWidth - 18, 67, 11, { anchor: "middle", halo: true });
    drawLegend(svg, m, rows, wide, width, height, area, tag);
    return svg;
  }

  function drawRegions(parent, m, year, paths, tag, live) {
    return view().regions.map((region, i) => {
      const v = valueOf(m.id, region, year);
      const fill = v ? (m.total ? "#e6eaef" : m.colours[classOf(m, v.value)]) : "#c9c9c9";
      const path = make("path", { d: paths[i], fill, "fill-rule": "evenodd", stroke: "#7d8794", "stroke-width": 0.7 }, parent);
      if (live) link(path, region, m, year, true);
      if (v && !m.total) {
        const pattern = m.id === "gap" && crosses(v) ? "x" : v.grade >= "C" ? "w" : "";
        if (pattern) make("path", { d: paths[i], fill: `url(#${tag}${pattern})`, "fill-rule": "evenodd", "pointer-events": "none" }, parent);
      }
      return v;
    });
  }

  function link(node, region, m, year, focusable) {
    const v = valueOf(m.id, region, year);
    node.setAttribute("data-code", data.regions[region].code);
    if (focusable) {
      node.setAttribute("tabindex", 0);
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", `${name(region)} ${tongue(m.short)} ${v ? figure(v.value, m.id) : t("none")}`);
    }
    node.addEventListener("pointermove", (event) => tip(event, region, m, year));
    node.addEventListener("pointerleave", () => { $("tip").hidden = true; });
    node.addEventListener("click", () => choose(region));
    node.addEventListener("focus", () => { hover = region; });
    node.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(region); });
  }

  function drawLines(parent, v, fit) {
    for (const flat of v.overlays) {
      let x = 0, y = 0, d = "";
      for (let i = 0; i < flat.length; i += 2) {
        x += flat[i]; y += flat[i + 1];
        const q = fit([x, y]);
        d += (i ? "L" : "M") + q[0].toFixed(1) + " " + q[1].toFixed(1);
      }
      make("path", { d, fill: "none", stroke: "#5b6570", "stroke-width": 1.1, "pointer-events": "none" }, parent);
    }
  }

  function watermark(parent, width, height) {
    make("text", { transform: `translate(${(width / 2).toFixed(1)} ${(height / 2 + 20).toFixed(1)}) rotate(-24)`, "text-anchor": "middle",
      "font-size": width / (state.lang ? 32 : 24), "font-weight": 700, fill: "#000", "fill-opacity": 0.07, "pointer-events": "none" }, parent, t("internal"));
  }

  /** As large as fits into the lower right corner without covering territory or a symbol. */
  function insetBox(v, fit, width, height, clear) {
    const [w, s, e, n] = v.inset, south = fit([0, v.box[1]])[1];
    const land = ringsOf(state.view).flat(2).map(fit).filter((q) => q[1] <= south);
    for (let share = 0.36; share > 0.14; share -= 0.01) {
      const h = height * share, wd = (h * (e - w)) / (n - s), x = width - 6 - wd, y = height - 6 - h;
      if (share < 0.16 || !land.some((q) => q[0] > x - clear && q[1] > y - clear)) return { x, y, w: wd, h };
    }
    return null;
  }

  function drawInset(svg, defs, v, box, m, year, tag, key) {
    const clip = make("clipPath", { id: tag + "i" }, defs);
    make("rect", { x: box.x, y: box.y, width: box.w, height: box.h }, clip);
    const g = make("g", { "clip-path": `url(#${tag}i)` }, svg);
    make("rect", { x: box.x, y: box.y, width: box.w, height: box.h, fill: "#f4f7fa" }, g);
    const fit = fitting(v.inset, box, [0.5, 0.5]);
    drawRegions(g, m, year, pathsOf(state.view, fit, key + "/inset"), tag, false);
    drawLines(g, v, fit);
    make("rect", { x: box.x, y: box.y, width: box.w, height: box.h, fill: "none", stroke: "#8a929c" }, svg);
    words2(svg, t("sea"), box.x + box.w / 2, box.y + box.h - 4, 9.5, { anchor: "middle", halo: true });
  }

  const textWidth = (text, size) => [...text].reduce((sum, c) => sum + (c > "⺀" ? size : size * 0.55), 0);

  function drawLabels(parent, v, shown, fit, area, width, height, inset, id, total) {
    const taken = inset ? [[inset.x, inset.y, inset.x + inset.w, inset.y + inset.h]] : [];
    const many = v.regions.length > 20, size = width < 420 ? 10 : 12, limit = many ? (width < 420 ? 8 : 16) : 60;
    const order = v.regions.map((r, i) => i).filter((i) => shown[i]).sort((a, b) => Math.abs(shown[b].value) - Math.abs(shown[a].value)).slice(0, limit);
    if (!many || !order.length) order.push(...v.regions.map((r, i) => i).filter((i) => !shown[i]));
    for (const i of order) {
      const text = many || !shown[i] || width < 420 ? shortName(v.regions[i]) : `${shortName(v.regions[i])} ${figure(shown[i].value, id)}`;
      const w = textWidth(text, size), [x, y] = fit(v.labels[i]);
      const r = total && shown[i] ? radiusOf(shown[i].value, area) : 0, gap = r + 2;
      const spots = [[0, gap + size / 2], [0, -gap - size / 2], [gap + w / 2, 0], [-gap - w / 2, 0]];
      if (!(r > 0 && r < size)) spots.unshift([0, 0]);
      for (const [dx, dy] of spots) {
        const b = [x + dx - w / 2, y + dy - size / 2, x + dx + w / 2, y + dy + size / 2];
        if (b[0] < 2 || b[2] > width - 2 || b[1] < 30 || b[3] > height - 24) continue;
        if (taken.some((o) => b[0] < o[2] && o[0] < b[2] && b[1] < o[3] && o[1] < b[3])) continue;
        taken.push(b);
        words2(parent, text, x + dx, y + dy + size * 0.36, size, { anchor: "middle", halo: true });
        break;
      }
    }
  }

  const nice = (x) => { const p = 10 ** Math.floor(Math.log10(x)); return [5, 2, 1].map((k) => k * p).find((k) => k <= x) || p; };

  function scaleBar(svg, v, fit, width, height) {
    const metres = nice((width * 0.25) / fit.k * v.metres), w = (metres / v.metres) * fit.k;
    make("path", { d: `M12 ${height - 14}v5h${w.toFixed(1)}v-5`, fill: "none", stroke: "#333", "stroke-width": 1.3 }, svg);
    words2(svg, `${metres / 1000} ${t("km")}`, 18 + w, height - 9, 11, { halo: true });
  }

  function legendRows(m, year) {
    const values = view().regions.map((r) => valueOf(m.id, r, year)), known = values.filter(Boolean), rows = [];
    if (m.total) {
      const top = nice(largest);
      if (known.length) for (const x of [top, nice(top / 4), nice(top / 20)]) rows.push({ circle: x, text: breakText(x, "supply") });
    } else {
      for (let i = m.colours.length - 1; i >= 0; i--) {
        const n = known.filter((v) => classOf(m, v.value) === i).length, b = m.breaks;
        const text = !b.length ? "" : i === 0 ? "< " + breakText(b[0], m.id) : i === b.length ? "≥ " + breakText(b[i - 1], m.id)
          : breakText(b[i - 1], m.id) + (state.lang ? " to " : " ～ ") + breakText(b[i], m.id);
        rows.push({ fill: m.colours[i], text, count: n });
      }
      if (m.id === "gap" && known.some(crosses)) rows.push({ fill: "#fff", pattern: "x", text: t("crosses") });
      if (known.some((v) => v.grade >= "C")) rows.push({ fill: "#fff", pattern: "w", text: t("weak") });
    }
    if (known.length < values.length) rows.push({ fill: "#c9c9c9", text: t("none"), count: values.length - known.length });
    return rows;
  }

  function wrapped(text, size, width) {
    const lines = [""];
    for (const piece of text.match(/[⺀-￿]|[^⺀-￿\s]+\s*|\s+/g) || []) {
      if (lines[lines.length - 1] && textWidth(lines[lines.length - 1] + piece.trimEnd(), size) > width) lines.push("");
      lines[lines.length - 1] += piece;
    }
    return lines;
  }

  function drawLegend(svg, m, rows, wide, width, height, area, tag) {
    const x0 = wide ? width - 188 : 12;
    let y = wide ? 48 : height + 18;
    words2(svg, m.total ? t("circle") : tongue(m.short), x0, y - 2, 14, { weight: 700 });
    y += 8;
    if (m.total && !wide) { sizeRow(svg, rows, x0, y, area); return; }
    const perRow = wide || width <= 300 ? 1 : 2, step = (width - 24) / 2;
    let column = 0;
    // Below a narrow map: classes in two columns, then the longer remarks one a line.
    const ordered = wide ? rows : [...rows.filter((r) => !r.pattern), ...rows.filter((r) => r.pattern)];
    for (const row of ordered) {
      if (row.pattern && column) { column = 0; y += 21; }
      const x = x0 + (wide ? 0 : column * step);
      if (row.circle) {
        const r = radiusOf(row.circle, area);
        make("circle", { cx: x + 50, cy: y + r, r, fill: "#8f9aa8", "fill-opacity": 0.5, stroke: "#5b6570" }, svg);
        words2(svg, row.text, x + 110, y + r + 5, 13);
        y += Math.max(2 * r, 16) + 6;
        continue;
      } else {
        make("rect", { x, y, width: 22, height: 16, fill: row.fill, stroke: "#7d8794", "stroke-width": 0.7 }, svg);
        if (row.pattern) make("rect", { x, y, width: 22, height: 16, fill: `url(#${tag}${row.pattern})` }, svg);
        const lines = wide ? wrapped(row.text, 12.5, 152) : [row.text];
        lines.forEach((line, i) => words2(svg, line, x + 29, y + 13 + i * 16, 12.5));
        if (wide) y += (lines.length - 1) * 16;
        if (wide && row.count !== undefined) words2(svg, "n = " + row.count, width - 6, y + 13, 11.5, { anchor: "end", fill: "#5a6675" });
      }
      column = row.pattern ? 0 : (column + 1) % perRow;
      if (column === 0) y += wide ? 23 : 21;
    }
    if (!wide) return;
    const lines = [];
    if (m.id === "gap" || m.id === "adequacy") lines.push(t("sides"));
    if (!m.total) lines.push(...wrapped(`${t("classes")}: ${tongue(m.method)}${state.lang ? "; " : "；"}${t("shared")}`, 12, 180));
    lines.forEach((line, i) => words2(svg, line, x0, y + 14 + i * 17, 12, { fill: "#444" }));
  }

  /** The size legend below a narrow map: true radii side by side. */
  function sizeRow(svg, rows, x0, y, area) {
    let x = x0;
    const middle = y + Math.max(rows[0].circle ? radiusOf(rows[0].circle, area) : 9, 9);
    for (const row of rows) {
      const r = row.circle ? radiusOf(row.circle, area) : 11;
      if (row.circle) make("circle", { cx: x + r, cy: middle, r, fill: "#8f9aa8", "fill-opacity": 0.5, stroke: "#5b6570" }, svg);
      else make("rect", { x, y: middle - 8, width: 22, height: 16, fill: row.fill, stroke: "#7d8794", "stroke-width": 0.7 }, svg);
      words2(svg, row.text, x + 2 * r + 5, middle + 4.5, 12);
      x += 2 * r + 5 + textWidth(row.text, 12) + 16;
    }
  }

  function highlight(svg, paths) {
    const at = view().regions.indexOf(state.region);
    if (at >= 0) make("path", { d: paths[at], fill: "none", stroke: "#111", "stroke-width": 2.2, "pointer-events": "none" }, svg);
  }

  function drawPanes() {
    const panes = $("panes"), focused = document.activeElement && document.activeElement.getAttribute("data-code");
    panes.textContent = "";
    findLargest();
    const room = panes.clientWidth, pair = state.measure === "pair", side = pair && room >= 620;
    const width = Math.floor(side ? (room - 10) / 2 : room), tall = view().inset ? 0.86 : 0.9;
    const mapWidth = width >= 640 ? width - 196 : width;
    const height = Math.round(Math.max(280, Math.min(mapWidth * tall, window.innerHeight * 0.68)));
    const list = pair ? [["supply", data.years.indexOf(data.base)], ["demand", state.year]] : [[state.measure, state.year]];
    for (const [id, year] of list) panes.appendChild(drawMap(id, year, width, height));
    if (focused) { const again = panes.querySelector(`path[data-code="${focused}"]`); if (again) again.focus({ preventScroll: true }); }
  }

  // MARK: Card, chart, ranks, table

  let hover = null;
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

  function drawCard() {
    const card = $("card"), region = subject();
    card.textContent = "";
    const title = document.createElement("h2");
    card.append(title);
    if (region === null || region < 0) { title.textContent = t("pick"); return; }
    title.textContent = `${name(region)}${state.region === null ? (state.lang ? ", " : "") + t("whole") : ""} · ${data.years[state.year]}`;
    const list = document.createElement("dl");
    const add = (term, text) => {
      const dt = document.createElement("dt"), dd = document.createElement("dd");
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
    }
    const shown = valueOf(main().id, region, state.year) || any;
    if (!shown) add(tongue(main().short), t("none"));
    else {
      add(t("grade"), `${shown.grade} ${tongue(gradeNames[shown.grade] || ["", ""])}`);
      if (shown.method) add(t("method"), shown.method);
      if (shown.source) add(t("source"), shown.source);
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
    const x = (i) => left + ((width - left - right) * i) / Math.max(1, data.years.length - 1);
    const y = (v) => top + (height - top - bottom) * (1 - (v - low) / (high - low));
    const raw = (high - low) / 4, power = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw);
    for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
      make("path", { d: `M${left} ${y(v).toFixed(1)}H${width - right}`, stroke: Math.abs(v) < step / 1e6 ? "#555" : "#e3e8ee" }, svg);
      words2(svg, axis(v, step, series[0].id), left - 6, y(v) + 4, 11, { anchor: "end", fill: "#5a6675" });
    }
    const every = Math.ceil(data.years.length / 6);
    data.years.forEach((year, i) => { if ((data.years.length - 1 - i) % every === 0) words2(svg, String(year), x(i), height - 8, 11, { anchor: "middle", fill: "#5a6675" }); });
    const base = data.years.indexOf(data.base);
    if (base > 0) make("path", { d: `M${x(base).toFixed(1)} ${top}V${height - bottom}`, stroke: "#8a929c", "stroke-dasharray": "4 3" }, svg);
    make("path", { d: `M${x(state.year).toFixed(1)} ${top}V${height - bottom}`, stroke: "#f2a900", "stroke-width": 1.5 }, svg);
    for (const s of series) {
      const colour = colours[s.id] || "#6b4ba3";
      for (const [a, b, opacity] of [["p025", "p975", 0.13], ["p10", "p90", 0.25]]) {
        const there = s.points.map((p, i) => [p, i]).filter(([p]) => p && p[a] !== null && p[b] !== null);
        if (there.length > 1) make("path", { d: "M" + there.map(([p, i]) => `${x(i).toFixed(1)} ${y(p[b]).toFixed(1)}`).join("L") + "L" + there.reverse().map(([p, i]) => `${x(i).toFixed(1)} ${y(p[a]).toFixed(1)}`).join("L") + "Z", fill: colour, "fill-opacity": opacity }, svg);
      }
      const line = s.points.map((p, i) => [p, i]).filter(([p]) => p);
      make("path", { d: "M" + line.map(([p, i]) => `${x(i).toFixed(1)} ${y(p.value).toFixed(1)}`).join("L"), fill: "none", stroke: colour, "stroke-width": 2 }, svg);
      const now = s.points[state.year];
      if (now) make("circle", { cx: x(state.year), cy: y(now.value), r: 4, fill: colour, stroke: "#fff" }, svg);
    }
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
    for (const id of ids) { add(tongue(measureOf(id).short)); if (id !== "adequacy") add(t("band")); }
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
        if (v && v.grade > grade) grade = v.grade;
      }
      row.insertCell().textContent = grade;
    }
    place.append(table);
  }

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
    $("shown").textContent = pair && state.lang === 0 ? data.years[state.year] : data.years[state.year];
    $("play").textContent = playing ? t("pause") : t("play");
    $("names").textContent = "";
    for (const v of data.views) for (const r of v.regions) { const option = document.createElement("option"); option.value = name(r); $("names").append(option); }
  }

  function drawFoot() {
    const foot = $("foot");
    foot.textContent = "";
    const add = (text, className) => { const p = document.createElement("p"); p.textContent = text; if (className) p.className = className; foot.append(p); };
    add(tongue([data.notice.zh, data.notice.en]), "notice");
    const colon = state.lang ? ": " : "：";
    const sources = [...new Set(data.notes.flatMap((n) => n[1].split(";").map((s) => s.trim())).filter(Boolean))];
    if (sources.length) add(t("data") + colon + sources.slice(0, 12).join(state.lang ? ", " : "、"));
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
      state.view = v;
      state.region = r;
      render();
      return;
    }
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
    const maps = [...$("panes").children], gap = 10, side = maps.length > 1 && maps[0].getBoundingClientRect().top === maps[1].getBoundingClientRect().top;
    const sizes = maps.map((m) => [+m.getAttribute("width"), +m.getAttribute("height")]);
    const width = side ? sizes.reduce((s, [w]) => s + w + gap, -gap) : Math.max(...sizes.map(([w]) => w));
    const tall = side ? Math.max(...sizes.map(([, h]) => h)) : sizes.reduce((s, [, h]) => s + h + gap, -gap);
    const notes = [tongue([data.notice.zh, data.notice.en]), ...wrapped(`${t("base")}: ${view().credit}${state.lang ? ". " : "。"}${tongue([data.boundaryNotice.zh, data.boundaryNotice.en])}`, 11, width - 24)];
    const height = tall + 60 + 22 + 16 * notes.length;
    const svg = make("svg", { xmlns: svgNS, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": maps[0].getAttribute("font-family") });
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
  $("toggle").addEventListener("click", () => { state.table = !state.table; render(); });
  $("print").addEventListener("click", () => window.print());
  $("search").addEventListener("change", (event) => search(event.target.value));
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") search(event.target.value);
    if (event.key === "Escape") { event.target.value = ""; event.target.blur(); }
  });
  document.querySelectorAll("[data-save]").forEach((button) => button.addEventListener("click", () => download(button.dataset.save)));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT"].includes(event.target.tagName)) return;
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move) { state.year = Math.min(data.years.length - 1, Math.max(0, state.year + move)); render(); event.preventDefault(); }
    else if (event.key === " " && event.target.tagName !== "BUTTON") { play(); event.preventDefault(); }
    else if (event.key === "/") { $("search").focus(); event.preventDefault(); }
    else if (event.key === "Escape") { state.region = null; $("tip").hidden = true; render(); }
    else if (event.key === "t" || event.key === "T") { state.table = !state.table; render(); }
    else if (event.key === "l" || event.key === "L") { state.lang = 1 - state.lang; render(); }
  });
  let room = 0;
  new ResizeObserver(() => { if ($("panes").clientWidth !== room) { room = $("panes").clientWidth; render(); } }).observe($("panes"));
  window.addEventListener("hashchange", () => { readHash(); render(); });
  readHash();
  render();
})();
