/**
 * Shows unopened.html where no module ran: from file: in some browsers, or in a sandboxed frame. No module itself, and
 * deferred after them: when this runs, guard.js has either run or never will.
 */
if (document.documentElement.dataset.state === "opening") document.documentElement.dataset.state = "unopened";
