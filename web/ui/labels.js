/** Words for labels and probabilities. */

/** "digit 4", "capital R", "lower-case r": heard or seen alone, 0 and O or l and I are not to be told apart. */
export function nameOf(label) {
  if (/^[0-9]$/.test(label)) return `digit ${label}`;
  if (/^[A-Z]$/.test(label)) return `capital ${label}`;
  if (/^[a-z]$/.test(label)) return `lower-case ${label}`;
  return label;
}

/** "O, or 0 or o: shape alone cannot tell" */
export function tellLookAlikes(best, others) {
  return `${best}, or ${others.join(" or ")}: shape alone cannot tell`;
}

export function percent(probability) {
  if (probability > 0.995 && probability < 1) return ">99%";
  if (probability > 0 && probability < 0.005) return "<1%";
  return `${Math.round(100 * probability)}%`;
}
