/**
 * Names that belong to this page alone: other projects may lie on the same origin (name.github.io/a and /b), which
 * share databases, channels and session storage.
 */
const place = new URL(".", document.baseURI).pathname;

export const scoped = (name) => `${name} ${place}`;
