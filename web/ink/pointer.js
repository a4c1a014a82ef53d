/**
 * Pointer events to ink: mouse, finger and pen, one contact per stroke.
 *
 * - A second finger draws nothing. A new primary contact means that the old one is gone, even if nobody said so.
 * - A pen outranks a finger: the touch under way when the pen comes down was the hand that holds it.
 * - A touch soon after the pen may be that hand again: it becomes ink once it moves like a stroke.
 * - Where a pen is in use, a touch that the system cancels was the hand, too.
 * - A stroke ends when its button is up, whoever tells, and when its pad is hidden.
 */
import { whenHidden } from "./hidden.js";
import { SIDE } from "./ink.js";

/** Milliseconds between pen and touch within which the touch may be the hand that holds the pen. */
const HAND_RESTS = 2000;
/** CSS pixels that a touch gets away from where it began if it is a stroke and not a hand that rests. */
const STROKE_MOVES = 12;
/** Of `buttons`: the left one of a mouse, the tip of a pen. */
const PRIMARY_BUTTON = 1;

/**
 * A pointer that draws, or may come to.
 * @typedef {object} Contact
 * @property {number} id
 * @property {string} type "mouse", "touch" or "pen"
 * @property {number} seen the time stamp of its newest event
 * @property {boolean} isRaw whether its moves come as raw updates
 * @property {[number, number]} from where it came down, in CSS pixels of the window
 * @property {number} reach how far it got from there, at most
 * @property {import("./ink.js").Stroke | null} stroke what it draws, once that is clear to be ink
 * @property {(number | null)[][] | null} waiting until then: its samples, since it may be a hand
 */

/** When a pen was last seen, on whichever pad: a time stamp of its events. */
let penSeen = -Infinity;

/**
 * `unitsPerPixel(box)` is the number of ink units per CSS pixel for a pad with that bounding box. Its upper left corner is
 * (0, 0), or (0, `above()`) where so much of the ink lies above what it shows.
 */
export function drawWithPointers(pad, ink, unitsPerPixel = (box) => SIDE / box.width, above = () => 0) {
  let contact = /** @type {Contact | null} */ (null);
  let hand = /** @type {Contact | null} */ (null); // the last touch, if it was perhaps the hand of a pen still to come

  const isDrawing = (/** @type {Contact} */ { waiting, stroke }) => waiting !== null || ink.live === stroke;

  pad.addEventListener("pointerdown", (event) => {
    const { pointerId: id, pointerType: type, timeStamp: seen, clientX, clientY } = event;
    if (event.button !== 0 || (contact && isDrawing(contact) && !makesWay(contact, event))) return;
    const mayBeHand = type === "touch" && seen - penSeen < HAND_RESTS;
    if (type === "pen") {
      penSeen = seen;
      if (contact?.type === "touch") finish(true);
      if (hand && seen - hand.seen < HAND_RESTS) ink.withdraw(hand.stroke);
    }
    finish();
    hand = null;
    contact = { id, type, seen, isRaw: false, from: [clientX, clientY], reach: 0, stroke: null, waiting: [] };
    capture(pad, id);
    take(contact, [event]);
    if (!mayBeHand) draw();
  });

  // Browsers keep moves back until the next frame, but tell the same ones at once as raw updates, where they know those.
  for (const name of ["pointerrawupdate", "pointermove"]) {
    pad.addEventListener(name, (event) => {
      if (event.pointerType === "pen") penSeen = event.timeStamp; // while it hovers, too
      if (!contact || event.pointerId !== contact.id) return;
      contact.seen = event.timeStamp;
      // While another button is held a move tells that the primary one is up; and the end may have been told to nobody.
      if (contact.type !== "touch" && !(event.buttons & PRIMARY_BUTTON)) return finish();
      if (name === "pointerrawupdate") contact.isRaw = true;
      else if (contact.isRaw) return;
      const coalesced = event.getCoalescedEvents?.() ?? [];
      take(contact, coalesced.length ? coalesced : [event]);
    });
  }

  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    pad.addEventListener(name, (event) => {
      if (event.pointerType === "pen") penSeen = event.timeStamp;
      if (!contact || event.pointerId !== contact.id) return;
      if (name === "pointerup") take(contact, [event]);
      finish(name === "pointercancel");
    });
  }

  // iOS starts its magnifier, its text selection and Scribble from touchstart; a long press opens menus; what is
  // selected (Ctrl+A) would be dragged.
  pad.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  for (const name of ["contextmenu", "dragstart"]) pad.addEventListener(name, (event) => event.preventDefault());

  whenHidden(pad, () => finish()); // it has no size

  /**
   * Samples to the ink, or kept until it is clear that they are ink.
   * @param {Contact} contact
   */
  function take(contact, events) {
    const box = pad.getBoundingClientRect();
    if (!box.width || !box.height) return finish();
    const scale = unitsPerPixel(box);
    const top = above();
    const samples = events.map((event) => sample(event, box, scale, top, contact.stroke));
    for (const { clientX, clientY } of events)
      contact.reach = Math.max(contact.reach, Math.hypot(clientX - contact.from[0], clientY - contact.from[1]));
    if (contact.waiting) {
      contact.waiting.push(...samples);
      if (contact.reach >= STROKE_MOVES) draw();
    } else if (isDrawing(contact)) ink.extend(samples);
  }

  /** The contact is a stroke. */
  function draw() {
    if (!contact?.waiting) return;
    const [first, ...rest] = contact.waiting;
    contact.waiting = null;
    contact.stroke = ink.begin(...first);
    ink.extend(rest);
  }

  function finish(isCancelled = false) {
    const ended = contact && !contact.waiting && isDrawing(contact) ? contact : null;
    contact = null;
    if (ended?.type !== "touch") return ended && ink.end();
    if (isCancelled && penSeen > -Infinity) return ink.cancel();
    ink.end();
    if (isCancelled || ended.reach < STROKE_MOVES) hand = ended;
  }
}

/**
 * Whether the contact that draws ends for a new one.
 * @param {Contact} contact
 * @param {PointerEvent} event
 */
function makesWay(contact, { pointerType, isPrimary, timeStamp }) {
  if (contact.type === "touch" && pointerType === "pen") return true;
  if (contact.type === "pen" && pointerType === "touch") return isPrimary && timeStamp - contact.seen > HAND_RESTS;
  return isPrimary;
}

/** One event as [x, y, pressure] in ink units. Only pens report a pressure that was measured. */
function sample(event, box, scale, above, stroke) {
  // A lifted pen presses with nothing: the end of the stroke keeps its last width.
  const pressure = event.type === "pointerup" ? stroke?.pressures?.at(-1) : event.pressure;
  return [
    (event.clientX - box.left) * scale,
    (event.clientY - box.top) * scale + above,
    event.pointerType === "pen" ? (pressure ?? event.pressure) : null,
  ];
}

/** Have all further events of a pointer sent to the pad. */
export function capture(pad, id) {
  try {
    pad.setPointerCapture(id);
  } catch {
    // The pointer is gone already (a very short tap); its events still end what it began.
  }
}
