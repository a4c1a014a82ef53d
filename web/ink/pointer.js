/**
 * Pointer events to ink: mouse, finger and pen, one pointer per stroke.
 *
 * A second finger or a resting palm draws nothing. A pen outranks a finger: the touch of the hand that
 * often comes just before the pen's tip is taken back, and touches right after a pen stroke are the hand.
 */
import { SIDE } from "./ink.js";

/** Milliseconds after a pen stroke during which a touch is taken for the hand that holds the pen. */
const HAND_RESTS = 600;

export function drawWithPointers(pad, ink) {
  let pointer = null; // { id, type } of the one that draws
  let penLifted = -Infinity;

  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const isPen = event.pointerType === "pen";
    if (pointer && isPen && pointer.type === "touch") ink.cancel();
    else if (pointer) return;
    if (event.pointerType === "touch" && event.timeStamp - penLifted < HAND_RESTS) return;
    pointer = { id: event.pointerId, type: event.pointerType, isRaw: false };
    capture(pad, event.pointerId);
    ink.begin(...sample(event, pad.getBoundingClientRect()));
  });

  // Browsers keep moves back until the next frame, but tell the same ones at once as raw updates, where they know those.
  for (const name of ["pointerrawupdate", "pointermove"]) {
    pad.addEventListener(name, (event) => {
      if (event.pointerId !== pointer?.id) return;
      if (name === "pointerrawupdate") pointer.isRaw = true;
      else if (pointer.isRaw) return;
      const box = pad.getBoundingClientRect();
      const coalesced = event.getCoalescedEvents?.() ?? [];
      ink.extend((coalesced.length ? coalesced : [event]).map((each) => sample(each, box)));
    });
  }

  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    pad.addEventListener(name, (event) => {
      if (event.pointerId !== pointer?.id) return;
      if (name === "pointerup") ink.extend([sample(event, pad.getBoundingClientRect(), ink.live)]);
      if (pointer.type === "pen") penLifted = event.timeStamp;
      pointer = null;
      ink.end();
    });
  }

  // iOS starts its magnifier, its text selection and Scribble from touchstart; a long press opens menus.
  pad.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  pad.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** One event as [x, y, pressure] in pad units. Only pens report a pressure that was measured. */
function sample(event, box, stroke = null) {
  const pressures = stroke?.pressures;
  // A lifted pen presses with nothing: the end of the stroke keeps its last width.
  const pressure = pressures ? pressures.at(-1) : event.pressure;
  return [
    ((event.clientX - box.left) / box.width) * SIDE,
    ((event.clientY - box.top) / box.height) * SIDE,
    event.pointerType === "pen" ? pressure : null,
  ];
}

function capture(pad, id) {
  try {
    pad.setPointerCapture(id);
  } catch {
    // The pointer is gone already (a very short tap); its events still end the stroke.
  }
}
