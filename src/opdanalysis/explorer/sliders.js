// Sliders whose readings are written by the kernel, in the reader's language.

function render({ model, el }) {
  el.classList.add("opd-sliders");
  let awaited = 0; // changes that the kernel has not answered yet

  function ask(name, at) {
    awaited += 1;
    model.send({ kind: "hold", name, at });
  }

  function row(item, words) {
    const id = `opd-${model.get("kind")}-${item.name}`;
    const line = document.createElement("div");
    line.className = "opd-slider" + (item.held ? " opd-held" : "");

    const label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = item.label;

    const slider = document.createElement("input");
    slider.type = "range";
    slider.id = id;
    slider.min = 0;
    slider.max = item.texts.length - 1;
    slider.step = 1;
    slider.value = item.at;

    const reading = document.createElement("output");
    reading.htmlFor = id;
    const read = (held) => {
      const text = held ? item.texts[slider.value] : item.open;
      reading.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    slider.addEventListener("input", () => read(true));
    slider.addEventListener("change", () => ask(item.name, Number(slider.value)));

    const free = document.createElement("button");
    free.type = "button";
    free.textContent = words.free;
    free.setAttribute("aria-label", `${words.free}: ${item.label}`);
    free.disabled = !item.held;
    free.addEventListener("click", () => ask(item.name, null));

    read(item.held);
    line.append(label, slider, reading, free);
    return line;
  }

  function draw() {
    const words = model.get("words");
    const focused = el.contains(document.activeElement) ? document.activeElement.id : "";
    el.replaceChildren(...model.get("items").map((item) => row(item, words)));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  // An answer to an earlier change must not throw a slider back that has moved on since.
  model.on("change:version", () => {
    awaited = Math.max(0, awaited - 1);
    if (awaited === 0) draw();
  });
  draw();
}

export default { render };
