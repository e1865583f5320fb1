// The listeners of web-vitals, taken in by the builder in place of the global: those for the
// page's hiding wait until the core is about to send, so that what they tell goes along.

const waiting = new Set();

export const addEventListener = (name, work, options) => {
  if (name == "visibilitychange") waiting.add(work);
  else window.addEventListener(name, work, options);
};

export const removeEventListener = (name, work, options) => {
  waiting.delete(work);
  window.removeEventListener(name, work, options);
};

/** Tell them that the page is out of sight. */
export const hide = () => {
  const happened = { type: "visibilitychange", timeStamp: performance.now() };
  for (const work of [...waiting]) work(happened);
};
