(function () {
  "use strict";
  var root = document.documentElement, button = document.getElementById("theme");
  var wished = window.matchMedia("(prefers-color-scheme: dark)");
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : wished.matches;
  }
  function show() { button.setAttribute("aria-pressed", String(dark())); }
  try {
    var kept = localStorage.getItem("opdanalysis-theme");
    if (kept === "dark" || kept === "light") { root.dataset.theme = kept; }
  } catch (error) { /* a page opened from a folder may keep nothing */ }
  button.addEventListener("click", function () {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("opdanalysis-theme", root.dataset.theme); } catch (error) { /* as above */ }
    show();
  });
  wished.addEventListener("change", show);
  show();

  function key(row, place) {
    var cell = row.cells[place];
    return cell.dataset.sort === undefined ? cell.textContent : cell.dataset.sort;
  }
  function compare(one, other) {
    if (one === "" || other === "") { return (one === "") - (other === ""); }
    var a = Number(one), b = Number(other);
    if (!isNaN(a) && !isNaN(b)) { return a - b; }
    return one.localeCompare(other, root.lang, { numeric: true });
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, place) {
      head.firstElementChild.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach(function (each) { each.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        var rows = Array.from(table.tBodies[0].rows);
        rows.sort(function (a, b) {
          return (up ? 1 : -1) * compare(key(a, place), key(b, place));
        });
        table.tBodies[0].append.apply(table.tBodies[0], rows);
      });
    });
  });
})();
