import { refusal } from "../model/errors";
import { excerpt } from "../model/text";

/** Where the answer to a lookup comes from. */
export enum LookupMode {
  /** From the cloud, always; the lock file is written. */
  LIVE = "live",
  /** From the lock file where it is young enough, else from the cloud; the lock file is written. */
  CACHED = "cached",
  /** From the lock file alone: no socket is opened and nothing is written. */
  FROZEN = "frozen",
}

export const MODE_VARIABLE = "CDKTF_BACKUPS_MODE";

/** The mode: the environment's, so that a pipeline can insist, else the program's, else CACHED. */
export function modeOf(
  given: LookupMode | undefined,
  env: { readonly [name: string]: string | undefined },
  constructPath?: string,
): LookupMode {
  const insisted = env[MODE_VARIABLE]?.trim() || undefined;
  const mode = insisted?.toLowerCase() ?? given ?? LookupMode.CACHED;
  const known = Object.values(LookupMode).find((each) => each === mode);
  if (known !== undefined) return known;
  // Of a variable the value is not shown: it may be a secret that stands in the wrong one.
  throw refusal(
    "INVALID_MODE",
    insisted === undefined
      ? `mode is ${JSON.stringify(excerpt(String(given), 40))}`
      : `${MODE_VARIABLE} is no mode`,
    "Allowed are LIVE, CACHED and FROZEN.",
    { constructPath },
  );
}

const PRUNE_VARIABLE = "CDKTF_BACKUPS_PRUNE_DAYS";

/** From how many days on what nobody asks for any more is removed from a lock; undefined: never. */
export function pruneDaysIn(env: {
  readonly [name: string]: string | undefined;
}): number | undefined {
  const text = env[PRUNE_VARIABLE]?.trim();
  if (!text) return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw refusal(
    "INVALID_PRUNE_DAYS",
    `${PRUNE_VARIABLE} is no number of days`,
    "Allowed is a whole number of days, such as 30; 0 removes at once.",
  );
}
