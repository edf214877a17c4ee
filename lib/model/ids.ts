import { refusal } from "./errors";
import { excerpt, isKnownOnlyAtDeploy, shown } from "./text";

/**
 * The id, or an error before anything is sent.
 *
 * Ids are not checked by their shape: the APIs send dashed and undashed ones of 32 to 37 letters.
 * What is refused could reach another path, or can't be an id at all.
 */
export function checkedId(property: string, id: unknown, constructPath: string): string {
  const problem = problemOf(id);
  if (problem === undefined) return id as string;
  throw refusal(
    "INVALID_ID",
    `${property} ${problem}`,
    `Allowed is the id as the console or the API shows it, such as "a48e43ff268f4c0e879652d65e63d0fbin01": written in the program, or from its configuration or environment.`,
    { constructPath },
  );
}

/** The name of an instance, or an error before anything is sent. */
export function checkedName(property: string, name: unknown, constructPath: string): string {
  const problem = nameProblemOf(name);
  if (problem === undefined) return name as string;
  throw refusal(
    "INVALID_NAME",
    `${property} ${problem}`,
    'Allowed is the whole name of an instance, letter for letter, such as "orders-db".',
    { constructPath },
  );
}

function nameProblemOf(name: unknown): string | undefined {
  const problem = problemOf(name);
  if (problem !== undefined) return problem;
  if (!(name as string).startsWith("*")) return undefined;
  return `is ${JSON.stringify(excerpt(name as string, 80))}: by a name that begins with * the services search for parts of names`;
}

function problemOf(id: unknown): string | undefined {
  if (id === undefined || id === null) return "is missing";
  if (typeof id !== "string") return `is ${shown(id)}, not a string`;
  const told = shown(id);
  if (id.trim() === "") return `is empty or blank (${shown(id)})`;
  if (isKnownOnlyAtDeploy(id)) {
    return `is a value that Terraform knows only at deploy (${told}), but the lookup happens at synthesis`;
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]/.test(id)) return `holds a control character (${told})`;
  if (/\p{Surrogate}/u.test(id)) return `holds half a character (${told})`;
  if (id !== id.trim()) return `has white space around it (${JSON.stringify(id.slice(0, 80))})`;
  if (/[/\\]/.test(id)) return `holds a slash (${told})`;
  if (id === "." || id === "..") return `is ${told}, which would lead to another path`;
  if (id.length > 256) return `is ${id.length} characters long (${told}), which no id is`;
  return undefined;
}
