// Evaluated in an empty page: counts the pixels that differ between pictures of the screen.
(() => {
  const FELT = 40;
  const SPECKS = 12;

  const pixels = async (png) => {
    const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const differ = (one, other, at) =>
    Math.abs(one[at] - other[at]) > FELT ||
    Math.abs(one[at + 1] - other[at + 1]) > FELT ||
    Math.abs(one[at + 2] - other[at + 2]) > FELT;

  // Return {inside, outside, moving}: changed pixels in and out of `box`, those left out that
  // had changed among the still pictures, which nobody had clicked on, and how many those are.
  window.__compare = async (stills, after, box) => {
    const before = await Promise.all(stills.map(pixels));
    const now = await pixels(after);
    const { width, height, data } = now;
    const [left, top, wide, high] = box;
    const moved = new Uint8Array(width * height);
    let moving = 0;
    for (let at = 0; at < moved.length; at++)
      for (let still = 1; still < before.length; still++)
        if (differ(before[0].data, before[still].data, 4 * at)) {
          moved[at] = 1;
          moving++;
          break;
        }
    // A pixel beside a moving one may move next.
    const near = (x, y) => {
      for (let dy = -24; dy <= 24; dy += 4)
        for (let dx = -24; dx <= 24; dx += 4) if (moved[(y + dy) * width + x + dx]) return true;
      return false;
    };
    const last = before[before.length - 1].data;
    let inside = 0;
    let outside = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (differ(last, data, 4 * (y * width + x)) && !(moving && near(x, y))) {
          if (x >= left && x < left + wide && y >= top && y < top + high) inside++;
          else outside++;
        }
    return { inside: inside >= SPECKS ? inside : 0, outside: outside >= SPECKS ? outside : 0, moving };
  };
})();
