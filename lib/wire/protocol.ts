import type { Account } from "../cloud/sign-in";
import type { BackupLevel } from "../model/backup";
import type { ErrorDetails } from "../model/errors";
import type { Paging } from "../services/paging";

/** One list that the worker reads to its end. */
export interface ListJob {
  readonly account: Account;
  readonly baseUrl: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly paging: Paging;
  readonly level?: BackupLevel;
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

/** A page as text: the waiting main thread parses it, which costs less than cloning objects. */
export interface PageMessage {
  readonly kind: "page";
  readonly job: number;
  readonly attempt: number;
  readonly index: number;
  readonly text: string;
}
