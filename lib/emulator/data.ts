import { createHash } from "node:crypto";
import { fieldsOf, textOf } from "./record";
import type { Draft, EmulatedList, RestoreWindow, Spec } from "./services/list";

const MB = 1024 ** 2;

/** The instances that have recent default data: as a rule those that the page's samples name. */
export function sampleInstances({ instances, samples }: EmulatedList): string[] {
  if (instances !== undefined) return [...instances];
  const named = samples.map((sample) => textOf(fieldsOf(sample)["instance_id"]) ?? "");
  return [...new Set(named)];
}

/**
 * The default data of a list: the page's samples, then recent backups of every sample instance.
 *
 * The order is neither newest nor oldest first, because no page but GeminiDB's promises one (and
 * there the store sorts).
 */
export function defaultRecords(list: EmulatedList, now: number): unknown[] {
  const recent = sampleInstances(list).flatMap((instance) =>
    list.drafts.map((draft) => list.write(specOf(list, instance, draft, now))),
  );
  return [...list.samples, ...recent];
}

/** The restore windows of every sample instance; none where there is no call for them. */
export function defaultWindows(list: EmulatedList, now: number): Record<string, RestoreWindow[]> {
  const windows = list.windows?.default(now);
  if (windows === undefined) return {};
  return Object.fromEntries(sampleInstances(list).map((instance) => [instance, windows]));
}

function specOf(list: EmulatedList, instance: string, draft: Draft, now: number): Spec {
  const { ago, megabytes, name, ...rest } = draft;
  const beginMs = now - ago;
  const stamp = new Date(beginMs).toISOString().replace(/\D/g, "");
  return {
    ...rest,
    // The time is part of it: with another `now` these are other backups.
    id: stableHex([list.service, instance, draft.kind, draft.state, name, beginMs].join("/")),
    instance,
    beginMs,
    bytes: megabytes * MB,
    name: name ?? `${list.namePrefix}${stamp}`,
  };
}

/** An id in the list's own style, distinct for distinct numbers. */
export function numberedId(list: EmulatedList, number: number): unknown {
  const [draft] = list.drafts as [Draft];
  const spec = specOf(list, sampleInstances(list)[0] ?? "", draft, 0);
  const id = number.toString(16).padStart(32, "0");
  return list.write({ ...spec, id })[list.keys.id];
}

/** 32 hex digits that stay the same for the same text. */
export function stableHex(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
