/** What engines that can suspend a stack have, and TypeScript does not know yet. */
declare namespace WebAssembly {
  let Suspending: unknown;
  let promising: unknown;
}
