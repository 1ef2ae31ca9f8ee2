// MARK: Drawing

function make(tag, attributes, parent, text) {
  const node = parent ? d3.select(parent).append(tag) : d3.create("svg:" + tag);
  for (const [key, value] of Object.entries(attributes)) node.attr(key, typeof value === "number" ? +value.toFixed(2) : value);
  if (text !== undefined) node.text(text);
  return node.node();
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
const planar = (fit) => d3.geoPath(d3.geoTransform({
  point(x, y) { const q = fit([x, y]); this.stream.point(Math.round(100 * q[0]) / 100, Math.round(100 * q[1]) / 100); },
}));
function pathsOf(index, fit, key) {
  if (pathCache.has(key)) return pathCache.get(key);
  if (pathCache.size > 40) pathCache.clear();
  const path = planar(fit);
  const paths = ringsOf(index).map((rings) => path({ type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) }));
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

const sizes = (area) => {
  const root = d3.scaleSqrt().domain([0, largest]).range([0, Math.min(area.w, area.h) * (view().regions.length > 20 ? 0.06 : 0.085)]);
  return (x) => Math.max(0.8, root(Math.max(x, 0)));
};
const colours = { supply: "#2b6cb0", demand: "#0f8b8d" };
let serial = 0;

function drawMap(measureId, year, width, height) {
  const m = measureOf(measureId), v = view(), total = m.total, tag = "m" + ++serial;
  const wide = width >= 640, legendWidth = wide ? 196 : 0, room = width - legendWidth;
  const rows = legendRows(m, year), area = { x: 8, y: 34, w: room - 16, h: height - 64 }, radius = sizes(area);
  const tallest = total && rows[0].circle ? 2 * radius(rows[0].circle) : 0;
  const lines = Math.ceil(rows.filter((r) => !r.pattern).length / (width > 300 ? 2 : 1)) + rows.filter((r) => r.pattern).length;
  const legendHeight = wide ? 0 : total ? Math.max(tallest, 18) + 38 : lines * 21 + 34;
  const svg = make("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: height + legendHeight, viewBox: `0 0 ${width} ${height + legendHeight}`,
    "font-family": "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif", role: "group",
    "aria-label": `${tongue([m.zh, m.en])} ${data.years[year]}` });
  make("rect", { width, height: height + legendHeight, fill: "#fff" }, svg);
  const fit = fitting(v.box, area, v.inset ? [0.25, 0.05] : [0.5, 0.5]), key = `${state.view}/${width}/${height}`;
  const defs = make("defs", {}, svg), hatches = patterns(defs, tag);
  make("rect", { x: 0, y: 28, width: room, height: height - 28 }, make("clipPath", { id: tag + "f" }, defs));
  const ground = make("g", { "clip-path": `url(#${tag}f)` }, svg);
  make("rect", { x: 0, y: 28, width: room, height: height - 28, fill: "#f4f7fa" }, ground);
  const world = make("g", { class: "world" }, ground);
  const shown = drawRegions(world, m, year, pathsOf(state.view, fit, key), tag, true);
  drawLines(world, v, fit);
  highlight(world, pathsOf(state.view, fit, key));
  if (data.unreviewed) watermark(ground, room, height);
  const symbols = make("g", {}, ground), labels = make("g", {}, ground), inset = make("g", {}, svg);
  const box = v.inset ? insetBox(v, fit, room, height, total ? radius(largest) * 0.8 : 6) : null;
  if (box) drawInset(inset, defs, v, box, m, year, tag, key);
  words2(svg, state.lang ? `${m.short[1]}, ${data.years[year]}` : `${data.years[year]} 年 ${m.short[0]}`, 10, 20, 15, { weight: 700 });
  const bar = make("g", {}, svg);
  make("path", { d: `M${room - 18} 36l6 18l-6 -4l-6 4z`, fill: "#333", "pointer-events": "none" }, svg);
  words2(svg, t("north"), room - 18, 67, 11, { anchor: "middle", halo: true });
  drawLegend(svg, m, rows, wide, width, height, radius, tag);
  if (total) drawSymbols(symbols, m, year, shown, radius, colours[measureId]);
  const place = () => {
    const z = state.zoom, at = (p) => z.apply(fit(p)), covered = box && z.k > 1;
    d3.select(world).attr("transform", z.k === 1 ? null : z);
    d3.selectAll(hatches).attr("patternTransform", `rotate(45) scale(${+(1 / z.k).toFixed(4)})`);
    d3.select(symbols).selectAll("circle").attr("cx", (i) => at(v.labels[i])[0].toFixed(2)).attr("cy", (i) => at(v.labels[i])[1].toFixed(2));
    d3.select(inset).attr("display", covered ? "none" : null);
    labels.textContent = bar.textContent = "";
    drawLabels(labels, v, shown, at, total ? radius : null, room, height, covered ? null : box, measureId);
    scaleBar(bar, v, fit.k * z.k, room, height);
  };
  place();
  return { svg, place, frame: [[0, 28], [room, height]] };
}

