/** What leaves the Write view and comes back: files of ink with their text, and pictures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stroke } from "../../web/ink/ink.js";
import { Document } from "../../web/write/document.js";
import { fileOf, writingIn } from "../../web/write/ink-file.js";
import { svgOf } from "../../web/write/picture.js";

const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function written() {
  const page = new Document();
  for (const stroke of [
    [100, 300, 150, 700],
    [240.26, 300, 300, 320, 310, 700],
  ]) {
    page.ink.begin(stroke[0], stroke[1]);
    for (let i = 2; i < stroke.length; i += 2) page.ink.extend([[stroke[i], stroke[i + 1], null]]);
    page.ink.end();
  }
  const [part] = page.parts;
  const characters = [..."it"].map((label, i) => ({ label, probability: 0.9, spans: [[i, 0, 1]], alternatives: ["l"] }));
  const readings = [{ text: "it", probability: 0.8, literal: true }];
  page.take(part, { words: [{ text: "it", probability: 0.8, start: 0, strokes: [0, 1], readings, characters }] }, true);
  return page;
}

test("a page comes back from its file as it was", () => {
  const page = written();
  assert.equal(page.text, "it");
  const file = JSON.parse(JSON.stringify(fileOf(page.toJSON())));
  assert.deepEqual(file.strokes, [
    [
      [100, 300],
      [150, 700],
    ],
    [
      [240.3, 300],
      [300, 320],
      [310, 700],
    ],
  ]);
  assert.equal(file.text, "it");
  const found = writingIn(bytes(file));
  assert.equal(found.leftOut, 0);
  assert.deepEqual(found.page, JSON.parse(JSON.stringify(page.toJSON())));
  assert.deepEqual(Document.fromJSON(found.page).toJSON(), page.toJSON());
});

test("ink of others has no page, and neither has ink whose strokes were changed", () => {
  const file = fileOf(written().toJSON());
  const bare = [[[1, 2]]];
  assert.deepEqual(writingIn(bytes(bare)), { page: null, strokes: bare, leftOut: 0 });
  assert.equal(writingIn(bytes({ ...file, strokes: file.strokes.slice(1) })).page, null);
  for (const page of [null, 5, [], {}, { runs: 3 }, { runs: [null] }, { runs: [{ strokes: 2 }] }])
    assert.equal(writingIn(bytes({ ...file, page })).page, null, JSON.stringify(page));
});

test("files that hold no ink are refused in words", () => {
  for (const [content, words] of [
    ["", /empty/],
    ["ink", /not JSON/],
    ['{"text": "a"}', /"strokes" is missing/],
    ['{"strokes": [[["a", 1]]]}', /stroke 0 holds \["a",1\], not a point/],
    ["null", /ink is a list of strokes, not null/],
  ])
    assert.throws(() => writingIn(bytes(content)), words);
});

test("an SVG shows every stroke within its frame, and says the text to those who cannot see it", () => {
  const strokes = [
    new Stroke([100, 200, 300, 400, 500, 200]),
    new Stroke([700, 300]),
    new Stroke([10, 10, 20, 20], [0.5, 1]),
  ];
  const svg = svgOf(strokes, 'a < b & "c"\0');
  assert.match(svg, /<title>a &lt; b &amp; "c"<\/title>/);
  const [left, top, width, height] = svg
    .match(/viewBox="([^"]+)"/)[1]
    .split(" ")
    .map(Number);
  assert.match(svg, /<path d="M100 200Q300 400 400 300L500 200" stroke-width="21"\/>/);
  const [, x, y, radius] = svg.match(/<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/).map(Number);
  assert.deepEqual([x, y], [700, 300]);
  assert.ok(left + width >= x + radius && top <= 10 && left <= 10 && top + height >= 400);
  assert.equal(svg.match(/<(path|circle) /g).length, 3);
});
