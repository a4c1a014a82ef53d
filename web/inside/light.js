/** On the pad: the piece of the drawing that the chosen cell depends on. */
import { SIDE } from "../ink/ink.js";
import { element } from "../ui/dom.js";

/** `field` is [top, bottom, left, right] in pixels of the network's picture, or null for no light. */
export function light(live, field) {
  const lights = element("inside-light");
  lights.hidden = !field || !live.frame;
  if (lights.hidden) return;
  const [x, y, scale] = live.frame;
  const [top, bottom, left, right] = field;
  const middle = (live.steps[0].shape[1] - 1) / 2;
  // Pixel i covers i - 0.5 to i + 0.5, and the frame's middle lies between the two middle pixels.
  const place = (pixel, at) => ((pixel - 0.5 - middle) / scale + at) / SIDE;
  const [from, to] = [
    [place(left, x), place(top, y)],
    [place(right, x), place(bottom, y)],
  ];
  const box = { "--left": from[0], "--top": from[1], "--wide": to[0] - from[0], "--high": to[1] - from[1] };
  for (const [name, value] of Object.entries(box)) lights.style.setProperty(name, String(value));
}
