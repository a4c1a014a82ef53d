/** Give the browser a file to save: `content` is a string, bytes or a Blob. */
export function download(content, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // Once the download has begun it no longer needs the URL.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