function patterns(defs, tag) {
  const hatch = make("pattern", { id: tag + "x", width: 7, height: 7, patternUnits: "userSpaceOnUse" }, defs);
  make("path", { d: "M0 0V7", stroke: "#333", "stroke-width": 1.6, "stroke-opacity": 0.55 }, hatch);
  const dots = make("pattern", { id: tag + "w", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, defs);
  make("circle", { cx: 1.5, cy: 1.5, r: 0.75, fill: "#333", "fill-opacity": 0.5 }, dots);
  for (const id of ["x", "w"]) {
    // The legend's swatches keep their own copies: those of the map change with the zoom.
    const copy = make("pattern", { id: tag + id + "l", width: id === "x" ? 7 : 6, height: id === "x" ? 7 : 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
    copy.append((id === "x" ? hatch : dots).firstChild.cloneNode());
  }
  return [hatch, dots];
}

/** Symbols keep their size on the screen, so that the legend stays true at every zoom; large ones below. */
function drawSymbols(parent, m, year, shown, radius, colour) {
  const order = d3.range(shown.length).filter((i) => shown[i]).sort((a, b) => shown[b].value - shown[a].value);
  d3.select(parent).selectAll("circle").data(order).join("circle")
    .attr("r", (i) => radius(shown[i].value).toFixed(2)).attr("fill", colour).attr("fill-opacity", 0.72)
    .attr("stroke", "#fff").attr("stroke-width", 0.8)
    .each(function (i) { link(this, view().regions[i], m, year, false); });
}

function drawRegions(parent, m, year, paths, tag, live) {
  return view().regions.map((region, i) => {
    const v = valueOf(m.id, region, year);
    const fill = v ? (m.total ? "#e6eaef" : m.colours[classOf(m, v.value)]) : "#c9c9c9";
    const path = make("path", { d: paths[i], fill, "fill-rule": "evenodd", stroke: "#7d8794", "stroke-width": 0.7, "vector-effect": "non-scaling-stroke" }, parent);
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
  node.addEventListener("focus", () => {
    const { left, top, width, height } = node.getBoundingClientRect();
    tip({ clientX: left + width / 2, clientY: top + height / 2 }, region, m, year);
  });
  node.addEventListener("blur", () => { $("tip").hidden = true; });
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(region); });
}

function drawLines(parent, v, fit) {
  for (const flat of v.overlays) {
    const line = [];
    let x = 0, y = 0;
    for (let i = 0; i < flat.length; i += 2) line.push([(x += flat[i]), (y += flat[i + 1])]);
    make("path", { d: planar(fit)({ type: "LineString", coordinates: line }), fill: "none", stroke: "#5b6570", "stroke-width": 1.1,
      "vector-effect": "non-scaling-stroke", "pointer-events": "none" }, parent);
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
  const lines = broken(t("sea"), 9.5, box.w - 4);
  lines.forEach((line, i) =>
    words2(svg, line, box.x + box.w / 2, box.y + box.h - 4 - 11 * (lines.length - 1 - i), 9.5, { anchor: "middle", halo: true }));
}

/** Words on as few lines as hold them. */
function broken(text, size, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const textWidth = (text, size) => [...text].reduce((sum, c) => sum + (c > "⺀" ? size : size * 0.55), 0);

/** Largest values first, as many as find room; more of them the closer one looks. */
function drawLabels(parent, v, shown, at, radius, width, height, inset, id) {
  const taken = inset ? [[inset.x, inset.y, inset.x + inset.w, inset.y + inset.h]] : [];
  const many = v.regions.length > 20, size = width < 420 ? 10 : 12;
  const limit = (many ? (width < 420 ? 8 : 16) : 60) * state.zoom.k ** 2;
  const order = d3.range(v.regions.length).filter((i) => shown[i]).sort((a, b) => Math.abs(shown[b].value) - Math.abs(shown[a].value)).slice(0, limit);
  if (!many || !order.length || state.zoom.k > 1.5) order.push(...d3.range(v.regions.length).filter((i) => !shown[i]));
  for (const i of order) {
    const text = (many && state.zoom.k < 2) || !shown[i] || width < 420 ? shortName(v.regions[i]) : `${shortName(v.regions[i])} ${figure(shown[i].value, id)}`;
    const w = textWidth(text, size), [x, y] = at(v.labels[i]);
    const r = radius && shown[i] ? radius(shown[i].value) : 0, gap = r + 2;
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

function scaleBar(parent, v, k, width, height) {
  const metres = nice((width * 0.25) / k * v.metres), w = (metres / v.metres) * k;
  make("path", { d: `M12 ${height - 14}v5h${w.toFixed(1)}v-5`, fill: "none", stroke: "#333", "stroke-width": 1.3 }, parent);
  words2(parent, `${metres / 1000} ${t("km")}`, 18 + w, height - 9, 11, { halo: true });
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

function drawLegend(svg, m, rows, wide, width, height, radius, tag) {
  const x0 = wide ? width - 188 : 12;
  let y = wide ? 48 : height + 18;
  words2(svg, m.total ? t("circle") : tongue(m.short), x0, y - 2, 14, { weight: 700 });
  y += 8;
  if (m.total && !wide) { sizeRow(svg, rows, x0, y, radius); return; }
  const perRow = wide || width <= 300 ? 1 : 2, step = (width - 24) / 2;
  let column = 0;
  // Below a narrow map: classes in two columns, then the longer remarks one a line.
  const ordered = wide ? rows : [...rows.filter((r) => !r.pattern), ...rows.filter((r) => r.pattern)];
  for (const row of ordered) {
    if (row.pattern && column) { column = 0; y += 21; }
    const x = x0 + (wide ? 0 : column * step);
    if (row.circle) {
      const r = radius(row.circle);
      make("circle", { cx: x + 50, cy: y + r, r, fill: "#8f9aa8", "fill-opacity": 0.5, stroke: "#5b6570" }, svg);
      words2(svg, row.text, x + 110, y + r + 5, 13);
      y += Math.max(2 * r, 16) + 6;
      continue;
    } else {
      make("rect", { x, y, width: 22, height: 16, fill: row.fill, stroke: "#7d8794", "stroke-width": 0.7 }, svg);
      if (row.pattern) make("rect", { x, y, width: 22, height: 16, fill: `url(#${tag}${row.pattern}l)` }, svg);
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
function sizeRow(svg, rows, x0, y, radius) {
  let x = x0;
  const middle = y + Math.max(rows[0].circle ? radius(rows[0].circle) : 9, 9);
  for (const row of rows) {
    const r = row.circle ? radius(row.circle) : 11;
    if (row.circle) make("circle", { cx: x + r, cy: middle, r, fill: "#8f9aa8", "fill-opacity": 0.5, stroke: "#5b6570" }, svg);
    else make("rect", { x, y: middle - 8, width: 22, height: 16, fill: row.fill, stroke: "#7d8794", "stroke-width": 0.7 }, svg);
    words2(svg, row.text, x + 2 * r + 5, middle + 4.5, 12);
    x += 2 * r + 5 + textWidth(row.text, 12) + 16;
  }
}

function highlight(svg, paths) {
  const at = view().regions.indexOf(state.region);
  if (at >= 0) make("path", { d: paths[at], fill: "none", stroke: "#111", "stroke-width": 2.2, "vector-effect": "non-scaling-stroke", "pointer-events": "none" }, svg);
}
