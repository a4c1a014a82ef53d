/** What a training that does not learn should change. */

/** What to change where, after a hundred steps, guessing would do as well; else "". */
export function adviceOn({ tests, network }, [rate, usual]) {
  const test = tests.at(-1);
  const chance = 1 / (network?.labels.replace("∅", "").length ?? 1);
  if (!rate || !test || test.step < 100 || test.accuracy > 1.5 * chance) return "";
  const [right, guessed] = [test.accuracy, chance].map((share) => `${(100 * share).toFixed(1)}%`);
  const change =
    rate > 2 * usual
      ? `A learning rate of ${rate} is too large: set ${usual}`
      : rate < usual / 2
        ? `A learning rate of ${rate} is too small: set ${usual}`
        : "Set a smaller learning rate, or less dropout";
  return `This is not learning: after ${test.step} steps it reads ${right} right, and guessing would read ${guessed}. ${change}, then press Reset.`;
}
