// Put before a page's own scripts: a clock and a carousel in a corner, away from what is clicked.
({ tick, slide }) => {
  const build = () => {
    const corner = document.createElement("aside");
    corner.id = "corpus-corner";
    corner.style.cssText =
      "position:fixed;right:0;bottom:0;width:150px;pointer-events:none;background:#fff;color:#000;font:12px sans-serif;z-index:2147483647";
    const clock = document.createElement("div");
    const strip = document.createElement("ul");
    strip.style.cssText = "margin:0;padding:0;list-style:none;position:relative;height:20px;overflow:hidden";
    const slides = ["one", "two", "three"].map((word) => {
      const item = document.createElement("li");
      item.textContent = word;
      item.style.cssText = "position:absolute;left:0;transition:opacity .3s;opacity:0";
      strip.append(item);
      return item;
    });
    corner.append(clock, strip);
    document.body.append(corner);
    let shown = 0;
    setInterval(() => {
      clock.textContent = new Date().toISOString().slice(11, 22);
    }, tick);
    setInterval(() => {
      shown++;
      slides.forEach((item, number) => {
        const on = number == shown % 3;
        item.className = on ? "shown" : "";
        item.style.opacity = on ? 1 : 0;
        item.setAttribute("aria-hidden", !on);
      });
    }, slide);
  };
  if (document.readyState == "loading") addEventListener("DOMContentLoaded", build);
  else build();
};
