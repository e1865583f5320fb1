// How text and shapes are drawn, which fonts and their smoothing decide.
import { digest } from "./digest.js";

const WIDTH = 160;
const HEIGHT = 32;

/** Return a canvas for drawing that is in no page. */
export const blank = () => {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  return canvas;
};

/** Return {canvas}, a digest of a drawing; empty where the browser alters what is drawn, each time anew. */
export const drawing = () => {
  // Read by the processor, it stays the same whatever the graphics driver is up to.
  const paper = blank().getContext("2d", { willReadFrequently: true });
  const pixels = () => paper.getImageData(0, 0, WIDTH, HEIGHT).data;
  paper.fillStyle = "#369";
  paper.fillRect(0, 0, WIDTH, HEIGHT);
  const colour = [0x33, 0x66, 0x99, 0xff];
  if (pixels().some((value, place) => value != colour[place % 4])) return {};
  paper.fillStyle = "#fc0";
  paper.font = "15px sans-serif";
  paper.fillText("Quiz: fjord bank \u20ac ßž Жя 字", 2, 13);
  paper.font = "italic 13px serif";
  paper.fillText("gypsum waltz 3\u00bd \u{1f98a}\u{1f3c4}", 3, 28);
  paper.globalCompositeOperation = "multiply";
  paper.beginPath();
  paper.arc(120, 16, 14.5, 0, 5);
  paper.fill();
  return { canvas: digest(pixels()) };
};
