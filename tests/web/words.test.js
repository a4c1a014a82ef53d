/** Labels, numbers and colours as people read them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LINES, linesOf } from "../../web/ink/guides.js";
import { ALL_CHARACTERS, isBuiltIn } from "../../web/ui/alphabets.js";
import { channelsOf, reach, readableOn } from "../../web/ui/colors.js";
import { counted } from "../../web/ui/dom.js";
import { byWhat, labelIn, nameOf, percent, tellLookAlikes } from "../../web/ui/labels.js";
import { adviceOn } from "../../web/learn/lab/advice.js";
import { scientific, written } from "../../web/inside/dom.js";
import { seeded } from "./random.js";

test("the network knows 62 characters and no others", () => {
  assert.equal(new Set(ALL_CHARACTERS).size, 62);
  assert.ok([..."09AZaz"].every(isBuiltIn));
  assert.ok(!["", "ab", "→", "ñ", "∅"].some(isBuiltIn));
});

test("training that does not learn is told what to change, and other training nothing", () => {
  const run = (step, accuracy) => ({
    tests: [
      { step: 50, accuracy: 0.9 },
      { step, accuracy },
    ],
    network: { labels: "0123456789∅" },
  });
  const told = (rate, usual = 0.01) => adviceOn(run(108, 0.1), [rate, usual]);
  const begin = "This is not learning: after 108 steps it reads 10.0% right, and guessing would read 10.0%. ";
  assert.equal(told(5), `${begin}A learning rate of 5 is too large: set 0.01, then press Reset.`);
  assert.equal(told(0.0001), `${begin}A learning rate of 0.0001 is too small: set 0.01, then press Reset.`);
  for (const rate of [0.005, 0.01, 0.02])
    assert.equal(told(rate), `${begin}Set a smaller learning rate, or less dropout, then press Reset.`);
  assert.equal(adviceOn(run(99, 0.1), [5, 0.01]), "", "too early to tell");
  assert.equal(adviceOn(run(108, 0.16), [5, 0.01]), "", "better than guessing");
  assert.equal(adviceOn({ tests: [], network: null }, [5, 0.01]), "");
});

test("labels are told apart by their names", () => {
  assert.deepEqual(["0", "O", "o", "→"].map(nameOf), ["digit 0", "capital O", "lower-case o", "→"]);
  assert.equal(new Set([...ALL_CHARACTERS].map(nameOf)).size, 62);
});

test("a label is one character that can be seen, composed", () => {
  assert.equal(labelIn(" n\u0303 "), "ñ");
  assert.equal(labelIn("→"), "→");
  assert.equal(labelIn("😀"), "😀");
  for (const none of ["", " ", "ab", "\u0301", "\u200b", "\n", "∅"]) assert.equal(labelIn(none), "");
});

test("no percentage says certain that is not", () => {
  assert.deepEqual([1, 0.9999, 0.996, 0.994, 0.5, 0.006, 0.004, 1e-9, 0].map(percent), [
    "100%",
    ">99%",
    ">99%",
    "99%",
    "50%",
    "1%",
    "<1%",
    "<1%",
    "0%",
  ]);
});

test("numbers keep their digits and their sign", () => {
  assert.deepEqual(
    [written(-1.23456), written(0), written(2, 1), written(0.0001), written(-0.0001)],
    ["−1.235", "0.000", "2.0", "1.0\u00a0×\u00a010⁻⁴", "−1.0\u00a0×\u00a010⁻⁴"],
  );
  assert.equal(scientific(-8.61e-6, 1), "−8.6\u00a0×\u00a010⁻⁶");
  assert.deepEqual([counted(1, "drawing"), counted(1234, "drawing")], ["1 drawing", "1,234 drawings"]);
});

/** Relative luminance and contrast as WCAG 2.2 defines them. */
const luminance = (channels) =>
  channels
    .map((value) => value / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

test("what is written on a colour has the better contrast of the two", () => {
  const random = seeded(11);
  for (let i = 0; i < 500; i += 1) {
    const pixel = Math.floor(random() * 2 ** 24) + 0xff000000;
    const below = luminance(channelsOf(pixel));
    const [dark, light] = [contrast(below, 0), contrast(below, 1)];
    const chosen = readableOn(pixel) === "#fff" ? light : dark;
    assert.ok(chosen >= 0.97 * Math.max(dark, light), `${channelsOf(pixel)}: ${chosen} of ${[dark, light]}`);
  }
});

test("the reach of values is the greatest size, and 1 of nothing", () => {
  assert.equal(reach(Float32Array.of(0.5, -2, 1)), 2);
  assert.equal(reach([0, 0]), 1);
});

test("the lines that ink was drawn on are those that are nearest to its ends", () => {
  assert.deepEqual(LINES, [760, 600]);
  assert.deepEqual(linesOf([0, 160, 0, 760]), [160, 760]); // from cap height to the base line
  assert.deepEqual(linesOf([0, 940, 0, 500, 0, 400]), [400, 940]); // from x-height to the descender
  assert.deepEqual(linesOf([0, 270, 0, 840]), [160, 760]); // nearly
  assert.deepEqual(linesOf([0, 290, 0, 860]), [400, 940]);
});

test("what told a label from its look-alikes is said with it", () => {
  assert.equal(`${nameOf("C")}${byWhat("lines")}`, "capital C, by the guide lines");
  assert.equal(`${nameOf("c")}${byWhat("hand size")}`, "lower-case c, by how large you write it");
  assert.equal(byWhat("shape"), "");
  assert.equal(tellLookAlikes("O", ["0", "o"], "shape"), "O, or 0 or o: shape alone cannot tell");
  assert.equal(tellLookAlikes("O", ["0"], "lines"), "O by the guide lines, perhaps 0");
  assert.equal(tellLookAlikes("c", ["C"], "hand size"), "c by how large you write it, perhaps C");
});
