"use strict";
const search = document.getElementById("search");
if (search) {
  const tools = search.closest(".tools");
  const result = tools.querySelector("output");
  const layers = Array.from(document.querySelectorAll(".layer"));
  const rows = Array.from(document.querySelectorAll("tr[data-text]"));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const columns = row.dataset.columns.split(" ");
      const text = row.dataset.text + " " + row.dataset.columns;
      row.hidden = !words.every((word) => text.includes(word));
      const matches = words.length ? columns.filter((column) => words.some((word) => column.includes(word))) : [];
      row.querySelector(".match").textContent = matches.slice(0, 6).join(", ") + (matches.length > 6 ? ", …" : "");
      shown += row.hidden ? 0 : 1;
    }
    for (const layer of layers) layer.hidden = !layer.querySelector("tr[data-text]:not([hidden])");
    result.textContent = words.length ? `${shown} of ${rows.length} tables` : "";
  };
  search.addEventListener("input", apply);
  tools.hidden = false;
}
for (const picture of document.querySelectorAll(".picture svg")) {
  const nodes = new Map(Array.from(picture.querySelectorAll("[data-name]"), (node) => [node.dataset.name, node]));
  const edges = Array.from(picture.querySelectorAll("[data-from]"));
  const light = (name) => {
    picture.classList.toggle("lit", name !== null);
    for (const node of nodes.values()) node.classList.toggle("on", node.dataset.name === name);
    for (const edge of edges) {
      const on = edge.dataset.from === name || edge.dataset.to === name;
      edge.classList.toggle("on", on);
      if (on) for (const end of [edge.dataset.from, edge.dataset.to]) nodes.get(end).classList.add("on");
    }
  };
  for (const [name, node] of nodes) {
    for (const event of ["mouseenter", "focus"]) node.addEventListener(event, () => light(name));
    for (const event of ["mouseleave", "blur"]) node.addEventListener(event, () => light(null));
  }
}
