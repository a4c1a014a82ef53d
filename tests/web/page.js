/** A page that a test plays: elements, all in sight, canvases whose pixels can be seen, and a theme that changes. */

/** An element, a canvas as well: `pixels` are those that are on it, null where it is empty. */
export class Part extends EventTarget {
  children = [];
  clientWidth = 600;
  dataset = {};
  pixels = null;
  style = { setProperty() {} };

  get firstChild() {
    return this.children[0] ?? null;
  }
  getContext() {
    return {
      putImageData: ({ data }) => (this.pixels = data.slice()),
      clearRect: () => (this.pixels = null),
      strokeRect() {},
    };
  }
  getBoundingClientRect() {
    return { left: 0, top: 0, width: this.width, height: this.height };
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  setAttribute() {}
}

/** Red, green and blue of a value of zero. */
export const PAPER = { bright: [251, 250, 246], dark: [22, 21, 29] };
const parts = new Map();
const queries = [];
let theme = "bright";

export function part(id) {
  if (!parts.has(id)) parts.set(id, new Part());
  return parts.get(id);
}

export function setTheme(name) {
  theme = name;
  for (const query of queries) query.dispatchEvent(new Event("change"));
}

Object.assign(globalThis, {
  CSS: { registerProperty() {} },
  devicePixelRatio: 1,
  document: { createElement: () => new Part(), getElementById: part },
  getComputedStyle: () => ({
    getPropertyValue: (name) => `rgb(${(name === "--paper" ? PAPER[theme] : [0, 0, 0]).join(", ")})`,
  }),
  IntersectionObserver: class {
    constructor(tell) {
      this.tell = tell;
    }
    /** All is in sight. */
    observe() {
      this.tell([{ isIntersecting: true }]);
    }
  },
  ImageData: class {
    constructor(width, height) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  },
  matchMedia: () => queries[queries.push(new EventTarget()) - 1],
});
