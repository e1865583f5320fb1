// Which of a fixed list of fonts are there, told by the width of a text: families that come with systems and office
// programs, hardly any that pages bring themselves.
import { blank } from "./canvas.js";

const FONTS =
  "Aptos,Arial Narrow,Bahnschrift,Bodoni MT,Book Antiqua,Calibri,Cambria,Candara,Century Gothic,Consolas," +
  "DejaVu Sans,Franklin Gothic Medium,Gabriola,Garamond,Geneva,Gill Sans,Helvetica Neue,Hoefler Text,Impact," +
  "Leelawadee UI,Liberation Serif,Lucida Bright,Menlo,Microsoft YaHei,MS Gothic,MT Extra,Noto Sans CJK JP," +
  "PingFang SC,Segoe UI,Sitka Text,Tahoma,Wingdings 3";
const TEXT = "mmMwWLli10&@";

let pen;
let plain;
const width = (families) => {
  pen.font = `40px ${families}`;
  return pen.measureText(TEXT).width;
};

/** Return the steps that look for one font each, and a last one that returns {fonts}, a bit a font in hex. */
export const fonts = () => {
  let bits = 0n;
  const looks = FONTS.split(",").map((name, place) => () => {
    pen ||= blank().getContext("2d");
    plain ||= width("monospace");
    if (width(`"${name}",monospace`) != plain) bits |= 1n << BigInt(place);
  });
  return [...looks, () => ({ fonts: bits.toString(16) })];
};
