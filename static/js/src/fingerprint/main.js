// The further file that describes a browser, so that it is known again after its id is gone. It comes only to sites that
// ask for it, and only where its visitor consented. Nothing of it is seen, nothing asks for a permission.
import { drawing } from "./canvas.js";
import { plain, storage, told } from "./device.js";
import { fonts } from "./fonts.js";
import { gpu } from "./gpu.js";

/** So long a slice may take, in ms, before the page has its turn. */
const SLICE = 5;
const LONGEST = 256;

const turn = () => new Promise((next) => (window.requestIdleCallback || setTimeout)(next));

/** Return the fields: texts of at most 256 characters, and whole numbers. What goes wrong is left out. */
export default async () => {
  const fields = {};
  let until = 0;
  for (const step of [plain, told, storage, gpu, drawing, ...fonts()]) {
    if (performance.now() > until) {
      await turn();
      until = performance.now() + SLICE;
    }
    try {
      Object.assign(fields, await step());
    } catch {}
  }
  for (const name in fields) {
    const value = fields[name];
    if (typeof value == "string") fields[name] = value.slice(0, LONGEST);
    if (!value && value !== 0) delete fields[name];
  }
  return fields;
};
