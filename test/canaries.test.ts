// Secrets of every kind, and everything that is written, printed or can be reached where they were used.
//
// Kinds: access key, secret key, security token, a token that was given and one that IAM gave out, password,
// one-time code, the metadata service's key, and, in canaries.programs.test.ts, a proxy's password and what
// stands in clouds.yaml or in the wrong variable.
// Where they come back: at each place of an answer, of the services, of IAM and of the metadata service,
// in answers that are refusals, no pages, no HTTP or cut off, by the encodings of support/encodings.ts in
// turn (test/echoes.test.ts has each of them at each place of an error).
// Where they are looked for, as they are and in each encoding: the files of the output folder, the lock and
// restore-decisions.json; what is printed; errors with all that they hold; all that can be reached from the
// App and the provider; what a review of two locks says; the process list.
// Out of it: a field of a right record. What a service calls a backup is shown, whatever it is.
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Construct } from "constructs";
import {
  BackupEmulator,
  BackupQuery,
  Credentials,
  LockReview,
  RdsBackups,
  RecoveryPolicy,
  RestoreTarget,
  RestoreTrigger,
  Unmet,
} from "../lib";
import {
  DEFAULT_DOMAIN_NAME,
  DEFAULT_USER_ID,
  DEFAULT_USER_NAME,
  EmulatorConfig,
  Fault,
  Owner,
} from "../lib/emulator/types";
import { appOn, SAMPLE } from "./support/app";
import {
  CANARIES,
  canariesIn,
  filesUnder,
  leaksIn,
  reachable,
  shownOf,
  Texts,
} from "./support/canaries";
import { captured } from "./support/captured";
import { ENCODINGS } from "./support/encodings";
import { queriesOfAll } from "./support/queries";

/** A way to sign in. */
interface Way {
  readonly name: string;
  /** What comes back: what the client has by it. */
  readonly secrets: (keyof typeof CANARIES)[];
  readonly credentials: () => Credentials;
  /** What the emulator knows. */
  readonly config: EmulatorConfig;
  /** What IAM or the metadata service gives out. */
  readonly grants?: Fault;
}

const key = { accessKey: CANARIES["access key"], secretKey: CANARIES["secret key"] };
const securityToken = CANARIES["security token"];
const { password } = CANARIES;
const user = { userName: DEFAULT_USER_NAME, domainName: DEFAULT_DOMAIN_NAME, password };
const expires_at = "2099-01-01T00:00:00.000000Z";

const WAYS: Way[] = [
  {
    name: "an access key",
    secrets: ["access key", "secret key"],
    credentials: () => Credentials.accessKey(key),
    config: key,
  },
  {
    name: "a temporary access key",
    secrets: ["security token", "access key", "secret key"],
    credentials: () => Credentials.accessKey({ ...key, securityToken }),
    config: key,
  },
  {
    name: "a token",
    secrets: ["token"],
    credentials: () => Credentials.token(CANARIES.token),
    config: { token: CANARIES.token },
  },
  {
    name: "a password",
    secrets: ["issued token", "password"],
    credentials: () => Credentials.password(user),
    config: { password, token: CANARIES["issued token"] },
    grants: {
      service: "iam",
      times: -1,
      status: 201,
      headers: { "X-Subject-Token": CANARIES["issued token"] },
      body: JSON.stringify({ token: { expires_at } }),
    },
  },
  {
    name: "a password and a one-time code",
    secrets: ["one-time code", "password"],
    credentials: () =>
      Credentials.password({
        ...user,
        passcode: CANARIES["one-time code"],
        userId: DEFAULT_USER_ID,
      }),
    config: { password, passcode: CANARIES["one-time code"] },
  },
  {
    name: "a key of the metadata service",
    secrets: ["access key", "secret key", "security token"],
    credentials: () => Credentials.metadataService(),
    config: key,
    grants: {
      service: "metadata",
      times: -1,
      body: JSON.stringify({
        credential: {
          access: key.accessKey,
          secret: key.secretKey,
          securitytoken: securityToken,
          expires_at,
        },
      }),
    },
  },
];

let emulator: BackupEmulator;
afterEach(() => emulator?.close());

const fault = (each: Fault) => emulator._control({ op: "fault", fault: each });

interface Ran {
  readonly texts: Texts;
  readonly errors: unknown[];
  readonly lock: string;
  /** Of the backups that were found. */
  readonly ids: string[];
}

interface Program {
  readonly queries: (scope: Construct) => BackupQuery[];
  readonly projectId?: string;
}

