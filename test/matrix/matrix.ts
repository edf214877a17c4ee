// Every fault × every list × both sign-ins, over real sockets: what each cell came to, and in how many
// requests. The client and the emulator run in this process; what the constructs add is in
// constructs.test.ts.
import { CloudClient } from "../../lib/cloud/client";
import { CredentialData } from "../../lib/cloud/credentials";
import { Reading } from "../../lib/cloud/reading";
import { Account } from "../../lib/cloud/sign-in";
import { sampleInstances } from "../../lib/emulator/data";
import { generateRecords } from "../../lib/emulator/generate";
import { listName } from "../../lib/emulator/options";
import {
  DEFAULT_REGION,
  EmulatorConfig,
  EmulatorServer,
  Fault,
  LoggedRequest,
  ServiceName,
} from "../../lib/emulator/server";
import { SERVICE_NAMES, SERVICES as EMULATED } from "../../lib/emulator/services/registry";
import { canonical } from "../../lib/model/canonical";
import { BackupsError } from "../../lib/model/errors";
import { checkedQuery } from "../../lib/query/query";
import { Paging } from "../../lib/services/paging";
import { SERVICES } from "../../lib/services/registry";
import { ListRequest } from "../../lib/services/service";
import { Fetch } from "../../lib/wire/fetch";
import { pageMessage } from "../../lib/wire/protocol";
import { readList } from "../../lib/wire/read-list";
import { KEY, USER } from "../support/users";

/** A list, as both sides know it. */
export interface Listed {
  readonly name: string;
  readonly emulated: ServiceName;
  readonly endpoint: string;
  readonly request: ListRequest;
  readonly paging: Paging;
}

const LISTS: Listed[] = Object.values(SERVICES).flatMap(({ service, lists, endpoint }) =>
  Object.entries(lists).map(([list, { paging, requests }]) => {
    const name = list === "backups" ? service : `${service}/${list}`;
    const emulated = listName(name);
    const [instanceId] = sampleInstances(EMULATED[emulated]);
    const [request] = requests(checkedQuery({ service, list }, { instanceId }, ""));
    return { name, emulated, endpoint, request: request!, paging };
  }),
);

type SignIn = "access key" | "password";

const SIGN_INS: Record<SignIn, Exclude<CredentialData, { kind: "environment" }>> = {
  "access key": KEY,
  password: USER,
};

/** One list, read by one who signed in one way. */
export interface Cell extends Listed {
  readonly signIn: SignIn;
}

export const CELLS: Cell[] = LISTS.flatMap((list) =>
  (Object.keys(SIGN_INS) as SignIn[]).map((signIn) => ({ ...list, signIn })),
);

/** What goes wrong, and what has to come of it in each cell. */
export interface Row {
  /** Completes "where …". */
  readonly where: string;
  readonly config?: EmulatorConfig;
  /** How many records the list has, `size` being its largest page. @default - two pages and a half */
  readonly count?: (size: number) => number;
  readonly faults?: (cell: Cell) => Fault[];
  /** What the list is in the end, of what it was in the beginning. */
  readonly becomes?: (records: unknown[], cell: Cell) => unknown[];
  /** "complete", or the code of the error. */
  readonly end: string | ((cell: Cell) => string);
  /** Requests for the list. */
  readonly requests: Count | ((cell: Cell) => Count);
  /** Requests to IAM. @default 1 */
  readonly signIns?: Count | ((cell: Cell) => Count);
  /** @default 30 s */
  readonly deadlineMs?: number;
  /** Whether its answers are too large for all cells at once. */
  readonly isHeavy?: boolean;
}

/** Exactly so many, or from so many to so many. */
export type Count = number | readonly [least: number, most: number];

/** What a cell came to. */
export interface Seen {
  readonly end: string;
  readonly requests: number;
  readonly signIns: number;
  readonly ms: number;
  readonly error?: BackupsError;
  readonly log: LoggedRequest[];
}

// Most of the time is waiting: but for the first, which warms up, rows are begun before it is their turn.
const AHEAD = 8;

/** The rows as tests: what is wrong, then a test of each cell. */
export function testMatrix(rows: readonly Row[]): void {
  const seen = new Map<Row, Promise<Map<Cell, Seen>>>();

  describe.each(rows.map((row, index) => ({ where: row.where, row, index })))(
    "where $where",
    ({ row, index }) => {
      let cells: Map<Cell, Seen>;

      beforeAll(async () => {
        for (const next of rows.slice(index, index === 0 ? 1 : index + AHEAD)) {
          if (next !== row && next.isHeavy) break;
          if (!seen.has(next)) seen.set(next, runRow(next));
        }
        cells = await seen.get(row)!;
        seen.delete(row);
      });

      test.each(CELLS)("$name by $signIn", (cell) => {
        const { end, ms, requests, signIns } = cells.get(cell)!;
        const expected = {
          end: valueFor(row.end, cell),
          requests: shown(valueFor(row.requests, cell), requests),
          signIns: shown(valueFor(row.signIns ?? 1, cell), signIns),
        };
        expect({ end, requests, signIns }).toEqual(expected);
        expect(ms).toBeLessThan(deadlineOf(row) + SLACK_MS);
      });
    },
  );
}

