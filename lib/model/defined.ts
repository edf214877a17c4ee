/** The same object without the properties that are undefined. */
export function withoutUndefined<T extends object>(value: T): T {
  const defined = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(defined) as T;
}
