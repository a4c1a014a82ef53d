/** Calls `act` once an element is not shown any more, as when its view is left. */
export function whenHidden(element, act) {
  new ResizeObserver(() => element.getClientRects().length || act()).observe(element);
}
