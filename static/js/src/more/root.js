// The element that holds the page.
/** The root element. */
export const root = document.documentElement;
