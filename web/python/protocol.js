/**
 * What the page and its worker say to each other. Both ends build messages here and check what arrives,
 * so a mistake on one end shows as an error that names it, not as a hang on the other.
 *
 * page to worker
 *   call      id, name ("reading.read"), args (structured clone; typed arrays are transferred)
 *   loading   name (of an asset), loaded (bytes of it so far)
 *   part      name, content (unzipped)
 *   missing   name, reason
 * worker to page, for a call
 *   result    id, value
 *   error     id, message (one line, for people), detail (the traceback)
 * worker to page, while starting
 *   wants     name (of an asset that the page unzips)
 *   alive     lock (name of a lock that the worker holds for as long as it lives)
 *   progress  stage (1 to stages), stages, name, loaded, total (bytes; 0 where there are none to count)
 *   ready     boot ("snapshot" | "plain"), reason (why plain, or ""), milliseconds
 *   failed    stage (its name), message, detail; also of a Python that cannot go on
 */

const isCount = (value) => Number.isInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";

const FIELDS = {
  call: { id: isCount, name: isText, args: Array.isArray },
  loading: { name: isText, loaded: isCount },
  part: { name: isText, content: (value) => value instanceof Uint8Array },
  missing: { name: isText, reason: isText },
  wants: { name: isText },
  result: { id: isCount, value: () => true },
  error: { id: isCount, message: isText, detail: isText },
  alive: { lock: isText },
  progress: { stage: isCount, stages: isCount, name: isText, loaded: isCount, total: isCount },
  ready: { boot: isText, reason: isText, milliseconds: Number.isFinite },
  failed: { stage: isText, message: isText, detail: isText },
};

/** A message of this type; throws TypeError when a field is missing or of the wrong kind. */
export function message(type, fields) {
  return checked({ type, ...fields });
}

/** The message itself if it is well formed; TypeError naming the field otherwise. */
export function checked(data) {
  const fields = Object.hasOwn(FIELDS, data?.type) ? FIELDS[data.type] : null;
  if (!fields) throw new TypeError(`Unknown message type ${JSON.stringify(data?.type)} between page and worker.`);
  for (const [field, isValid] of Object.entries(fields)) {
    if (!isValid(data[field])) {
      throw new TypeError(`Message "${data.type}" between page and worker: ${field} is ${JSON.stringify(data[field])}.`);
    }
  }
  return data;
}

/** The buffers of all typed arrays in a value of lists and records: moved to the other side, not copied. */
export function buffersIn(value) {
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (value && typeof value === "object") return [...new Set(Object.values(value).flatMap(buffersIn))];
  return [];
}
