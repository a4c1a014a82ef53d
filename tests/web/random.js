/** Numbers that look random and are the same in every run (Park and Miller 1988): random() is in [0, 1). */
export function seeded(seed) {
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}
