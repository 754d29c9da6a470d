// The board: buildings as cards, agencies as chips that are dragged, or picked and put down.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const picked = new Set();
  let sought = "";
  let all = false;
  let dragging = false; // while it lasts nothing is drawn anew, or the chip would be lost
  el.classList.add("opd-board");

  const search = element("input", { type: "search", id: "opd-search", oninput: () => {
    sought = search.value.toLowerCase();
    draw();
  } });
  const searchLabel = element("label", { for: "opd-search" });
  const every = element("input", { type: "checkbox", id: "opd-all", onchange: () => {
    all = every.checked;
    draw();
  } });
  const everyLabel = element("label", { for: "opd-all" });
  const tools = element("div", { class: "opd-tools" },
    element("span", {}, searchLabel, search), element("span", {}, every, everyLabel));
  const said = element("p", { class: "opd-said", role: "status", "aria-live": "polite" });
  const cards = element("div", { class: "opd-cards", role: "region", tabindex: "0" });
  const head = element("h2");
  el.append(head, tools, said, cards);

  const words = () => model.get("words");
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function put(agencies, to) {
    picked.clear();
    model.send({ kind: "move", agencies, to });
  }

  function pick(ids) {
    const held = ids.every((id) => picked.has(id));
    ids.forEach((id) => (held ? picked.delete(id) : picked.add(id)));
    draw(`[data-agency="${CSS.escape(ids[0])}"]`);
  }

  // One chip for an agency, or for several units of a group that sit together.
  function chip({ ids, name, staff, title, moved }) {
    const held = ids.every((id) => picked.has(id));
    return element("li", {}, element("button", {
      type: "button",
      class: "opd-chip" + (moved ? " opd-moved" : ""),
      draggable: "true",
      "data-agency": ids[0],
      "aria-pressed": String(held),
      title,
      onclick: () => pick(ids),
      ondragstart: (event) => {
        dragging = true;
        if (!held) {
          picked.clear();
          ids.forEach((id) => picked.add(id));
        }
        event.dataTransfer.setData("text/plain", [...picked].join(" "));
        event.dataTransfer.effectAllowed = "move";
      },
      ondragend: () => {
        dragging = false;
        picked.clear();
        draw();
      },
    }, element("span", {}, name), element("span", { class: "opd-staff" }, staff)));
  }

  function chips(tenants) {
    const groups = new Map();
    for (const agency of tenants) {
      const key = agency.group ? `${agency.group} ${agency.moved}` : agency.id;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(agency);
    }
    return [...groups.values()].flatMap((members) => {
      const folded = members.length > 2 && !sought;
      if (!folded) return members.map((agency) => chip({ ...agency, ids: [agency.id] }));
      const [first] = members;
      return [chip({
        ids: members.map((agency) => agency.id),
        name: filled(words().together, { group: first.group_name, count: members.length }),
        staff: "",
        title: members.map((agency) => agency.name).join("; "),
        moved: first.moved,
      })];
    });
  }

  function card(building, tenants) {
    const here = tenants.some((agency) => picked.has(agency.id));
    const section = element("section", {
      class: `opd-card opd-${building.state}`,
      "data-building": building.id,
      "aria-label": building.name,
      ondragover: (event) => {
        event.preventDefault();
        section.classList.add("opd-over");
      },
      ondragleave: (event) => {
        if (!section.contains(event.relatedTarget)) section.classList.remove("opd-over");
      },
      ondrop: (event) => {
        event.preventDefault();
        const agencies = event.dataTransfer.getData("text/plain").split(" ").filter(Boolean);
        put(agencies, building.id);
      },
    },
    element("h3", {}, building.name),
    element("p", { class: "opd-room" }, building.room),
    element("div", { class: "opd-meter", "aria-hidden": "true" },
      element("span", { style: `width:${Math.min(100, 100 * building.share)}%` })));
    if (building.note) section.append(element("p", { class: "opd-note" }, building.note));
    if (tenants.length) {
      section.append(element("ul", {}, ...chips(tenants)));
    }
    if (picked.size && !here) {
      section.append(element("button", {
        type: "button",
        class: "opd-put",
        onclick: () => put([...picked], building.id),
      }, filled(words().put, { count: picked.size })));
    }
    return section;
  }

  function draw(focus) {
    const tenants = new Map();
    for (const agency of model.get("agencies")) {
      if (!tenants.has(agency.at)) tenants.set(agency.at, []);
      tenants.get(agency.at).push(agency);
    }
    searchLabel.textContent = words().search;
    everyLabel.textContent = words().all;
    cards.setAttribute("aria-label", words().board);
    head.textContent = words().board;
    said.textContent = picked.size
      ? filled(words().picked, { count: picked.size }) : model.get("said") || words().how;
    const found = (text) => text.toLowerCase().includes(sought);
    const shown = model.get("buildings").filter((building) => {
      const inside = tenants.get(building.id) || [];
      if (sought) return found(building.name) || inside.some((agency) => found(agency.name));
      return all || building.shown;
    });
    const top = cards.scrollTop;
    cards.replaceChildren(...shown.map((b) => card(b, tenants.get(b.id) || [])));
    if (!shown.length) cards.append(element("p", {}, words().none));
    cards.scrollTop = top;
    if (focus) cards.querySelector(focus)?.focus({ preventScroll: true });
  }

  const escape = (event) => {
    if (event.key === "Escape" && picked.size) {
      picked.clear();
      draw();
    }
  };
  const language = () => {
    document.documentElement.lang = model.get("lang");
    document.title = words().title;
    requestAnimationFrame(() => el.closest(".opd-page")?.setAttribute("role", "main"));
  };
  el.addEventListener("keydown", escape);
  model.on("change:version", () => {
    language();
    if (!dragging) draw();
  });
  language();
  draw();
}

export default { render };
