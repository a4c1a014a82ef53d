/**
 * The view in which somebody drew or wrote last, on this device: the page opens there. Only the view's name is kept, and a
 * first visit lands on the first view.
 */
import { scoped } from "./scope.js";

const NAME = scoped("landing");
let last = "";

export function landOn(view) {
  if (view === last) return; // this runs at every stroke
  last = view;
  try {
    localStorage.setItem(NAME, view);
  } catch {
    // Refused: then the page opens on the first view.
  }
}

/** "" on a first visit. */
export function landing() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}
