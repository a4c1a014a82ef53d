/**
 * Strokes onto a canvas: quadratic curves through the midpoints of neighbouring points (each point is a
 * control point), so that straight pieces between samples never show.
 */

/** Pen width in pad units, at full pressure one and a half times as wide. */
const WIDTH = 21;

/** Draw one stroke; `scale` is canvas pixels per pad unit. Colour is the context's own. */
export function drawStroke(context, stroke, scale) {
  context.lineCap = "round";
  context.lineJoin = "round";
  const { points, pressures } = stroke;
  if (points.length === 2) drawDot(context, points, pressures, scale);
  else if (pressures) drawPressed(context, points, pressures, scale);
  else drawEven(context, points, scale);
}

/** The greatest distance from its points at which a stroke colours the paper, in pad units. */
export function reachOf({ pressures }) {
  return 0.65 * (pressures ? widthAt(1) : WIDTH); // dots are the widest
}

function widthAt(pressure) {
  return WIDTH * (0.35 + 1.15 * pressure);
}

function drawDot(context, [x, y], pressures, scale) {
  const radius = 0.65 * (pressures ? widthAt(pressures[0]) : WIDTH);
  context.beginPath();
  context.arc(x * scale, y * scale, radius * scale, 0, 2 * Math.PI);
  context.fill();
}

function drawEven(context, points, scale) {
  context.lineWidth = WIDTH * scale;
  context.beginPath();
  context.moveTo(points[0] * scale, points[1] * scale);
  const last = points.length - 2;
  for (let i = 2; i < last; i += 2) {
    const [x, y, nextX, nextY] = [points[i] * scale, points[i + 1] * scale, points[i + 2] * scale, points[i + 3] * scale];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  context.lineTo(points[last] * scale, points[last + 1] * scale);
  context.stroke();
}

/** One path per piece, since a path has one width; round caps cover the joints. */
function drawPressed(context, points, pressures, scale) {
  let [fromX, fromY] = [points[0] * scale, points[1] * scale];
  let pressure = pressures[0];
  for (let i = 2; i < points.length; i += 2) {
    const isLast = i === points.length - 2;
    const [x, y] = [points[i] * scale, points[i + 1] * scale];
    const toX = isLast ? x : (x + points[i + 2] * scale) / 2;
    const toY = isLast ? y : (y + points[i + 3] * scale) / 2;
    // Pens report pressure in jumps; a running mean keeps the outline smooth.
    pressure = 0.6 * pressure + 0.4 * pressures[i / 2];
    context.lineWidth = widthAt(pressure) * scale;
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.quadraticCurveTo(x, y, toX, toY);
    context.stroke();
    [fromX, fromY] = [toX, toY];
  }
}
