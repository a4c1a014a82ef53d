/** Labels and probabilities in words, and words as labels. */

/** "digit 4", "capital R", "lower-case r": spoken or seen alone, 0 and O, or l and I, could not be told apart. */
export function nameOf(label) {
  if (/^[0-9]$/.test(label)) return `digit ${label}`;
  if (/^[A-Z]$/.test(label)) return `capital ${label}`;
  if (/^[a-z]$/.test(label)) return `lower-case ${label}`;
  return label;
}

const BY = { lines: "by the guide lines", "hand size": "by how large you write it" };

/** "O, or 0 or o: shape alone cannot tell", "C by the guide lines, perhaps c"; `decidedBy` as inkling's Reading has it. */
export function tellLookAlikes(best, others, decidedBy) {
  const rest = others.join(" or ");
  return BY[decidedBy] ? `${best} ${BY[decidedBy]}, perhaps ${rest}` : `${best}, or ${rest}: shape alone cannot tell`;
}

/** What told a label from those that look like it, to be put after its name; "" where its shape did. */
export function byWhat(decidedBy) {
  return BY[decidedBy] ? `, ${BY[decidedBy]}` : "";
}

export function percent(probability) {
  if (probability > 0.995 && probability < 1) return ">99%";
  if (probability > 0 && probability < 0.005) return "<1%";
  return `${Math.round(100 * probability)}%`;
}

/** Say whether the character before them is shown as text or as an emoji; no characters themselves. */
const VARIATION_SELECTORS = /[\uFE0E\uFE0F]/g;

/** One character that can be seen, composed (ñ is one, not n and a tilde); "" for anything else. */
export function labelIn(text) {
  const composed = text.trim().normalize("NFC").replace(VARIATION_SELECTORS, "");
  const isOne = [...composed].length === 1 && composed !== "∅" && !/[\p{C}\p{Z}\p{M}]/u.test(composed);
  return isOne ? composed : "";
}