/** A program of all that the library has, in this process: everything that came of it. */
function run({ credentials }: Way, { projectId, queries }: Program): Ran {
  const lockFile = join(mkdtempSync(join(tmpdir(), "canaries-")), "backups.lock.json");
  const settings = { credentials: credentials(), lockFile, projectId };
  const { app, stack, provider, outdir } = appOn(emulator, settings);
  const [errors, ids]: [unknown[], string[]] = [[], []];
  const attempt = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      errors.push(error);
    }
  };
  const printed = captured(() => {
    const all = queries(stack);
    for (const [i, backups] of all.entries()) {
      attempt(() => {
        backups.all.forEach(({ id }) => ids.push(id));
        const target = new RestoreTarget(stack, `target-${i}`, { backups, onUnmet: Unmet.WARN });
        new RestoreTrigger(stack, `trigger-${i}`, { target });
        console.log(target.decision.toText());
      });
    }
    attempt(() => new RecoveryPolicy(stack, "policy", { queries: all }));
    attempt(() => app.synth());
  });
  const lock = existsSync(lockFile) ? readFileSync(lockFile, "utf8") : "";
  const texts = {
    "what was printed": [printed],
    "the lock": [lock],
    "the errors": errors.flatMap(shownOf),
    "what can be reached": reachable([app, provider]),
    "the process list": [readFileSync("/proc/self/cmdline", "utf8")],
    ...filesUnder(outdir),
  };
  return { texts, errors, lock, ids };
}

describe("what looks for secrets", () => {
  test.each(ENCODINGS)("finds each %s", (_how, encode) => {
    for (const secret of Object.values(CANARIES)) {
      expect(canariesIn(`before ${encode(secret)} after`)).not.toEqual([]);
    }
    expect(canariesIn(`before ${encode("what is no secret")} after`)).toEqual([]);
  });

  class Holder {
    readonly #hidden = CANARIES.token;
    public get length() {
      return this.#hidden.length;
    }
  }
  class Shower extends Holder {
    public get shown() {
      return CANARIES.token;
    }
  }
  const cause = new Error(CANARIES.token);
  test.each<[string, object]>([
    ["a property that does not count", Object.defineProperty({}, "x", { value: CANARIES.token })],
    ["a getter of a class above", Object.create(new Shower())],
    ["a symbol's value", { [Symbol("x")]: [CANARIES.token] }],
    ["a key", { [CANARIES.token]: 1 }],
    ["a map in a map", new Map([[{}, new Map([[CANARIES.token, 1]])]])],
    ["a set", new Set([CANARIES.token])],
    ["bytes", Buffer.from(CANARIES.token)],
    ["a cause", new Error("x", { cause })],
    ["what a getter throws", Object.defineProperty({}, "x", { get: () => thrown(cause) })],
    ["what is told to JSON", { toJSON: () => ({ x: CANARIES.token }) }],
    ["what a function holds", Object.assign(() => 1, { x: CANARIES.token })],
  ])("reaches %s", (_where, root) => {
    expect(leaksIn({ root: reachable({ root }) })).not.toEqual([]);
  });

  test("does not reach what is private", () => {
    expect(leaksIn({ root: reachable(new Holder()) })).toEqual([]);
  });
});

function thrown(error: Error): never {
  throw error;
}

describe.each(WAYS)("signed in by $name, no secret", (way) => {
  test("is anywhere where all goes well, nor in the review of a lock", () => {
    emulator = BackupEmulator._startWith(way.config);
    if (way.grants) fault(way.grants);
    const program = { queries: queriesOfAll, projectId: emulator.projectId };
    const before = run(way, program);
    expect(before.errors.map(String)).toEqual([]);
    expect(before.ids.length).toBeGreaterThan(50);
    expect(Object.keys(before.texts).join()).toContain("restore-decisions.json");
    emulator._control({ op: "remove", service: "gaussDb", id: before.ids[0]! });
    const after = run(way, program);
    const review = LockReview.between(before.lock, after.lock);
    expect(review.join()).toContain("gone");
    expect(leaksIn({ ...before.texts, ...after.texts, review })).toEqual([]);
  });
});

