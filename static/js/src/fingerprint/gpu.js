// The graphics processor, by name.
import { blank } from "./canvas.js";
import { digest } from "./digest.js";

/** Return digests of {gpu_vendor, gpu_renderer}. */
export const gpu = () => {
  const context = blank().getContext("webgl");
  const name = (general, extension) => {
    const told = context.getParameter(context[general]);
    // Where the name proper is told only to who asks for it.
    const asked = /^WebKit/.test(told) && context.getExtension("WEBGL_debug_renderer_info");
    return digest(asked ? context.getParameter(asked[extension]) : told);
  };
  const names = {
    gpu_vendor: name("VENDOR", "UNMASKED_VENDOR_WEBGL"),
    gpu_renderer: name("RENDERER", "UNMASKED_RENDERER_WEBGL"),
  };
  // Browsers keep few contexts, and the page may want them.
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return names;
};
