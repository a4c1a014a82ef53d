/** The page: one worker with Python in it, one drawing, and the views that show it. */
import { Client } from "../python/client.js";
import { keepForOffline } from "./offline.js";
import { Ink } from "../ink/ink.js";
import { showBoot } from "./boot.js";
import { showHelp } from "./help.js";
import { showViews } from "./views.js";
import { insideView } from "../inside/view.js";
import { learnView } from "../learn/view.js";
import { readView } from "../read/view.js";
import { connectCorrections } from "../read/correct.js";
import { connectPicker } from "../read/picker.js";
import { Samples } from "../samples/samples.js";

const client = new Client();
const ink = new Ink();
const samples = new Samples(client);

showBoot(client);
showHelp();
connectCorrections(client, ink, samples, connectPicker());
showViews(
  [readView(client, ink, samples), insideView(client, ink), learnView(client, ink, samples)],
  document.getElementById("views"),
);
client.addEventListener("ready", keepForOffline, { once: true });
client.start();
