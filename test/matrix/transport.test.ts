// What can happen to a connection, and to the bytes of an answer.
import { MAX_TRIES } from "../../lib/cloud/retry";
import { Fault } from "../../lib/emulator/types";
import { Cell, CLEAN, forList, pageOf, Row, testMatrix } from "./matrix";

/** A fault of the second page: those that are read side by side go on meanwhile. */
const later = (fault: Fault) => (cell: Cell) => [forList(cell, { skip: 1, ...fault })];
const first = (fault: Fault) => (cell: Cell) => [forList(cell, fault)];
const always = (fault: Fault) => first({ ...fault, times: -1 });

const BROKEN: [string, Fault][] = [
  ["closed before the answer", { disconnect: "before" }],
  ["reset before the answer", { disconnect: "before", reset: true }],
  ["closed in the midst of the answer", { disconnect: "midway" }],
  ["reset in the midst of the answer", { disconnect: "midway", reset: true }],
  ["closed before the last chunk of the answer", { chunked: true, disconnect: "midway" }],
];

const MB = 1024 ** 2;
const HUGE = `{"backups":[${" ".repeat(17 * MB)}]}`;

const ROWS: Row[] = [
  { where: "nothing goes wrong", end: "complete", requests: CLEAN },
  ...BROKEN.flatMap(([how, fault]): Row[] => [
    {
      where: `the connection is ${how}, once`,
      faults: first(fault),
      end: "complete",
      requests: CLEAN + 1,
    },
    {
      where: `the connection is ${how}, at a later page`,
      faults: later(fault),
      end: "complete",
      requests: CLEAN + 1,
    },
  ]),
  ...BROKEN.map(([how, fault]): Row => ({
    where: `the connection is ${how}, always`,
    faults: always(fault),
    end: "UNREACHABLE",
    requests: MAX_TRIES,
  })),
  {
    where: "no answer ever comes",
    faults: always({ hang: true }),
    deadlineMs: 3_000,
    end: "DEADLINE_EXCEEDED",
    requests: 1,
  },
  {
    where: "no answer comes to a later page",
    faults: later({ hang: true }),
    deadlineMs: 3_000,
    end: "DEADLINE_EXCEEDED",
    requests: CLEAN,
  },
  {
    where: "the answer stops in its midst and the connection stays",
    faults: always({ headers: { "Content-Length": "1000000" } }),
    deadlineMs: 3_000,
    end: "DEADLINE_EXCEEDED",
    requests: 1,
  },
  {
    where: "the answer drips, too slowly for the deadline",
    faults: always({ dripMs: 20 }),
    deadlineMs: 3_000,
    end: "DEADLINE_EXCEEDED",
    requests: 1,
  },
  {
    where: "the answer drips, in time",
    count: () => 1,
    faults: always({ dripMs: 1 }),
    end: "complete",
    requests: [1, 2],
  },
  {
    where: "an answer is larger than any page",
    faults: always({ body: HUGE }),
    isHeavy: true,
    end: "ANSWER_TOO_LARGE",
    requests: 1,
  },
  {
    where: "an answer is larger than any page, and does not say so before",
    faults: always({ body: HUGE, chunked: true }),
    isHeavy: true,
    end: "ANSWER_TOO_LARGE",
    requests: 1,
  },
  // Nobody asked for it: what is not taken apart can't grow.
  ...(["br", "gzip"] as const).map((encoding): Row => ({
    where: `an answer is compressed by ${encoding}`,
    faults: always({ encoding }),
    end: "BAD_ANSWER",
    requests: 1,
  })),
  {
    where: "a small answer is a huge one, compressed",
    faults: always({ encoding: "gzip", body: HUGE }),
    isHeavy: true,
    end: "BAD_ANSWER",
    requests: 1,
  },
  {
    where: "an answer says that it is compressed, and is not",
    faults: always({ headers: { "Content-Encoding": "gzip" } }),
    end: "complete",
    requests: CLEAN,
  },
  {
    where: "an answer of a right page says another content type",
    faults: always({ headers: { "Content-Type": "text/html" } }),
    end: "complete",
    requests: CLEAN,
  },
  {
    where: "other answers come before the final one",
    count: () => 1,
    faults: (cell) => [
      forList(cell, {
        times: -1,
        raw: `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${http(pageOf(cell, 1))}`,
      }),
    ],
    end: "complete",
    requests: [1, 2],
  },
  {
    where: "an answer that is none comes first, and then nothing",
    faults: always({ raw: "HTTP/1.1 103 Early Hints\r\n\r\n" }),
    end: "UNREACHABLE",
    requests: MAX_TRIES,
  },
  {
    where: "an answer has two lengths",
    faults: always({
      raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    }),
    end: "UNREACHABLE",
    requests: MAX_TRIES,
  },
  // What speaks no HTTP will not learn it.
  ...[
    ["is no HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["has a head without an end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n{}`],
    ["has a broken chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
  ].map(([how, raw]): Row => ({
    where: `what answers ${how}`,
    faults: always({ raw }),
    end: "UNREACHABLE",
    requests: 1,
  })),
];

/** The whole answer, a byte a character. */
function http(body: string): string {
  const bytes = Buffer.from(body).toString("latin1");
  return `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`;
}

testMatrix(ROWS);
