/** Nothing that is written is lost: it outlives a reload, in the tab's session storage, and leaving the page asks. */
import { askBeforeLeaving } from "../ui/leaving.js";
import { scoped } from "../ui/scope.js";

/** Milliseconds without a change after which it is stored; leaving the page stores it at once. */
const REST = 500;

/**
 * Bring back what was written before a reload, and store what is written from now on. `say(words)` is called when that does
 * not work.
 */
export function keepWriting(page, say, name = scoped("writing")) {
  let rest = 0;
  let isStored = true;
  restore(page, name, say);

  function store() {
    clearTimeout(rest);
    if (isStored) return;
    isStored = true;
    try {
      if (page.isEmpty) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(page));
    } catch {
      say("This browser does not keep this page over a reload: copy or save what you need.");
    }
  }

  page.addEventListener("change", () => {
    isStored = false;
    clearTimeout(rest);
    rest = setTimeout(store, REST);
  });
  addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", () => document.hidden && store());
  askBeforeLeaving(page, () => page.isUnsaved);
}

function restore(page, name, say) {
  let found = null;
  try {
    found = JSON.parse(sessionStorage.getItem(name));
  } catch {
    return; // refused, or none of ours
  }
  if (!found) return;
  try {
    page.restore(found);
  } catch (error) {
    say(`What was written before could not be brought back. ${error.message}`);
  }
}
