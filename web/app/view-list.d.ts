/** What py/building/page.py makes of the list of views in index.html: {name: what connects it}, in the order of their tabs. */
export const VIEWS: Record<
  string,
  (page: object) => { title: string; open?: () => void; close?: () => void; take: (file: File) => void }
>;
