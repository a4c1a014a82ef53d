/** The contents of the view: the way to every section, and which of them is read now. Narrow, it is a list that unfolds. */
import { element, make, partOf } from "../ui/dom.js";
import { currentOf } from "./sight.js";

/** CSS pixels below what covers the page where a section begins that counts as read: more than a link leaves above it. */
const READ = 96;

export function connectContents() {
  const main = element("inside");
  const contents = element("contents");
  const open = element("contents-open");
  const chapters = make("ol", { class: "chapters" });
  const entries = /** @type {NodeListOf<HTMLElement>} */ (
    main.querySelectorAll(".inside-body > [id], #story > section[id]")
  );
  const links = [...entries].map((section) => {
    const words = section.dataset.contents ?? partOf(section, "h2, h3").textContent;
    const link = make("a", { href: `#${section.id}` }, words);
    const item = make("li", {}, link);
    (section.matches("#story > *") ? chapters : partOf(contents, "ol")).append(item);
    if (section.id === "story") item.append(chapters);
    return link;
  });
  let current = -1;
  let frame = 0;

  function mark() {
    frame = 0;
    if (main.hidden) return;
    const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
    const covered = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    const tops = [...entries].map((section) => section.getBoundingClientRect().top);
    const asked = links.findIndex((link) => link.hash === location.hash);
    const now = currentOf(
      tops,
      covered + Math.min(READ, clientHeight / 8),
      scrollTop + clientHeight > scrollHeight - 2,
      asked,
    );
    if (now === current) return;
    links[current]?.removeAttribute("aria-current");
    current = now;
    const link = links[now];
    link.setAttribute("aria-current", "location");
    contents.toggleAttribute("data-story", element("story").contains(entries[now]));
    partOf(open, ":last-child").textContent = link.textContent;
    keepInSight(link);
  }

  /** Within the contents alone: the page itself must not move. */
  function keepInSight(link) {
    const [outer, inner] = [contents, link].map((each) => each.getBoundingClientRect());
    if (inner.top < outer.top) contents.scrollTop += inner.top - outer.top;
    else if (inner.bottom > outer.bottom) contents.scrollTop += inner.bottom - outer.bottom;
  }

  const follow = () => {
    frame ||= requestAnimationFrame(mark);
  };
  addEventListener("scroll", follow, { passive: true });
  addEventListener("hashchange", follow);
  new ResizeObserver(follow).observe(main);

  function unfold(isOpen) {
    contents.toggleAttribute("data-open", isOpen);
    open.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) keepInSight(links[current]);
  }
  open.addEventListener("click", () => unfold(!contents.hasAttribute("data-open")));
  contents.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element && target.closest("a, button"))) return;
    unfold(false);
    follow();
  });
  addEventListener("pointerdown", ({ target }) => {
    if (![contents, open].some((part) => part.contains(/** @type {Node} */ (target)))) unfold(false);
  });
  for (const part of [contents, open]) {
    part.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (to && ![contents, open].some((each) => each.contains(/** @type {Node} */ (to)))) unfold(false);
    });
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !contents.hasAttribute("data-open")) return;
      event.stopPropagation(); // Escape would clear the drawing
      unfold(false);
      open.focus();
    });
  }
}
