/** The line at the foot of the page: what the view that is open has to say about the work behind it. */

const line = /** @type {HTMLElement} */ (document.getElementById("foot-line"));

/** The tab's title names the view that is open: screen readers read it first. */
export function showTitle(view) {
  document.title = `${view}: Inkling`;
}

export function showStatus(words) {
  line.textContent = words;
}
