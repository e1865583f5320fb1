// Lays a cursor over the chart that the server drew, and lets a stretch of days be chosen by dragging.
"use strict";

(() => {
  // What the server drew, as it says itself: the plot's place in the picture, its values, their words.
  const read = (picture) => {
    const told = JSON.parse(picture.dataset.plot);
    const [, , width] = picture.getAttribute("viewBox").split(" ").map(Number);
    const words = [...picture.querySelectorAll(".hit title")].map((title) => title.textContent);
    return { ...told, width, words };
  };

  const lay = (holder) => {
    const picture = [...holder.querySelectorAll("svg.chart")].find((one) => one.getClientRects().length);
    holder.querySelector(".uplot")?.remove();
    if (!picture) return;
    const drawn = read(picture);
    const scale = picture.getBoundingClientRect().width / drawn.width;
    const px = (length) => Math.round(length * scale);
    const tip = holder.querySelector(".tip");
    const choosable = Boolean(holder.dataset.zoom) && drawn.values.length > 1;
    const dot = { size: 8, fill: "var(--accent)", stroke: "var(--surface)", width: 2 };

    const point = (plot) => {
      const at = plot.cursor.idx;
      tip.hidden = at == null || plot.cursor.left < 0;
      if (tip.hidden) return;
      tip.textContent = drawn.words[at];
      const middle = px(drawn.left) + plot.valToPos(at, "x");
      const room = holder.clientWidth - tip.offsetWidth;
      tip.style.left = `${Math.max(0, Math.min(room, middle - tip.offsetWidth / 2))}px`;
    };

    const choose = (plot) => {
      if (!choosable || plot.select.width < 4) return;
      const days = [plot.select.left, plot.select.left + plot.select.width].map((at) => {
        const number = Math.round(plot.posToVal(at, "x"));
        return drawn.days[Math.max(0, Math.min(drawn.days.length - 1, number))];
      });
      const address = new URL(holder.dataset.zoom, location.href);
      address.searchParams.set("range", days.join(".."));
      location.assign(address);
    };

    const options = {
      width: px(drawn.breadth),
      height: px(drawn.height),
      padding: [0, 0, 0, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, range: [-0.5, drawn.values.length - 0.5] },
        y: { range: [0, drawn.highest] },
      },
      series: [{}, { stroke: "transparent", points: { show: false } }],
      cursor: {
        y: false,
        points: { size: dot.size, fill: dot.fill, stroke: dot.stroke, width: dot.width },
        drag: { x: choosable, y: false, setScale: false },
      },
      hooks: { setCursor: [point], setSelect: [choose] },
    };
    const data = [drawn.values.map((_, number) => number), drawn.values];
    const plot = new uPlot(options, data, holder);
    plot.root.style.left = `${px(drawn.left)}px`;
    plot.root.style.top = `${px(drawn.top)}px`;
  };

  const layAll = () => document.querySelectorAll("[data-chart]").forEach(lay);
  const resized = new ResizeObserver(layAll);
  const begin = () => {
    resized.disconnect();
    document.querySelectorAll("[data-chart]").forEach((holder) => resized.observe(holder));
  };
  begin();
  document.addEventListener("htmx:after:swap", begin);
})();
