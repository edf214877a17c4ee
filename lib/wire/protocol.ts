import type { Account } from "../cloud/sign-in";
import type { BackupLevel } from "../model/backup";
import type { ErrorDetails } from "../model/errors";
import { INSTANCE } from "../services/database";
import { kept } from "../services/kept";
import { withLevel } from "../services/level";
import type { Page, Paging } from "../services/paging";
import { RawRecord } from "../services/record";
import { linesOf } from "../services/records";

/** One list that the worker reads to its end. */
export interface ListJob {
  readonly account: Account;
  readonly baseUrl: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly paging: Paging;
  readonly level?: BackupLevel;
  readonly isOfInstance?: boolean;
  readonly keep?: readonly string[];
  /** Of a list that takes the place of many: it is given up beyond that, and its pages name the instances. */
  readonly maxRequests?: number;
}

/** From the main thread. */
export interface JobMessage {
  readonly job: number;
  readonly list: ListJob;
  readonly remainingMs: number;
  /** All that lookups have; it is named where that was too little. */
  readonly limitMs: number;
}

/** From the worker; what is about a list names its job, and at its end the project that was asked and what the clocks differ by. */
export type WorkerMessage =
  | PageMessage
  | { readonly kind: "notice"; readonly line: string }
  /** A host's quota holds requests back for so long from now; 0: no longer. */
  | { readonly kind: "held-back"; readonly host: string; readonly ms: number }
  | {
      readonly kind: "done";
      readonly job: number;
      readonly project?: string;
      readonly clockAheadMs?: number;
    }
  | {
      readonly kind: "failed";
      readonly job: number;
      readonly project?: string;
      readonly details: ErrorDetails;
    };

/** What tells of a page. */
export function pageMessage(
  job: number,
  { ids, records }: Page,
  { keep, level, maxRequests }: Pick<ListJob, "keep" | "level" | "maxRequests">,
  { attempt, index }: { attempt: number; index: number },
): PageMessage {
  const lines = linesOf(
    records.map((record) => withLevel(keep ? kept(record, keep) : record, level)),
  );
  const owners = maxRequests === undefined ? undefined : records.map(ownerOf);
  return { kind: "page", job, attempt, index, ids, owners, lines };
}

/** The id of its instance; empty where it names none. */
function ownerOf(record: RawRecord): string {
  const owner = record[INSTANCE];
  return typeof owner === "string" ? owner : "";
}

/** A page as `linesOf` its records: the waiting main thread parses them, which costs less than cloning objects. */
export interface PageMessage {
  readonly kind: "page";
  readonly job: number;
  readonly attempt: number;
  readonly index: number;
  readonly ids: readonly string[];
  /** Where the list takes the place of many: the instance of each record. */
  readonly owners?: readonly string[];
  readonly lines: Uint8Array;
}
