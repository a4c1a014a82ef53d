/** Cells of maps, and how maps are laid out. */

/** The cell of the greatest value, the first of equal ones; `values` go channel by channel, row by row. */
export function strongest(values, [, rows = 1, columns = 1]) {
  let best = 0;
  for (let at = 1; at < values.length; at += 1) if (values[at] > values[best]) best = at;
  const area = rows * columns;
  return {
    channel: Math.floor(best / area),
    row: Math.floor((best % area) / columns),
    column: best % columns,
  };
}

/** The largest divisor of `count` that is more than half of `across`, so that all rows are equally long; else `across`. */
export function nicely(across, count) {
  for (let fewer = across; fewer > across / 2; fewer -= 1) if (count % fewer === 0) return fewer;
  return across;
}
