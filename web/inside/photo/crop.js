/** The square of a photo that is looked at: { left, top, side } in the photo's pixels. Numbers alone. */

/** The smallest side: what the network gets has no more pixels. */
const LEAST = 32;

/** The largest square, in the middle. */
export function middleOf({ width, height }) {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

/** The square, moved by shares of its side. */
export function moved(crop, across, down, photo) {
  return within({ ...crop, left: crop.left + across * crop.side, top: crop.top + down * crop.side }, photo);
}

/** The square with its side times `factor`; what is at the shares `x` and `y` of it stays there, where there is room. */
export function zoomed(crop, factor, photo, x = 0.5, y = 0.5) {
  const side = sideWithin(crop.side * factor, photo);
  return within({ left: crop.left + x * (crop.side - side), top: crop.top + y * (crop.side - side), side }, photo);
}

/** How far it is zoomed in, 0 to 1, so that equal steps look equal; and the side for that. */
export function zoomOf({ side }, photo) {
  const [least, most] = limitsOf(photo);
  return most > least ? Math.log(most / side) / Math.log(most / least) : 0;
}

export function sideAt(zoom, photo) {
  const [least, most] = limitsOf(photo);
  return most * (least / most) ** zoom;
}

function within({ left, top, side }, photo) {
  const kept = sideWithin(side, photo);
  const place = (at, size) => Math.max(0, Math.min(size - kept, at));
  return { left: place(left, photo.width), top: place(top, photo.height), side: kept };
}

function sideWithin(side, photo) {
  const [least, most] = limitsOf(photo);
  return Math.max(least, Math.min(most, side));
}

function limitsOf({ width, height }) {
  const most = Math.min(width, height);
  return [Math.min(LEAST, most), most];
}
