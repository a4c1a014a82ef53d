/** Leaving the page asks while there are taught drawings that are nowhere else. */
export function askBeforeLeaving(samples) {
  const ask = (event) => event.preventDefault();
  let isAsking = false;
  // Listened for only then: browsers do not keep a page for Back that listens.
  samples.addEventListener("change", () => {
    if (isAsking === samples.unkept > 0) return;
    isAsking = !isAsking;
    if (isAsking) addEventListener("beforeunload", ask);
    else removeEventListener("beforeunload", ask);
  });
}
