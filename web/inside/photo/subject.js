/** A photograph as the subject of Inside: see ../live.js. */
import { SIDE } from "../../ink/ink.js";
import { arrived } from "../../python/later.js";
import { tintOf } from "../../ui/colors.js";
import { percent } from "../../ui/labels.js";
import { ColorPicture } from "../pictures.js";

/** Share of the pixels that are marked as outline. */
const OUTLINE = 0.2;

export function photoSubject(client, sheet) {
  let isThere = false; // what explains it, in the worker that runs now
  client.addEventListener("lost", () => {
    isThere = false;
  });
  return {
    name: "photo",
    module: "photos",
    source: sheet,
    get isMoving() {
      return sheet.isMoving;
    },
    async look(call, wanted) {
      if (!isThere) await arrived(client, "photos");
      isThere = true;
      const { pixels, side } = sheet.picture.pixels();
      const seen = await call("look", pixels, side, wanted);
      return { ...seen, frame: [SIDE / 2, SIDE / 2, 32 / SIDE] };
    },
    planes: ["red", "green", "blue"],
    tints: [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map(tintOf), // prettier-ignore
    Picture: ColorPicture,
    outlineOf,
    answered,
    words: WORDS,
  };
}

/** Where the light changes most from pixel to pixel: 1, else 0. */
function outlineOf(input, [, rows, columns]) {
  const area = rows * columns;
  const light = Float32Array.from({ length: area }, (_, at) => input[at] + input[at + area] + input[at + 2 * area]);
  const at = (row, column) =>
    light[Math.max(0, Math.min(rows - 1, row)) * columns + Math.max(0, Math.min(columns - 1, column))];
  const changes = light.map((_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return Math.hypot(at(row, column + 1) - at(row, column - 1), at(row + 1, column) - at(row - 1, column));
  });
  const least = changes.toSorted()[Math.floor((1 - OUTLINE) * area)];
  return changes.map((change) => Number(change > 0 && change >= least));
}

function answered({ label, probability, confident }) {
  const words = `${label}, ${percent(probability)}`;
  return confident ? words : `Not sure: perhaps ${words}`;
}

const WORDS = {
  first: "Choose a photo first.",
  input: "The photo in 32 × 32 pixels: how much red, green and blue light each sends.",
  values: ["red", "green", "blue"].map((color) => `how ${color} this pixel is, −1 for no ${color} light to 1 for all of it`),
  convolutions: [
    "Each map looks for one tiny pattern in all three planes at once: an edge of some slant, a change of colour.",
    "Looks at all maps before at once: edges that meet, spots, stripes.",
    "Over a wider piece: textures, such as fur, waves or leaves.",
    "Few places are left, many kinds of thing: parts such as wheels, ears and wings.",
  ],
  poolings: [
    "Keeps the strongest of each 2 × 2 window, so that it matters less where exactly a thing stands.",
    "A quarter of the cells again: what was found stays, its exact place goes.",
    "Four by four places are left of the photo.",
  ],
  scores: "One score for each of the ten things: how much all the evidence speaks for it.",
  thing: "photo",
  read: "seen",
  dreamt: "ship",
  full: "the full range of light",
  range: 2,
  unchanged: "Your photo",
  unreached: "No change of up to a quarter of the range of light at each pixel is",
  another: "Try another thing.",
  redrawn: (share) => `The same photo in a mirror: pixels change by up to ${share}% of the range of light, and it is`,
  were: (label) => `Were the right answer ${label}`,
};
