/** The variables of a process. */
export type Environment = { readonly [name: string]: string | undefined };

/** A variable that is set and not blank. */
export function value(env: Environment, name: string): string | undefined {
  const text = env[name];
  return text === undefined || text.trim() === "" ? undefined : text;
}