async function runRow(row: Row): Promise<Map<Cell, Seen>> {
  const seen = new Map<Cell, Promise<Seen>>();
  for (const cell of CELLS) {
    const running = runCell(row, cell);
    seen.set(cell, running);
    if (row.isHeavy) await running;
  }
  await Promise.all(seen.values());
  const entries = [...seen].map(async ([cell, running]) => [cell, await running] as const);
  return new Map(await Promise.all(entries));
}

// A machine of two cores that does other things as well.
const SLACK_MS = 3_000;

const deadlineOf = ({ deadlineMs = 30_000 }: Row) => deadlineMs;

/** What is within a range is what was expected; else the range is shown. */
function shown(expected: Count, found: number): unknown {
  if (typeof expected === "number") return expected;
  const [least, most] = expected;
  return found >= least && found <= most ? found : `${least} to ${most}`;
}

function valueFor<T extends string | Count>(given: T | ((cell: Cell) => T), cell: Cell): T {
  return typeof given === "function" ? given(cell) : given;
}

/** Reads the list of one cell from an emulator of its own. */
export async function runCell(row: Row, cell: Cell): Promise<Seen> {
  const { emulated, paging, request } = cell;
  const { count = (size) => size * 2.5 } = row;
  const records = recordsOf(emulated, count(paging.size));
  const instances = { [emulated]: sampleInstances(EMULATED[emulated]) };
  // The other lists are empty: to make their default data takes longer than to read this one.
  const none = Object.fromEntries(SERVICE_NAMES.map((name) => [name, []]));
  const server = new EmulatorServer({
    instances,
    records: { ...none, [emulated]: records },
    ...row.config,
  });
  const endpoints = await server.listen();
  for (const fault of row.faults?.(cell) ?? []) server.control({ op: "fault", fault });
  const account: Account = {
    iamUrl: endpoints["iam"],
    metadataUrl: endpoints["metadata"]!,
    region: DEFAULT_REGION,
    credentials: SIGN_INS[cell.signIn],
  };
  const fetch = new Fetch({
    account,
    baseUrl: endpoints[cell.endpoint]!,
    paging,
    ...request,
  });
  const began = performance.now();
  const error = await read(fetch, account, deadlineOf(row));
  const ms = performance.now() - began;
  const log = server.control({ op: "requests" }) as LoggedRequest[];
  await server.close();
  const expected = row.becomes?.(records, cell) ?? records;
  const signIns = log.filter(({ service }) => service === "iam").length;
  const requests = log.length - signIns;
  const end = error?.code ?? compared(fetch, expected);
  return { end, requests, signIns, ms, error, log };
}

const generated = new Map<string, unknown[]>();

/** So many records of a list, newest first; made once, as that takes longer than to read them. */
export function recordsOf(emulated: ServiceName, count: number): unknown[] {
  const key = `${emulated} ${count}`;
  const { begin } = EMULATED[emulated].keys;
  const beginOf = (record: unknown) => String((record as { [key: string]: unknown })[begin]);
  const records =
    generated.get(key) ??
    generateRecords(emulated, 1, count, Date.UTC(2026, 10, 21, 4)).sort((a, b) =>
      beginOf(b).localeCompare(beginOf(a)),
    );
  generated.set(key, records);
  return records;
}

async function read(
  fetch: Fetch,
  account: Account,
  deadlineMs: number,
): Promise<BackupsError | undefined> {
  const { list } = fetch;
  const reading = new Reading(deadlineMs);
  try {
    const client = new CloudClient(account);
    await readList(client, list, reading, (page, attempt, index) =>
      fetch.receive(pageMessage(1, page, list, { attempt, index })),
    );
    fetch.complete();
  } catch (error) {
    if (!BackupsError.isBackupsError(error)) throw error;
    return error;
  } finally {
    reading.stop();
  }
  return fetch.error;
}

/** Whether what was read is the list, record for record. */
function compared(fetch: Fetch, expected: readonly unknown[]): string {
  const sorted = (all: readonly unknown[]) =>
    all.map((each) => JSON.stringify(canonical(each))).sort();
  const found = sorted([...fetch.records!.all()]);
  if (found.length !== expected.length) return `${found.length} records`;
  return JSON.stringify(found) === JSON.stringify(sorted(expected)) ? "complete" : "other records";
}

/** How many requests a list of 2½ pages takes: each page but the first starts with a record that is known. */
export const CLEAN = 3;

/** The fault for the list's requests alone, whoever signs in. */
export function forList({ emulated }: Cell, fault: Fault): Fault {
  return { path: `/${EMULATED[emulated].resource}`, ...fault };
}

/** The text of a page that holds the first of the list's records. */
export function pageOf({ emulated }: Cell, count: number): string {
  const { keys } = EMULATED[emulated];
  const records = recordsOf(emulated, count);
  return JSON.stringify({ [keys.list]: records, [keys.total]: records.length });
}

/** What the list calls its records, its total and their ids. */
export function listKeys({ emulated }: Cell): (typeof EMULATED)[ServiceName]["keys"] {
  return EMULATED[emulated].keys;
}

/** The id of a record. */
export function idOf(cell: Cell, record: unknown): string {
  return String((record as { [key: string]: unknown })[listKeys(cell).id]);
}
