/** The panes on show; they zoom and pan together. */
let panes = [];

function drawPanes() {
  const place = $("panes"), focused = document.activeElement && document.activeElement.getAttribute("data-code");
  place.textContent = "";
  findLargest();
  const room = place.clientWidth, pair = state.measure === "pair", side = pair && room >= 620;
  const width = Math.floor(side ? (room - 10) / 2 : room), tall = view().inset ? 0.86 : 0.9;
  const mapWidth = width >= 640 ? width - 196 : width;
  const height = Math.round(Math.max(280, Math.min(mapWidth * tall, window.innerHeight * 0.68)));
  const list = pair ? [["supply", data.years.indexOf(data.base)], ["demand", state.year]] : [[state.measure, state.year]];
  panes = list.map(([id, year]) => drawMap(id, year, width, height));
  for (const pane of panes) {
    place.append(pane.svg);
    zoomer.extent(pane.frame).translateExtent(pane.frame);
    d3.select(pane.svg).call(zoomer).property("__zoom", state.zoom);
    pane.svg.style.touchAction = state.zoom.k > 1 ? "none" : "pan-y";
  }
  drawZoom();
  if (focused) { const again = place.querySelector(`path[data-code="${focused}"]`); if (again) again.focus({ preventScroll: true }); }
}

/** At full extent the wheel downwards and one finger scroll the page; everything else moves the map. */
function movesMap(passed) {
  const event = d3.event || passed, whole = state.zoom.k <= 1;
  if (event.type === "wheel") return !(whole && event.deltaY > 0);
  if (event.touches) return event.touches.length > 1 || !whole;
  return !event.button && !event.ctrlKey;
}

const zoomer = d3.zoom().scaleExtent([1, 20]).clickDistance(5).filter(movesMap).on("zoom", (passed) => {
  state.zoom = (d3.event || passed).transform;
  $("tip").hidden = true;
  for (const pane of panes) {
    pane.svg.__zoom = state.zoom;
    pane.svg.style.touchAction = state.zoom.k > 1 ? "none" : "pan-y";
    pane.place();
  }
  drawZoom();
});

const zoomBy = (factor) => zoomer.scaleBy(d3.select(panes[0].svg), factor);
const panBy = (dx, dy) => zoomer.translateBy(d3.select(panes[0].svg), dx / state.zoom.k, dy / state.zoom.k);
const wholeMap = () => zoomer.transform(d3.select(panes[0].svg), d3.zoomIdentity);

function drawZoom() {
  $("closer").disabled = state.zoom.k >= 20;
  $("farther").disabled = $("all").disabled = state.zoom.k <= 1;
}

/** Looks closer at a region that would be hard to see in the whole map. */
function showRegion(region) {
  const at = view().regions.indexOf(region), path = at < 0 ? null : panes[0].svg.querySelectorAll(".world path[data-code]")[at];
  if (!path) return;
  const { x, y, width, height } = path.getBBox(), [[left, top], [right, bottom]] = panes[0].frame;
  const k = Math.min(12, 0.25 / Math.max(width / (right - left), height / (bottom - top)));
  if (k < 2) { wholeMap(); return; }
  zoomer.transform(d3.select(panes[0].svg), d3.zoomIdentity.translate((left + right) / 2, (top + bottom) / 2).scale(k).translate(-x - width / 2, -y - height / 2));
}
