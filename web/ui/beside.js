/** Where a panel in the top layer goes: under the button that it belongs to, or above it where there is no room; within the window. */

/** CSS pixels between the panel, the button and the window's edges. */
const GAP = 8;

export function beside(panel, button) {
  const [{ left, top, bottom }, { width, height }] = [button.getBoundingClientRect(), panel.getBoundingClientRect()];
  const { clientWidth, clientHeight } = document.documentElement;
  const isBelow = bottom + GAP + height <= clientHeight || top - GAP - height < 0;
  const y = isBelow ? Math.min(bottom + GAP, Math.max(GAP, clientHeight - GAP - height)) : top - GAP - height;
  panel.style.setProperty("left", `${Math.max(GAP, Math.min(left, clientWidth - GAP - width))}px`);
  panel.style.setProperty("top", `${y}px`);
}
