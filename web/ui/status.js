/** The line at the foot of the page: what the view that is open has to say about the work behind it. */

const line = document.getElementById("foot-line");

export function showStatus(words) {
  line.textContent = words;
}
