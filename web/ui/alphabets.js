/** The characters that the network knows, as people call them together. */

export const ALPHABETS = {
  digits: "0123456789",
  capitals: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
};

export const ALL_CHARACTERS = Object.values(ALPHABETS).join("");

/** Whether the network knows this label from the start; others are symbols that somebody taught. */
export function isBuiltIn(label) {
  return label.length === 1 && ALL_CHARACTERS.includes(label);
}
