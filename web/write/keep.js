/** Nothing that is written is lost: it outlives a reload, in the tab's session storage, and leaving the page asks. */
import { outlive } from "../ink/session.js";
import { askBeforeLeaving } from "../ui/leaving.js";
import { scoped } from "../ui/scope.js";

/**
 * Bring back what was written before a reload, and store what is written from now on. `say(words)` is called when that does
 * not work.
 */
export function keepWriting(page, say) {
  const { before, changed } = outlive(
    scoped("writing"),
    () => (page.isEmpty ? null : page),
    () => say("This browser does not keep this page over a reload: copy or save what you need."),
  );
  try {
    if (before) page.restore(before);
  } catch (error) {
    say(`What was written before could not be brought back. ${error.message}`);
  }
  // Not while the pen is down: to store a long page takes longer than a frame.
  for (const source of [page, page.ink]) source.addEventListener("change", () => changed(!page.ink.live));
  askBeforeLeaving(page, () => page.isUnsaved);
}
