// What a quota does to a list: it waits for its turn, or says at once that there is no room for it.
import { Fault, Quota } from "../../lib/emulator/types";
import { CLEAN, Cell, Count, forList, Row, testMatrix } from "./matrix";

// Refused until the quota is known, and going first after a pause; none where this machine is slow.
const HANDFUL = 4;
const WITH_REFUSALS: Count = [CLEAN, CLEAN + HANDFUL];

/** The list takes three requests: more than one window's. */
const held = (where: string, quota: Partial<Quota>): Row => ({
  where,
  config: { quota: { limit: 2, windowMs: 2_000, ...quota } },
  end: "complete",
  requests: WITH_REFUSALS,
});

const KEPT: Row[] = [
  held("the quota has a fixed window", {}),
  held("the quota has a fixed window and says when it ends", { retryAfter: true }),
  held("the quota has a sliding window", { sliding: true }),
  held("the quota has a sliding window and says when there is room", {
    retryAfter: true,
    sliding: true,
  }),
  held("the quota is of each address", { policy: "ip" }),
  held("the quota is of each API", { policy: "api" }),
  held("the quota is of each service", { perService: true }),
  {
    ...held("the quota is one request", { limit: 1 }),
    signIns: [1, 3],
  },
];

const refused = (fault: Fault) => (cell: Cell) => [forList(cell, { status: 429, ...fault })];
const TEXT = (limit: string) =>
  `{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached: policy user over ratelimit,${limit}"}`;

const SAID: Row[] = [
  ...Object.entries({
    "Retry-After: 1": { headers: { "Retry-After": "1" } },
    "Retry-After: 0": { headers: { "Retry-After": "0" } },
    "a date that is over": { headers: { "Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT" } },
    "a second for all": { body: TEXT("limit:100,time:1 second") },
  } satisfies Record<string, Fault>).map(([how, fault]): Row => ({
    where: `a 429 says ${how}`,
    faults: refused(fault),
    end: "complete",
    requests: CLEAN + 1,
  })),
  ...Object.entries({
    "Retry-After: 3600": { headers: { "Retry-After": "3600" } },
    "Retry-After: 99999999999": { headers: { "Retry-After": "99999999999" } },
  } satisfies Record<string, Fault>).map(([how, fault]): Row => ({
    where: `a 429 says ${how} and the deadline is nearer`,
    faults: refused({ ...fault, times: -1 }),
    deadlineMs: 20_000,
    end: "THROTTLED",
    requests: 1,
  })),
  // Somebody else may have used it up, long ago: it is tried now and then.
  ...["limit:60,time:1 minute", "limit:200,time:5 minute", ""].map((limit): Row => ({
    where: `a 429 says ${limit || "nothing"} and the deadline is nearer`,
    faults: refused({ body: limit && TEXT(limit), times: -1 }),
    deadlineMs: 10_000,
    end: "THROTTLED",
    requests: [1, HANDFUL],
  })),
];

testMatrix([...KEPT, ...SAID]);
