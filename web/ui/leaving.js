/**
 * Leaving the page asks while `isUnsaved()`: while there is something that is nowhere else. `source` tells of changes by its
 * event "change".
 */
export function askBeforeLeaving(source, isUnsaved) {
  const ask = (event) => event.preventDefault();
  let isAsking = false;
  // Listened for only then: browsers do not keep a page for Back that listens.
  source.addEventListener("change", () => {
    if (isAsking === isUnsaved()) return;
    isAsking = !isAsking;
    if (isAsking) addEventListener("beforeunload", ask);
    else removeEventListener("beforeunload", ask);
  });
}
