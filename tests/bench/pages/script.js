/** A classic script from npm, as its users load it. */
export function script(path) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), {
      src: `npm/${path}`,
      onload: resolve,
      onerror: reject,
    });
    document.head.append(element);
  });
}
