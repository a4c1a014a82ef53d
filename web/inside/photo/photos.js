/** Photos in Inside: the switch, where a photo comes from, its square, and what explains it, which arrives when it is asked for. */
import { photoIn } from "../../ink/open.js";
import { connectSteps, showOn } from "../../ink/pad.js";
import { connectShortcuts } from "../../app/shortcuts.js";
import { arrived } from "../../python/later.js";
import { announce } from "../../ui/announce.js";
import { canvas, connectFileButton, element, input } from "../../ui/dom.js";
import { flag } from "../flag.js";
import { connectCamera } from "./camera.js";
import { connectCropper } from "./cropper.js";
import { offerExamples } from "./examples.js";
import { keepPhoto, Photo, Sheet } from "./photo.js";
import { photoSubject } from "./subject.js";

/** `onSwitch()` is called when the other subject is chosen, `say(words)` gets what is wrong with a photo, or "". */
export function connectPhotos(client, { onSwitch, say }) {
  const sheet = new Sheet();
  const pad = canvas("photo-pad");
  const chosen = flag("photos");
  const [ink, photo] = ["subject-ink", "subject-photo"].map(input);
  const progress = element("photo-progress");
  let hasExamples = false;

  showOn(sheet, pad);
  connectCropper(pad, input("photo-zoom"), sheet);
  connectSteps(sheet, { undo: element("photo-undo"), redo: element("photo-redo"), clear: element("photo-clear") });
  connectShortcuts(sheet);
  connectFileButton(element("photo-open"), input("photo-file"), take);
  const camera = connectCamera(element("photo-camera"), element("camera"), { taken: put, say });
  keepPhoto(sheet);

  function put(pixels) {
    sheet.replace([new Photo(pixels)]);
    say("");
  }
  async function take(file) {
    try {
      put(await photoIn(file));
    } catch (error) {
      say(error.message);
      announce(error.message);
    }
  }

  (chosen.get() ? photo : ink).checked = true;
  for (const choice of [ink, photo]) {
    choice.addEventListener("change", () => {
      chosen.set(photo.checked);
      onSwitch();
    });
  }

  return {
    subject: photoSubject(client, sheet),
    take,
    close: camera.close,
    get isChosen() {
      return photo.checked;
    },
    /** Choose photos, as the switch does. */
    choose() {
      photo.click();
      photo.focus();
    },
    /** Resolves when they can be explained. */
    async arrive() {
      progress.textContent = "Fetching what sees photos …";
      try {
        await arrived(client, "photos", ({ loaded, total }) => {
          progress.textContent = `Fetching what sees photos, ${megabytes(loaded)} of ${megabytes(total)} MB`;
        });
      } finally {
        progress.textContent = "";
      }
      if (!hasExamples) offerExamples(element("photo-examples"), take);
      hasExamples = true;
    },
  };
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
