// Runs before the page's own scripts. `pen.answered` and `pen.painted`: for each pointer event that drew, milliseconds
// from its time stamp until an answer that had seen it stood in the document, and was painted.
window.pen = { answered: [], painted: [] };
{
  let unread = []; // time stamps of what no request has taken along yet
  let asked = null; // of the request under way: there is one at most
  let isAnswered = false;

  let newest = 0; // what a raw update told, a move tells again
  const note = (event) => {
    if (!event.buttons) return;
    const coalesced = event.getCoalescedEvents();
    for (const { timeStamp } of coalesced.length ? coalesced : [event]) {
      if (timeStamp > newest) unread.push(timeStamp);
      newest = Math.max(newest, timeStamp);
    }
  };
  for (const type of ["pointerdown", "pointerrawupdate", "pointermove"]) addEventListener(type, note, { capture: true });

  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (asked?.id === data.id) isAnswered = true;
      });
    }
    postMessage(message, transfer) {
      if (message.name === "reading.read") asked = { id: message.id, stamps: unread.splice(0) };
      super.postMessage(message, transfer);
    }
  };

  const since = (stamps, kept) => kept.push(...stamps.map((stamp) => performance.now() - stamp));
  const observer = new MutationObserver(() => {
    if (!isAnswered) return;
    const { stamps } = asked;
    [asked, isAnswered] = [null, false];
    since(stamps, pen.answered);
    requestAnimationFrame(() => {
      const painted = new MessageChannel(); // its message comes after the frame that it is sent in
      painted.port1.onmessage = () => since(stamps, pen.painted);
      painted.port2.postMessage(null);
    });
  });
  addEventListener("DOMContentLoaded", () => {
    observer.observe(document.getElementById("verdict"), {
      attributes: true,
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
}
