/** A photo by the camera: a moving picture, until it is taken or the camera is closed. */
import { pixelsOf } from "../../ink/open.js";
import { make } from "../../ui/dom.js";

/** By the names of errors of getUserMedia. */
const PROBLEMS = {
  NotAllowedError: "The camera was not allowed. Allow it for this page in the browser, or open a file.",
  NotFoundError: "No camera was found here. Open a file instead.",
  NotReadableError: "The camera is in use by another program. Close that, or open a file.",
};

/** `taken(pixels)` gets an ImageData, `say(words)` what went wrong, or "". Returns { close }. */
export function connectCamera(button, panel, { taken, say }) {
  const video = make("video", { playsinline: "", "aria-label": "What the camera sees" });
  video.muted = true;
  const take = make("button", { type: "button", class: "main" }, "Take the picture");
  const end = make("button", { type: "button" }, "Close the camera");
  panel.append(video, make("p", { class: "acts" }, take, end));
  let stream = /** @type {MediaStream | null} */ (null);
  let turn = 0;

  async function open() {
    close();
    const mine = (turn += 1);
    say("");
    try {
      // Only pages over https, or of this machine, have it.
      if (!navigator.mediaDevices)
        throw new Error("This page may not use a camera, as it did not come over https. Open a file.");
      const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (mine !== turn) return stop(opened); // closed while the browser asked
      stream = opened;
      for (const track of stream.getTracks()) track.addEventListener("ended", close);
      video.srcObject = stream;
      panel.hidden = false;
      await video.play();
      take.focus();
    } catch (error) {
      if (mine !== turn) return;
      close();
      say(PROBLEMS[error.name] ?? error.message);
    }
  }

  function close() {
    turn += 1;
    if (stream) stop(stream);
    stream = video.srcObject = null;
    panel.hidden = true;
  }

  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  take.addEventListener("click", () => {
    const { videoWidth, videoHeight } = video;
    if (!videoWidth) return; // no picture has come yet
    const pixels = pixelsOf(video, videoWidth, videoHeight);
    close();
    button.focus();
    taken(pixels);
  });
  end.addEventListener("click", () => {
    close();
    button.focus();
  });
  addEventListener("pagehide", close);
  return { close };
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
