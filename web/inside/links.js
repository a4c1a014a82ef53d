/**
 * Links within the view, from the article to its sources and to live steps: Back returns to the link that was followed, with
 * the focus, where it stood on the screen. Of the two entries of the history, the one that is left remembers the link and the
 * one that is entered where it came from.
 */
import { element } from "../ui/dom.js";
import { settling } from "./dom.js";

/** `goTo(hash, isNew)` shows the step that a fragment like #inside/conv2 names, and scrolls to it where the fragment is new. */
export function connectLinks(goTo) {
  const main = element("inside");
  const back = element("inside-back");

  function tell() {
    const from = history.state?.back;
    back.hidden = !from;
    back.textContent = `‹ Back to “${from}”`;
  }

  main.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const hash = link?.getAttribute("href") ?? "";
    const target = document.getElementById(hash.slice(1));
    const isStep = hash.startsWith(`#${main.id}/`);
    if (!link || !(isStep || main.contains(target)) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const from = (link.closest("[id]") ?? main).id;
    history.replaceState({ ...history.state, followed: { from, hash, top: topOf(link) } }, "");
    // An entry of its own in any case: browsers make none for the fragment that is there already.
    history.pushState({ back: link.closest("section")?.querySelector("h2, h3")?.textContent }, "", hash);
    tell();
    if (isStep) goTo(hash, true);
    else enter(target);
  });

  function enter(target) {
    settling(() => target.scrollIntoView());
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  // Of an entry that is entered again the browser restores the place; one without a state is new.
  addEventListener("hashchange", () => goTo(location.hash, !history.state));
  addEventListener("popstate", ({ state }) => {
    tell();
    if (state?.followed) returnTo(state.followed);
  });
  back.addEventListener("click", () => history.back());
  tell();

  async function returnTo({ from, hash, top }) {
    const link = /** @type {HTMLElement} */ (main.querySelector(`#${from} a[href="${hash}"]`));
    await settling(() => link?.checkVisibility() && scrollBy(0, Math.round(topOf(link) - top)));
    link?.focus({ preventScroll: true });
  }
}

const topOf = (link) => link.getBoundingClientRect().top;
