/**
 * The views of the page, each under its own URL fragment, so that Back and bookmarks work.
 *
 * index.html lists their names. A view's view.js exports `connect(page)`, which is called once with what the views share
 * and returns { title, open?, close?, take }; the view's element is the one that has its name for an id. The tabs are made from
 * the list, and shown only when there is something to choose. `take(file)` opens a file, and says in the view how that went.
 */
import { element, make } from "../ui/dom.js";
import { landing } from "../ui/landing.js";
import { showTitle } from "../ui/status.js";
import { VIEWS } from "./view-list.js";

/** Returns a function that tells which view is open. */
export function showViews(page, list) {
  const views = Object.entries(VIEWS).map(([name, connect]) => {
    const view = connect(page);
    return { name, element: element(name), tab: make("a", { href: `#${name}` }, view.title), ...view };
  });
  list.replaceChildren(...views.map(({ tab }) => make("li", {}, tab)));
  list.closest("nav").hidden = views.length < 2;
  const first = views.find((view) => view.name === landing()) ?? views[0];
  let current = /** @type {(typeof views)[number] | null} */ (null);

  function follow() {
    const name = location.hash.slice(1).split("/")[0];
    // A fragment may also be the id of an element inside a view, such as a reference of the article.
    const target = name && document.getElementById(name);
    const next =
      views.find((view) => view.name === name) ?? views.find((view) => view.element.contains(target || null)) ?? first;
    if (next === current) return;
    current?.close?.();
    const isFirst = current === null;
    current = next;
    for (const view of views) {
      view.element.hidden = view !== next;
      if (view === next) view.tab.setAttribute("aria-current", "page");
      else view.tab.removeAttribute("aria-current");
    }
    showTitle(next.title);
    next.open?.();
    if (target && target !== next.element)
      target.scrollIntoView(); // the browser could not: the view was still hidden
    else if (!isFirst) next.element.focus({ preventScroll: true });
  }

  addEventListener("hashchange", follow);
  follow();
  return () => current;
}
