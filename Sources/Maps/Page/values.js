const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const words = {
  search: ["搜索地区（按 /）", "Search a region (press /)"], scenario: ["情景", "Scenario"], team: ["队伍", "Team"],
  download: ["下载当前视图：", "Download this view:"], print: ["打印", "Print"], table: ["表格", "Table"],
  keys: ["← → 年份 · 空格 播放 · + − 0 缩放 · / 搜索 · T 表格 · L 语言", "← → year · space play · + − 0 zoom · / search · T table · L language"],
  closer: ["放大（+）", "Zoom in (+)"], farther: ["缩小（−）", "Zoom out (−)"], all: ["全图（0）", "Whole map (0)"],
  unknown: ["没有这个地区", "No such region"],
  play: ["▶ 播放", "▶ Play"], pause: ["⏸ 暂停", "⏸ Pause"], pair: ["供给现状 | 未来需求", "Supply now | demand ahead"],
  none: ["无数据", "No data"], value: ["数值", "Value"], band: ["80% 区间", "80 % band"], grade: ["证据等级", "Evidence"],
  method: ["方法", "Method"], source: ["来源", "Source"], unit: ["单位", "Unit"], region: ["地区", "Region"],
  classes: ["分级", "Classes"], shared: ["各年、各情景共用", "same in all years and scenarios"],
  crosses: ["80% 区间跨零，正负未定", "80 % band spans zero: sign unknown"],
  chance: ["短缺概率", "P(short)"], open: ["是否短缺尚无定论", "open whether there is a shortage"],
  weak: ["证据 C、D 级（分摊或假定）", "Evidence C or D (allocated, assumed)"],
  sides: ["橙：短缺　紫：富余", "Orange: short · purple: surplus"], circle: ["圆面积＝人数", "Circle area = persons"],
  fan: ["走势与区间", "Course and bands"], bands: ["深色 80%，浅色 95% 区间", "Dark 80 %, light 95 % band"],
  start: ["预测起点", "forecast starts"], top: ["排序", "Ranking"], pick: ["点击地图或表格选择地区。", "Pick a region on the map or in the table."],
  whole: ["整体", "as a whole"], data: ["数据", "Data"], base: ["底图", "Base map"], year: ["年份", "Year"],
  north: ["北", "N"], sea: ["南海诸岛", "South China Sea Islands"], km: ["千米", "km"],
  internal: ["内部用图，未经地图审核，不得公开", "Internal use: not reviewed, not for publication"],
  stock: ["年末存量", "year-end stock"], empty: ["所选队伍没有这一指标的数据。", "No data for this team and measure."],
  districts: ["各区没有公布的人才数据，标为“无数据”；卡片为全市数值。", "No published data for districts: drawn as such; the card shows the whole."],
};
const gradeNames = { A: ["观测", "observed"], B: ["估计", "estimated"], C: ["分摊", "allocated"], D: ["假定", "assumed"] };

// MARK: State

const state = {
  lang: (navigator.language || "zh").startsWith("zh") ? 0 : 1,
  view: Math.max(0, data.views.findIndex((v) => v.national)), measure: "pair", scenario: 0, team: 0,
  year: data.years.length - 1, region: null, table: false, zoom: d3.zoomIdentity,
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
for (const name of ["value", "p025", "p10", "p90", "p975", "chance"]) columns[name] = floats(data.columns[name]);
const notes = floats(data.columns.note);

/** Position of a cell in the columns, or −1 when that scenario keeps no teams. */
function cell(scenario, team, measure, region, year) {
  const plan = data.scenarios[scenario];
  if (team >= plan.teams || region >= data.known) return -1;
  return plan.offset + ((team * ids.length + ids.indexOf(measure)) * data.known + region) * data.years.length + year;
}

function stored(measure, region, year) {
  const at = cell(state.scenario, state.team, measure, region, year);
  if (at < 0) return null;
  const read = (name) => columns[name].getFloat32(4 * at, true);
  const value = read("value");
  if (Number.isNaN(value)) return null;
  const number = (name) => { const x = read(name); return Number.isNaN(x) ? null : x; };
  const note = data.notes[notes.getUint16(2 * at, true)] || ["", "", ""];
  return { value, p025: number("p025"), p10: number("p10"), p90: number("p90"), p975: number("p975"), chance: number("chance"),
    grade: data.columns.grade[at], method: note[0], source: note[1] };
}

/** What a method or source is called; its id where nobody has named it. */
const word = (id) => (data.words[id] ? data.words[id][state.lang] : id);
const sourceWords = (ids) => ids.split(";").map((s) => s.trim()).filter(Boolean).map(word);

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

const crosses = (v) => (v.chance !== null && v.chance > 0.2 && v.chance < 0.8) || v.p10 !== null && v.p90 !== null && v.p10 < 0 && v.p90 > 0;
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
