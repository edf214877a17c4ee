// `npm run mutation -- <room>`: does a test of the room notice when a line of it is changed?
import { pathToFileURL } from "node:url";

const room = process.env.ROOM;
// What processes that wait for each other or are killed prove: too slow for each mutant.
const leftOut =
  { lock: ["alone", "file", "steps"], cloud: ["client", "http", "queue", "sign-in", "undici"] }[
    room
  ] ?? [];

export default {
  room,
  leftOut,
  mutate: [`lib/${room}/**/*.ts`, ...leftOut.map((name) => `!lib/${room}/${name}.ts`)],
  testRunner: "room",
  plugins: [pathToFileURL("test/mutation/runner.mjs").href],
  coverageAnalysis: "perTest",
  tsconfigFile: "none",
  ignorePatterns: ["bench", "dist", "reports"],
  concurrency: 2,
  // Beyond the time that the tests take: what waits in vain does so for each mutant.
  timeoutMS: 10_000,
  warnings: { slow: false, unknownOptions: false },
  reporters: ["clear-text", "html", "progress-append-only"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: `reports/mutation/${room}.html` },
};
