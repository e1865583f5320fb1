// The heat, the boxes and the bands, on canvases of our own. Places are px from the page's top left corner.
import { colour, isDark } from "./scale.js";

const GRID = 20;
const MARKED = 40; // elements whose numbers are written on the page
const FONT = "600 12px system-ui, sans-serif";

/** Return where an element is on the page, nothing for what is not shown. */
export const boxOf = (element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return width && height ? { x: left + scrollX, y: top + scrollY, width, height } : undefined;
};

/** Return the px to which the page scrolls. */
export const pageSize = () => {
  const { scrollWidth, scrollHeight } = document.documentElement;
  return { width: scrollWidth, height: scrollHeight };
};

/** Return the spots of a layer: on elements that are there, by their places on the page for those that are not. */
const spotsOf = (items, layer) => {
  const { width } = pageSize();
  const spots = [];
  for (const { element, box, told } of items) {
    if (told.fixed && !element) continue;
    for (const cell of told.cells) {
      const weight = cell[layer] || 0;
      if (!weight || (element && !box)) continue;
      const anchored = box && told.element;
      spots.push({
        x: anchored ? box.x + ((cell.x + 0.5) / GRID) * box.width : (cell.page_x / 1000) * width,
        y: anchored ? box.y + ((cell.y + 0.5) / GRID) * box.height : cell.page_y,
        radius: anchored ? Math.min(30, Math.max(15, (1.4 * Math.max(box.width, box.height)) / GRID)) : 20,
        weight,
      });
    }
  }
  return spots;
};

const stamp = new OffscreenCanvas(64, 64);
{
  const context = stamp.getContext("2d");
  const fade = context.createRadialGradient(32, 32, 0, 32, 32, 32);
  fade.addColorStop(0, "#000");
  fade.addColorStop(0.5, "#0007");
  fade.addColorStop(1, "#0000");
  context.fillStyle = fade;
  context.fillRect(0, 0, 64, 64);
}

/** Draw spots as heat into a canvas of `scale` px for each of the page's, whose corner is at `left`, `top`. */
const heat = (canvas, spots, { left, top, scale, dark }) => {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.clearRect(0, 0, canvas.width, canvas.height);
  const most = Math.max(...spots.map((spot) => spot.weight));
  let drawn;
  for (const { x, y, radius, weight } of spots) {
    const [across, down, reach] = [(x - left) * scale, (y - top) * scale, radius * scale];
    if (down < -reach || down > canvas.height + reach) continue;
    context.globalAlpha = Math.max(0.2, weight / most);
    context.drawImage(stamp, across - reach, down - reach, 2 * reach, 2 * reach);
    drawn = 1;
  }
  if (!drawn) return;
  const ramp = Array.from({ length: 256 }, (_, alpha) => colour(alpha / 255, dark));
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = image;
  for (let at = 3; at < data.length; at += 4) {
    const alpha = data[at];
    if (!alpha) continue;
    [data[at - 3], data[at - 2], data[at - 1]] = ramp[alpha];
    data[at] = Math.min(215, alpha * 1.5);
  }
  context.putImageData(image, 0, 0);
};

const css = (share, dark, alpha = 1) => `rgb(${colour(share, dark)} / ${alpha})`.replace(/,/g, " ");

const tag = (context, text, x, y, dark) => {
  context.font = FONT;
  const width = context.measureText(text).width + 10;
  context.fillStyle = dark ? "#f4f1ea" : "#23182e";
  context.fillRect(x, y, width, 18);
  context.fillStyle = dark ? "#23182e" : "#fff";
  context.fillText(text, x + 5, y + 13);
};

/** Box the elements of a layer, and write the numbers of the first ones; the one `chosen` stands out. */
const boxes = (context, items, { layer, chosen, write }, { left, top, dark }) => {
  const most = Math.max(1, ...items.map(({ told }) => told[layer]));
  items.forEach((item, number) => {
    const { box, told } = item;
    if (!box || !told.element || !(told[layer] || item == chosen)) return;
    const [x, y] = [box.x - left, box.y - top];
    context.lineWidth = item == chosen ? 4 : 1.5;
    context.strokeStyle = css(item == chosen ? 1 : told[layer] / most, dark);
    context.strokeRect(x, y, box.width, box.height);
    if (number < MARKED || item == chosen)
      tag(context, write(told[layer]), x, Math.max(0, y - 18), dark);
  });
};

/** Draw the twentieths of the page's height. */
const bands = (context, rows, chosen, { left, top, dark }) => {
  const { width, height } = pageSize();
  const tall = height / rows.length;
  rows.forEach((row, number) => {
    const y = number * tall - top;
    context.fillStyle = css(row.share, dark, row == chosen ? 0.6 : 0.3);
    context.fillRect(-left, y, width, tall + 0.5);
    tag(context, row.text, 8 - left, y + 4, dark);
  });
};

/** Draw all of a layer; `place` says which part of the page, `soft` and `sharp` are the canvases. */
export const paint = (soft, sharp, shown, place) => {
  const { items, rows, layer, chosen } = shown;
  place = { ...place, dark: isDark() };
  const context = sharp.getContext("2d");
  context.setTransform(place.fine, 0, 0, place.fine, 0, 0);
  for (const item of items) item.box = item.element?.isConnected ? boxOf(item.element) : undefined;
  if (rows) {
    soft.getContext("2d").clearRect(0, 0, soft.width, soft.height);
    bands(context, rows, chosen, place);
  } else {
    heat(soft, spotsOf(items, layer), place);
    boxes(context, items, shown, place);
  }
};

/** Return the layer as a picture of the whole page, without what only the browser may see: the page itself. */
export const picture = (shown) => {
  const { width, height } = pageSize();
  const fine = Math.min(1, 16000 / height, Math.sqrt(4e7 / (width * height)));
  const [soft, sharp] = [0, 1].map(() => new OffscreenCanvas(width * fine, height * fine));
  const whole = new OffscreenCanvas(soft.width, soft.height);
  const context = whole.getContext("2d");
  context.fillStyle = isDark() ? "#17191d" : "#fff";
  context.fillRect(0, 0, whole.width, whole.height);
  paint(soft, sharp, shown, { left: 0, top: 0, scale: fine, fine });
  context.drawImage(soft, 0, 0);
  context.drawImage(sharp, 0, 0);
  return whole.convertToBlob();
};
