/**
 * Newest wins: returns a function that runs `work` (async) now, or once more after the run under way,
 * however often it is called meanwhile. `work` fetches what it works on itself, so it sees the newest.
 *
 * The function resolves when all that was due is done; a call while a run is under way resolves at once.
 */
export function newestWins(work) {
  let isRunning = false;
  let isDue = false;
  return async function ask() {
    isDue = true;
    if (isRunning) return;
    isRunning = true;
    try {
      while (isDue) {
        isDue = false;
        await work();
      }
    } finally {
      isRunning = false;
    }
  };
}
