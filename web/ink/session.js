/** What outlives a reload, in the tab's session storage, which ends with the tab. */
import { canvasWith, contextOf } from "../ui/dom.js";
import { scoped } from "../ui/scope.js";
import { Stroke } from "./ink.js";

/** Milliseconds without a change after which it is stored; leaving the page stores it at once. */
const REST = 500;

/**
 * `content()` is what to store under a name, null for nothing; call `changed()` when it is another, with `false` while it
 * goes on changing. `before` is what the page stored before the reload, or null; `refused()` is called when nothing can be
 * stored, for want of room or of leave.
 */
export function outlive(name, content, refused = () => {}) {
  let rest = 0;
  let isStored = true;
  const store = () => {
    clearTimeout(rest);
    if (isStored) return;
    isStored = true;
    try {
      const now = content();
      if (now === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(now));
    } catch {
      refused(); // it lives as long as this page
    }
  };
  addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", () => document.hidden && store());
  return {
    before: storedBefore(name),
    changed(isAtRest = true) {
      isStored = false;
      clearTimeout(rest);
      if (isAtRest) rest = setTimeout(store, REST);
    },
  };
}

function storedBefore(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null; // refused, or nothing that this version understands
  }
}

/** Bring back what was drawn before the reload, and store what is drawn from now on. */
export function keepInSession(ink, name = scoped("drawing")) {
  const { before, changed } = outlive(name, () => (ink.isEmpty ? null : contentOf(ink)));
  ink.addEventListener("change", () => changed(!ink.live));
  return before && restore(ink, before);
}

async function restore(ink, { strokes, picture }) {
  try {
    const items = picture
      ? [await pixelsAt(picture)]
      : strokes.map(({ points, pressures }) => new Stroke(points, pressures));
    if (ink.isEmpty && items.length) ink.replace(items);
  } catch {
    // Nothing that this version understands.
  }
}

function contentOf(ink) {
  const { picture } = ink;
  if (!picture) return { strokes: ink.strokes.map(({ points, pressures }) => ({ points, pressures })) };
  return { picture: writtenDown(picture) };
}

/** A picture (ImageData) as text, and back. */
export function writtenDown(picture) {
  return canvasWith(picture).toDataURL("image/png");
}

export async function pixelsAt(address) {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const { width, height } = bitmap;
  const context = contextOf(Object.assign(document.createElement("canvas"), { width, height }));
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}
