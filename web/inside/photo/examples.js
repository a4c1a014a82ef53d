/** Three photographs to begin with, which arrive when photos are looked into: see py/building/later.py. */
import { Downloads } from "../../python/assets/downloads.js";
import { make } from "../../ui/dom.js";
import { orSay } from "../../ui/or-say.js";

const EXAMPLES = {
  "chelsea.png": "A cat",
  "coffee.png": "A cup of coffee",
  "rocket.jpg": "A rocket",
};

/** Buttons with the pictures on them in `place`; `take(file)` gets the one that was chosen. */
export function offerExamples(place, take) {
  const assets = new Downloads(() => {});
  for (const [name, title] of Object.entries(EXAMPLES)) {
    const picture = make("img", { alt: "" });
    const button = make("button", { type: "button" }, picture, make("span", {}, title));
    const fetched = assets.bytes(name).then((content) => new File([content], name));
    fetched.then((file) => picture.setAttribute("src", URL.createObjectURL(file))).catch(() => {}); // told when it is chosen
    button.addEventListener(
      "click",
      orSay(async () => take(await fetched)),
    );
    place.append(button);
  }
}
