import { INSTANCE } from "../services/database";
import { Records } from "../services/records";
import { Fetch } from "./fetch";

// One request shows how long the project's list is: for fewer lists that is too much.
const FEWEST = 4;

/** Lists of single instances that differ in nothing else, where they are many. */
export function joinable(fetches: readonly Fetch[]): Fetch[][] {
  const alike = new Map<string, Fetch[]>();
  for (const fetch of fetches) {
    if (!fetch.list.isOfInstance) continue;
    const key = JSON.stringify(ofProject(fetch));
    const lists = alike.get(key);
    if (lists) lists.push(fetch);
    else alike.set(key, [fetch]);
  }
  return [...alike.values()].filter(({ length }) => length >= FEWEST);
}

/** The list of their project, given up where it takes more than half as many requests as there are lists. */
export function projectList(lists: readonly Fetch[]): Fetch {
  const [one] = lists;
  return new Fetch({ ...ofProject(one!), maxRequests: Math.floor(lists.length / 2) });
}

/**
 * Hands each list its own part of their project's. Returns those that have to be asked for on their own:
 * all where it failed, or one of its records names no instance; else those that have no part in it, as what
 * that means (no backup, no such instance, no permission) their own answer tells.
 */
export function share(whole: Fetch, lists: readonly Fetch[]): readonly Fetch[] {
  const { owners, records } = whole;
  if (!owners || !records || owners.includes("")) return lists;
  const parts = new Map<string, { records: Records; index: number }[]>();
  owners.forEach((owner, index) => {
    const part = parts.get(owner);
    if (part) part.push({ records, index });
    else parts.set(owner, [{ records, index }]);
  });
  return lists.filter((fetch) => {
    const part = parts.get(fetch.list.query[INSTANCE]!);
    if (part) fetch.take(Records.picked(part), whole);
    return !part;
  });
}

function ofProject({ list }: Fetch) {
  const query = Object.fromEntries(Object.entries(list.query).filter(([key]) => key !== INSTANCE));
  return { ...list, query, isOfInstance: false };
}
