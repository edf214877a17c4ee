// The same through the public constructs, the worker and the bridge: some of each sort of fault, and what
// only the constructs see.
import { BackupEmulator, BackupsError, Credentials, Duration } from "../../lib";
import {
  DEFAULT_DOMAIN_NAME,
  DEFAULT_PASSWORD,
  DEFAULT_USER_NAME,
  EmulatorConfig,
  Fault,
} from "../../lib/emulator/types";
import { appOn } from "../support/app";
import { queriesOfAll } from "../support/queries";

const COUNT = 120; // More than a page of every list.

interface Row {
  readonly where: string;
  readonly config?: EmulatorConfig;
  readonly faults?: Fault[];
  /** How many records each list has, or the code of its error. */
  readonly end: number | string;
  readonly timeoutSeconds?: number;
}

const lists = { path: "backups" };
const always = { ...lists, times: -1 };

const ROWS: Row[] = [
  { where: "nothing goes wrong", end: COUNT },
  {
    where: "connections are reset",
    faults: [{ ...lists, disconnect: "midway", reset: true, times: 5 }],
    end: COUNT,
  },
  { where: "IAM is away for a moment", faults: [{ service: "iam", status: 503 }], end: COUNT },
  {
    where: "totals are the page's",
    faults: [{ ...always, total: "page" }],
    end: COUNT,
  },
  { where: "a quota is hit", config: { quota: { limit: 20, windowMs: 2_000 } }, end: COUNT },
  {
    where: "nothing is answered",
    faults: [{ ...always, hang: true }],
    timeoutSeconds: 2,
    end: "DEADLINE_EXCEEDED",
  },
  {
    where: "answers drip",
    faults: [{ ...always, dripMs: 20 }],
    timeoutSeconds: 2,
    end: "DEADLINE_EXCEEDED",
  },
  {
    where: "a sign-in page is answered",
    faults: [{ ...always, body: "<html></html>" }],
    end: "BAD_ANSWER",
  },
  {
    where: "answers are too large",
    faults: [{ ...always, body: " ".repeat(17 * 1024 ** 2) }],
    end: "ANSWER_TOO_LARGE",
  },
  {
    where: "lists never settle",
    faults: [{ ...always, total: { add: 1 } }],
    end: "LIST_DID_NOT_SETTLE",
  },
  { where: "nobody may list", faults: [{ ...always, status: 403 }], end: "NOT_PERMITTED" },
  {
    where: "all leads elsewhere",
    faults: [{ ...always, status: 302, headers: { Location: "/" } }],
    end: "UNEXPECTED_ANSWER",
  },
  {
    where: "the answers are of yesterday by their date",
    faults: [{ ...always, headers: { Date: new Date(Date.now() - 86_400_000).toUTCString() } }],
    end: "CLOCK_SKEW",
  },
];

const SIGN_INS: [string, (emulator: BackupEmulator) => Credentials][] = [
  ["an access key", ({ credentials }) => credentials],
  [
    "a password",
    () =>
      Credentials.password({
        userName: DEFAULT_USER_NAME,
        password: DEFAULT_PASSWORD,
        domainName: DEFAULT_DOMAIN_NAME,
      }),
  ],
];

describe.each(ROWS)("where $where", ({ config, end, faults = [], timeoutSeconds = 60 }) => {
  test.each(SIGN_INS)("every list says so by %s", (_name, credentialsOf) => {
    const generate = { seed: 1, count: COUNT };
    const emulator = BackupEmulator._startWith({ generate, ...config });
    for (const fault of faults) emulator._control({ op: "fault", fault });
    const { stack } = appOn(emulator, {
      credentials: credentialsOf(emulator),
      timeout: Duration.seconds(timeoutSeconds),
    });
    const queries = queriesOfAll(stack);
    const began = performance.now();
    const ends = queries.map((query) => {
      try {
        return query.all.length;
      } catch (error) {
        if (!BackupsError.isBackupsError(error)) throw error;
        expect(error.message).toContain(query.node.path);
        return error.code;
      }
    });
    expect(ends).toEqual(queries.map(() => end));
    expect(performance.now() - began).toBeLessThan((timeoutSeconds + 5) * 1_000);
    emulator.close();
  });
});
