"use strict";
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  table.querySelectorAll("thead th[data-key]").forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.querySelectorAll("th[aria-sort]")) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => row.cells[head.cellIndex].dataset.sort ?? "";
      const ordered = rows.map((row, index) => [value(row), index, row]).sort((a, b) => {
        if ((a[0] === "") !== (b[0] === "")) return a[0] === "" ? 1 : -1;
        const numbers = head.dataset.key === "number";
        const order = numbers ? Number(a[0]) - Number(b[0]) : a[0].localeCompare(b[0], "nl");
        return (up ? order : -order) || a[1] - b[1];
      });
      body.append(...ordered.map((item) => item[2]));
    });
  });
  const tools = document.querySelector(`[data-tools="${table.id}"]`);
  if (!tools) continue;
  const search = tools.querySelector("input");
  const choice = tools.querySelector("select");
  const result = tools.querySelector("output");
  const pattern = result.dataset.pattern;
  const apply = () => {
    const words = search.value.toLocaleLowerCase("nl").split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.dataset.text ?? "";
      const fits = words.every((word) => text.includes(word)) && (!choice.value || row.dataset.type === choice.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    result.textContent = pattern.replace("{shown}", shown).replace("{total}", rows.length);
  };
  search.addEventListener("input", apply);
  choice.addEventListener("change", apply);
  tools.hidden = false;
}
