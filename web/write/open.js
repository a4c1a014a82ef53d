/** Files into the page: a page of writing as it was saved, or anybody's ink. */
import { contentOf, looksLikeInk } from "../ink/file.js";
import { SIDE } from "../ink/ink.js";
import { writingIn } from "./ink-file.js";
import { newId, ROW } from "./state.js";

/** What belongs elsewhere on the page, and where. */
const ELSEWHERE = [
  { end: /\.npz$/i, what: "is a network: open it in Learn, where one is trained" },
  { end: /\.jsonl(\.gz)?$/i, what: "holds what was taught: import it in Learn, Your hand" },
  {
    end: /\.(png|jpe?g|webp|gif|bmp|svg)$/i,
    what: "is a picture: Read opens pictures of one character, and this page ink (JSON)",
  },
];
/** Of a row: how high ink of another unit is made, how far from the row's beginning and how deep its middle stands. */
const [HEIGHT, LEFT, MIDDLE] = [0.5 * ROW, 0.15 * ROW, 0.58 * ROW];

/** What there is to say of a file once it is open. Errors are in words that name the file. Undo brings back what was. */
export async function openFile(document, file, client) {
  const name = file.name || "That";
  for (const { end, what } of ELSEWHERE) if (end.test(file.name ?? "")) throw new Error(`${name} ${what}.`);
  if (!(await isInk(file))) throw new Error(`${name} holds no ink: this page opens ink (JSON), as it saves it.`);
  let found;
  try {
    found = writingIn(await contentOf(file));
  } catch (error) {
    throw new Error(`${name} holds no ink: ${error.message}.`);
  }
  if (!found.strokes.length) throw new Error(`${name} holds no ink.`);
  const notes = found.leftOut ? [`${found.leftOut} points of it had no place and are left out.`] : [];
  if (!opened(document, found.page, notes)) document.open(await pageOf(found.strokes, document.how, client, name));
  return [`${name} is open.`, ...notes].join(" ");
}

/** A page whose text is wrong is ink all the same. */
function opened(document, page, notes) {
  if (!page) return false;
  try {
    document.open(page);
    return true;
  } catch {
    notes.push("What belonged to its ink could not be used, so it is read anew.");
    return false;
  }
}

async function isInk(file) {
  if (file.type === "application/json" || /\.json$/i.test(file.name ?? "")) return true;
  return looksLikeInk(new Uint8Array(await file.slice(0, 64).arrayBuffer()));
}

/** A page with ink in any unit, not read yet: as it is where it was drawn on a pad, else its rows on the rows of the paper. */
async function pageOf(strokes, how, client, name) {
  const isOfPad = strokes.every((stroke) => stroke.every((point) => Math.min(...point) >= 0 && Math.max(...point) <= SIDE));
  const rows = isOfPad ? [strokes] : fitted(strokes, await rowsOf(strokes, client, name));
  const runs = rows.map((row, number) => ({
    id: newId(),
    row: number,
    strokes: row.map((stroke) => ({ id: newId(), points: stroke.flat(), pressures: null })),
    at: null,
    glued: false,
    moved: false,
    how,
    reads: [],
  }));
  return { version: 1, text: "", words: [], runs, caret: { start: 0, end: 0, own: false }, writing: runs.at(-1).id };
}

/** The numbers of the strokes of each row; Python tells rows apart, as for `read_page` of the package. */
async function rowsOf(strokes, client, name) {
  if (client.state !== "ready")
    throw new Error(`${name} is not open yet: Python tells its rows apart. Open it again once it runs.`);
  const lengths = Int32Array.from(strokes, ({ length }) => length);
  return client.call("writing.rows", Float32Array.from(strokes.flat(2)), lengths);
}

function fitted(strokes, rows) {
  const boxes = rows.map((row) => boxOf(row.map((number) => strokes[number])));
  const heights = boxes.map(({ top, bottom }) => bottom - top).sort((a, b) => a - b);
  const scale = HEIGHT / (heights[heights.length >> 1] || 1);
  const left = Math.min(...boxes.map((box) => box.left));
  return rows.map((row, number) => {
    const middle = (boxes[number].top + boxes[number].bottom) / 2;
    const place = ([x, y]) => [LEFT + (x - left) * scale, number * ROW + MIDDLE + (y - middle) * scale];
    return row.map((each) => strokes[each].map(place));
  });
}

function boxOf(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.map((point) => point[axis])));
  const [least, most] = [
    (values) => values.reduce((a, b) => Math.min(a, b)),
    (values) => values.reduce((a, b) => Math.max(a, b)),
  ];
  return { left: least(xs), top: least(ys), bottom: most(ys) };
}