// Where in an answer a text may come back.
const gateway = (more: object) => ({
  status: 400,
  body: JSON.stringify({ error_code: "X.1", error_msg: "no", ...more }),
});
const page = (records: unknown) => ({
  body: JSON.stringify({ backups: records, backup_record_response: records }),
});
const record = (id: string) => ({ id, backup_id: id });
// What no header can carry is left out of it.
const inHeader = (text: string) => text.replace(/[^ -~]/g, "");
const PLACES: { readonly [place: string]: (text: string) => Fault } = {
  "a message": (text) => gateway({ error_msg: `you sent ${text}!` }),
  "a message of IAM": (text) => gateway({ error: { message: text, code: text, title: text } }),
  "a further message": (text) => gateway({ error_ext_msg: text }),
  "a code": (text) => gateway({ error_code: text }),
  "a request id of the body": (text) => gateway({ request_id: text }),
  "a request id of the head": (text) => ({
    ...gateway({}),
    headers: { "X-Request-Id": inHeader(text) },
  }),
  "the headers": (text) => ({
    status: 403,
    headers: {
      "Content-Type": inHeader(text),
      "Set-Cookie": inHeader(text),
      Date: inHeader(text),
    },
  }),
  "a redirect": (text) => ({ status: 302, headers: { Location: `/?${inHeader(text)}` } }),
  "the reason of a status": (text) => ({ raw: `HTTP/1.1 418 ${inHeader(text)}\r\n\r\n` }),
  "what is no HTTP": (text) => ({ raw: `${text}\r\n\r\n` }),
  "a head that is none": (text) => ({ raw: `HTTP/1.1 200 OK\r\n${text}\r\n\r\n` }),
  "a quota": (text) => ({
    status: 429,
    headers: { "Retry-After": inHeader(text) },
    body: gateway({ error_msg: `limit:1000,time:1 second ${text}` }).body,
    times: 1,
  }),
  HTML: (text) => ({ status: 501, body: `<html><title>${text}</title>${text}</html>` }),
  "a text": (text) => ({ body: text }),
  "an error of status 200": (text) => ({ body: gateway({ error_msg: text }).body }),
  "a body that is cut off": (text) => ({ body: `{"backups":[{"id":"${text}` }),
  "a key": (text) => ({ body: JSON.stringify({ [text]: text }) }),
  "a list that is none": (text) => page(text),
  "a record that is none": (text) => page([text]),
  "a record without an id": (text) => page([{ name: text, [text]: text }]),
  "two records of one id": (text) => page([record(text), record(text)]),
  "a project": (text) => ({
    headers: { "X-Subject-Token": CANARIES["issued token"] },
    body: JSON.stringify({
      projects: [{ id: text, name: text }],
      token: { project: { id: text, name: text } },
    }),
  }),
  "a total": (text) => ({ total: { is: text } }),
};

/** What these repeat: one place after the other, so that all meet with all in the end. */
function echoes({ secrets }: Way, at: number, owners: readonly Owner[]): Fault[] {
  const places = Object.values(PLACES);
  return owners.map((service, i) => {
    const index = at * owners.length + i;
    const lap = Math.floor(index / places.length);
    const secret = CANARIES[secrets[lap % secrets.length]!];
    const [, encode] = ENCODINGS[(index + lap) % ENCODINGS.length]!;
    return { times: -1, ...places[index % places.length]!(encode(secret)), service };
  });
}

const IAM: Owner[] = ["iam"];
const SERVICES: Owner[] = ["gaussDb", "rds", "geminiDb", "dcs", "taurusDb", "dds"];
const rds = (scope: Construct) => [new RdsBackups(scope, "rds", { instanceId: SAMPLE.rds })];
const OTHERS: [string, Owner[], number, (way: Way) => Program][] = [
  // Each place four times in all.
  ["a service", SERVICES, 16, () => ({ queries: queriesOfAll, projectId: emulator.projectId })],
  // Without a project's id, which is asked for then.
  ["IAM", IAM, 23, () => ({ queries: rds })],
  ["the metadata service", ["metadata"], 23, () => ({ queries: rds })],
];

describe.each(OTHERS)("what comes back from %s", (_who, owners, rounds, programOf) => {
  const ways = WAYS.filter(
    ({ grants }) => owners[0] !== "metadata" || grants?.service === "metadata",
  );

  test.each(ways)("is no secret anywhere, signed in by $name", (way) => {
    emulator = BackupEmulator._startWith(way.config);
    // What IAM has not given out yet, it can't repeat.
    const secrets = way.secrets.filter((name) => owners !== IAM || name !== "issued token");
    let failed = 0;
    for (let round = 0; round < rounds; round++) {
      emulator._control({ op: "clearFaults" });
      for (const each of echoes({ ...way, secrets }, round, owners)) fault(each);
      if (way.grants) fault(way.grants);
      const { errors, texts } = run(way, programOf(way));
      failed += errors.length;
      expect(leaksIn(texts)).toEqual([]);
    }
    // Two of the places are no reason to fail.
    expect(failed).toBeGreaterThan(rounds * 0.85);
  });
});

test("a token that IAM repeats where it gives it out is no secret anywhere", () => {
  const way = WAYS.find(({ secrets }) => secrets.includes("issued token"))!;
  emulator = BackupEmulator._startWith(way.config);
  for (const [, encode] of ENCODINGS) {
    emulator._control({ op: "clearFaults" });
    const repeated = PLACES["a project"]!(encode(CANARIES["issued token"]));
    fault({ ...repeated, service: "iam", status: 201, times: -1 });
    const { errors, texts } = run(way, { queries: rds });
    expect(String(errors[0])).toMatch(/BAD_ANSWER/);
    expect(leaksIn(texts)).toEqual([]);
  }
});
