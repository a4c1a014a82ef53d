/** What py/building/assets.py writes in front of service-worker.js: of each address the hash of its content, `views` by view. */
declare const BUILD: {
  version: string;
  files: Record<string, string>;
  views: Record<string, Record<string, string>>;
  later: Record<string, string>;
};
