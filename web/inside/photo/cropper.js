/** Shows the square of the photo, moved and zoomed with pointers, wheel and keys. */
import { capture } from "../../ink/pointer.js";
import { contextOf } from "../../ui/dom.js";
import { atRest } from "../dom.js";
import { moved, sideAt, zoomed, zoomOf } from "./crop.js";

/** More pixels are not visibly sharper. */
const MOST_PIXELS = 1024;
/** Of its side, what an arrow key moves the square by; with Shift less. And what a key makes of its side. */
const [STEP, SMALL_STEP, CLOSER] = [0.08, 0.01, 0.85];
/** Milliseconds without a key or the wheel after which the next is a step of undo of its own. */
const REST = 700;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function connectCropper(canvas, slider, sheet) {
  const context = contextOf(canvas);
  const fingers = new Map(); // pointers that are down: { x, y } in shares of the canvas
  let gesture = {};
  const rest = atRest(REST, () => {
    if (!fingers.size) gesture = {};
  });

  function crop(change) {
    const { picture: photo } = sheet;
    if (!photo) return;
    sheet.crop(change(photo.crop, photo.picture), gesture);
    rest();
  }

  let isDue = false;
  function paint() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      const { picture: photo } = sheet;
      if (photo) photo.drawOn(context);
      else context.clearRect(0, 0, canvas.width, canvas.height);
    });
  }

  function tell() {
    const { picture: photo } = sheet;
    slider.disabled = !photo;
    canvas.setAttribute("aria-label", photo ? describe(photo) : "Photo: none yet");
    slider.value = photo ? String(zoomOf(photo.crop, photo.picture)) : "0";
    paint();
  }
  sheet.addEventListener("change", tell);
  tell();

  new ResizeObserver(([{ contentRect }]) => {
    const size = Math.min(MOST_PIXELS, Math.max(1, Math.round(contentRect.width * devicePixelRatio)));
    if (canvas.width === size) return;
    canvas.width = canvas.height = size;
    sheet.picture?.drawOn(context); // at once: a resized canvas is blank
  }).observe(canvas);

  const placeOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || fingers.size > 1 || !sheet.picture) return;
    capture(canvas, event.pointerId);
    canvas.classList.add("pointed");
    fingers.set(event.pointerId, placeOf(event));
    if (fingers.size === 1) gesture = {};
    sheet.isMoving = true;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, placeOf(event));
    const [from, to] = [before, [...fingers.values()]].map((places) => middleAndSpread(places));
    crop((square, photo) => {
      // What was under the fingers stays under them.
      const closer = zoomed(square, from.spread / to.spread, photo, from.x, from.y);
      return moved(closer, from.x - to.x, from.y - to.y, photo);
    });
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(name, (event) => {
      if (!fingers.delete(event.pointerId) || fingers.size) return;
      sheet.isMoving = false;
      gesture = {};
      sheet.dispatchEvent(new Event("change"));
    });
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!sheet.picture) return;
      event.preventDefault();
      const { x, y } = placeOf(event);
      crop((square, photo) => zoomed(square, Math.exp(event.deltaY / 500), photo, x, y));
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    canvas.classList.remove("pointed");
    const step = shiftKey ? SMALL_STEP : STEP;
    if (ARROWS[key]) crop((square, photo) => moved(square, ...ARROWS[key].map((way) => way * step), photo));
    else if (key === "+" || key === "=") crop((square, photo) => zoomed(square, CLOSER, photo));
    else if (key === "-") crop((square, photo) => zoomed(square, 1 / CLOSER, photo));
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => canvas.classList.remove("pointed"));
  slider.addEventListener("input", () =>
    crop((square, photo) => zoomed(square, sideAt(Number(slider.value), photo) / square.side, photo)),
  );
}

/** Of one finger or two. */
function middleAndSpread(places) {
  const [one, other = one] = places;
  const spread = one === other ? 1 : Math.max(0.05, Math.hypot(one.x - other.x, one.y - other.y));
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, spread };
}

function describe({ crop: { side }, picture: { width, height } }) {
  return `Photo, ${Math.round(side)} × ${Math.round(side)} of its ${width} × ${height} pixels`;
}
