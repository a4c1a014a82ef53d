/** What py/building/assets.py writes in front of service-worker.js: of each address the hash of its content. */
declare const BUILD: {
  version: string;
  files: Record<string, string>;
  views: Record<string, string>;
  later: Record<string, string>;
};
