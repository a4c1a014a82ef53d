/** A choice between yes and no that outlives a reload, in the tab's session storage. */
import { scoped } from "../ui/scope.js";

/** { get, set } of the choice of this name; no before anything was chosen. */
export function flag(name) {
  let isSet = false;
  try {
    isSet = sessionStorage.getItem(scoped(name)) === "yes";
  } catch {
    // Refused: then the choice is as long as the page.
  }
  return {
    get: () => isSet,
    set(isNow) {
      isSet = isNow;
      try {
        sessionStorage.setItem(scoped(name), isNow ? "yes" : "no");
      } catch {
        // As above.
      }
    },
  };
}
