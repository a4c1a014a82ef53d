/** Ink as the subject of Inside: see live.js. */
import { SIDE } from "../ink/ink.js";
import { PICTURE_SHARE } from "../ink/painter.js";
import { nameOf, percent } from "../ui/labels.js";
import { InkPicture } from "./pictures.js";

export function inkSubject(ink) {
  return {
    name: "ink",
    module: "inside",
    source: ink,
    get isMoving() {
      return ink.live !== null;
    },
    look: (call, wanted) => look(ink, call, wanted),
    planes: ["ink", "cosine", "sine"],
    tints: null,
    Picture: InkPicture,
    outlineOf: (input, [, rows, columns]) => input.subarray(0, rows * columns).map((cover) => Number(cover >= 0.5)),
    answered,
    words: WORDS,
  };
}

async function look(ink, call, wanted) {
  const { picture } = ink;
  if (!picture) {
    const { points, lengths } = ink.flatten();
    return call("look", points, lengths, wanted, ink.lines);
  }
  const { data, width, height } = picture;
  const seen = await call("look_at_picture", new Uint8Array(data), height, width, wanted);
  if (seen.empty) return seen;
  // From pixels of the picture to units of the pad, where ink/painter.js draws it.
  const zoom = (PICTURE_SHARE * SIDE) / Math.max(width, height);
  const [x, y, pixels] = seen.frame;
  return { ...seen, frame: [SIDE / 2 + (x - width / 2) * zoom, SIDE / 2 + (y - height / 2) * zoom, pixels / zoom] };
}

/** The answer that Read gives, and the network's by shape alone, where the lines, or the size of a taught hand, made it another. */
function answered({ label, probability, confident }, [shape, byShape]) {
  if (!confident) return "Not sure. Is it one character?";
  const words = `${nameOf(label)}, ${percent(probability)}`;
  if (shape === label) return words;
  return `${words}; by shape alone ${nameOf(shape)}, ${percent(byShape)}`;
}

const WORDS = {
  first: "Draw something first.",
  input: "The ink, at a standard size: how much covers each pixel, and which way it runs there.",
  values: [
    "how much ink covers this pixel, 0 to 1",
    "its direction: cosine of twice the angle, times the ink",
    "its direction: sine of twice the angle, times the ink",
  ],
  convolutions: [
    "Each map looks for one tiny pattern, a bar or an edge of some slant, at every place alike.",
    "Looks at all maps before at once: bars that meet become corners, ends and bends.",
    "Again, over a wider piece of the ink: longer bends, crossings, the tops of loops.",
    "After two poolings a 3 × 3 window spans a third of the letter: whole strokes.",
    "Combines strokes into parts: a bowl, a stem with a bar, an open hook.",
    "Few places are left, many kinds of thing: what is there counts more than where.",
    "The last and widest look: each cell sees the whole letter.",
  ],
  poolings: [
    "Keeps the strongest of each 2 × 2 window, so that a wobble of the hand matters less.",
    "A quarter of the cells again: what was found stays, its exact place goes.",
    "By now a shift by several pixels changes next to nothing.",
    "Four cells are left of each map: the corners of the letter, so to speak.",
  ],
  scores: "One score for each character: how much all the evidence speaks for it.",
  thing: "drawing",
  read: "read",
  dreamt: "R",
  full: "full ink",
  range: 1, // what the fullest has more than none
  unchanged: "Your ink",
  unreached: "No change of up to half the ink's strength at each pixel is",
  another: "Try another character.",
  redrawn: (share) => `The same strokes, redrawn a little tilted: pixels change by up to ${share}% of full ink, and it is`,
  were: (label) => `Were this meant as ${label}`,
};
