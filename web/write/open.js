/** Files into the page: a page of writing as it was saved, anybody's ink, or text. */
import { contentOf, looksLikeInk, textIn } from "../ink/file.js";
import { SIDE } from "../ink/ink.js";
import { writingIn } from "./ink-file.js";
import { newId, ROW } from "./state.js";

/** What belongs elsewhere on the page, and where. */
const ELSEWHERE = [
  { end: /\.npz$/i, what: "is a network: open it in Learn, where one is trained" },
  { end: /\.jsonl(\.gz)?$/i, what: "holds what was taught: import it in Learn, Your hand" },
];
const PICTURE = /\.(png|jpe?g|webp|avif|heic|gif|bmp|tiff?|svg)$/i;
/** A page of writing holds no more of it. */
const MOST_CHARACTERS = 200_000;
const TEXT = /\.(txt|text|md)$/i;
/** Of a row: how high ink of another unit is made, how far from the row's beginning and how deep its middle stands. */
const [HEIGHT, LEFT, MIDDLE] = [0.5 * ROW, 0.15 * ROW, 0.58 * ROW];

/** What there is to say of a file once it is open. Errors are in words that name the file. Undo brings back what was. */
export async function openFile(document, file, client) {
  const name = file.name || "That";
  for (const { end, what } of ELSEWHERE) if (end.test(file.name ?? "")) throw new Error(`${name} ${what}.`);
  if (file.type.startsWith("image/") || PICTURE.test(file.name ?? ""))
    throw new Error(
      `${name} is a picture. Open it in Read, if it shows one character; here ink (JSON) and text are opened.`,
    );
  if (file.type === "text/plain" || TEXT.test(file.name ?? "")) return openText(document, file, name);
  if (!(await isInk(file, name))) throw new Error(`${name} is neither ink (JSON), as this page saves it, nor text (.txt).`);
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

async function openText(document, file, name) {
  const tooMuch = `more than ${MOST_CHARACTERS.toLocaleString("en")} characters`;
  let text;
  try {
    if (file.size > 4 * MOST_CHARACTERS) throw new Error(tooMuch);
    text = textIn(await contentOf(file)).replaceAll(/\r\n?/g, "\n"); // as fields have it
    if (text.includes("\0")) throw new Error("it is not text");
    if (text.length > MOST_CHARACTERS) throw new Error(tooMuch);
  } catch (error) {
    throw new Error(`${name} cannot be opened as text: ${error.message}.`);
  }
  const caret = { start: text.length, end: text.length, own: true };
  document.open({ version: 1, text, words: [], runs: [], caret, writing: 0 });
  return `${name} is open.`;
}

async function isInk(file, name) {
  if (file.type === "application/json" || /\.json$/i.test(file.name ?? "")) return true;
  try {
    return looksLikeInk(new Uint8Array(await file.slice(0, 64).arrayBuffer()));
  } catch {
    throw new Error(`${name} could not be read. Is it a folder, or gone?`);
  }
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
