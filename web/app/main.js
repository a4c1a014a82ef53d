/** The page: one worker with Python in it, one drawing, and the views that show it. */
import { Ink } from "../ink/ink.js";
import { keepInSession } from "../ink/session.js";
import { Client } from "../python/client.js";
import { OwnWords } from "../samples/own-words.js";
import { Samples } from "../samples/samples.js";
import { Shelf } from "../samples/shelf.js";
import { askBeforeLeaving } from "../ui/leaving.js";
import { showBoot } from "./boot.js";
import { acceptFiles } from "./files.js";
import { showHelp } from "./help.js";
import { keepForOffline } from "./offline.js";
import { connectShortcuts } from "./shortcuts.js";
import { showViews } from "./views.js";

const client = new Client();
const ink = new Ink();
const samples = new Samples(client);
const ownWords = new OwnWords(samples);
const drafts = new Shelf({ name: "inkling-drafts", noun: "draft" });

showBoot(client);
showHelp();
connectShortcuts(ink);
acceptFiles(showViews({ client, ink, samples, ownWords, drafts }, document.getElementById("views")));
keepInSession(ink);
for (const kept of [samples, ownWords, drafts]) askBeforeLeaving(kept, () => kept.unkept > 0);
client.addEventListener("ready", keepForOffline, { once: true });
client.start();
