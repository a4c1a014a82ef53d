/** A drawing that outlives a reload, in the tab's session storage, which ends with the tab. */
import { scoped } from "../ui/scope.js";
import { Stroke } from "./ink.js";

/** Milliseconds without a change after which the drawing is stored; leaving the page stores it at once. */
const REST = 500;

/** Bring back what was drawn before the reload, and store what is drawn from now on. */
export function keepInSession(ink, name = scoped("drawing")) {
  let rest = 0;
  let isStored = true;
  const store = () => {
    clearTimeout(rest);
    if (isStored) return;
    isStored = true;
    try {
      if (ink.isEmpty) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(contentOf(ink)));
    } catch {
      // Refused or full: then the drawing is as it was without, in this page.
    }
  };
  ink.addEventListener("change", () => {
    isStored = false;
    clearTimeout(rest);
    if (!ink.live) rest = setTimeout(store, REST);
  });
  addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", () => document.hidden && store());
  return restore(ink, name);
}

async function restore(ink, name) {
  try {
    const { strokes, picture } = JSON.parse(sessionStorage.getItem(name)) ?? {};
    const items = picture
      ? [await pixelsOf(picture)]
      : strokes.map(({ points, pressures }) => new Stroke(points, pressures));
    if (ink.isEmpty && items.length) ink.replace(items);
  } catch {
    // Nothing there, or nothing that this version understands.
  }
}

function contentOf(ink) {
  const { picture } = ink;
  if (!picture) return { strokes: ink.strokes.map(({ points, pressures }) => ({ points, pressures })) };
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return { picture: canvas.toDataURL("image/png") };
}

async function pixelsOf(address) {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const { width, height } = bitmap;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}
