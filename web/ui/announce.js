/** Announcements to screen readers, by a polite live region. */
import { element } from "./dom.js";

let last = "";

/** Announce `words`, even if they are the same as before, as when two drawings in a row are read alike. */
export function announce(words) {
  // Setting the same text again would not be announced; a trailing space makes it another text and is not spoken.
  last = words === last ? `${words}\u00a0` : words;
  element("announcer").textContent = last;
}
