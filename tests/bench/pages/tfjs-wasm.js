import { startOn } from "./tfjs.js";

export const start = () => startOn("wasm");
