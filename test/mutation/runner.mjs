// Runs the tests of a room for Stryker. Its own runner for jest loads every test file anew for each mutant,
// which takes hours; here they stay loaded, but for a mutant in what a module does as it is loaded.
import { mkdtempSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIXTURES = ["beforeAll", "beforeEach", "afterEach", "afterAll"];
let sandbox, require, tests, suite, files;
const took = new Map();

const describe = (name, body) => {
  // Too slow for each mutant; so is a test with a timeout of its own.
  if (name === "through the real terraform") return;
  const outer = suite;
  suite = { outer, name: outer ? `${outer.name} ${name}` : name };
  for (const when of FIXTURES) suite[when] = [];
  body();
  suite = outer;
};
const test = (name, run, timeout) =>
  timeout || tests.push({ id: `${suite.name} ${name}`, run, suite, files });

function prepare() {
  sandbox = process.cwd();
  require = createRequire(join(sandbox, "package.json"));
  require("tsx/cjs");
  const { bind } = require("jest-each");
  const { ModuleMocker } = require("jest-mock");
  const mocker = new ModuleMocker(globalThis);
  Object.assign(globalThis, { describe, test, expect: require("expect").expect });
  for (const when of FIXTURES) globalThis[when] = (run) => suite[when].push(run);
  describe.each = bind(describe, false);
  test.each = bind(test, false);
  globalThis.jest = {
    spyOn: mocker.spyOn.bind(mocker),
    requireActual: require,
    isolateModules(run) {
      const before = forget();
      run();
      Object.assign(require.cache, before);
    },
  };
  // The same verdict in every run, without the time of thousands of cases, or of a smaller one that fails.
  const { default: fc } = require("fast-check");
  const assert = (property, { numRuns = 100 } = {}) =>
    fc.assert(property, { seed: 13, endOnFailure: true, numRuns: Math.min(numRuns, 50) });
  require.cache[require.resolve("fast-check")].exports = {
    default: { ...fc, assert },
    __esModule: true,
  };
  process.chdir(mkdtempSync(join(tmpdir(), "mutation-")));
}

/** Takes the modules of this repository out of the cache. */
function forget() {
  const own = Object.keys(require.cache).filter((file) => !file.includes("node_modules"));
  const before = own.map((file) => [file, require.cache[file]]);
  for (const file of own) delete require.cache[file];
  return Object.fromEntries(before);
}

function load({ room, leftOut }) {
  if (!sandbox) prepare();
  forget();
  [tests, suite] = [[]];
  const folder = join(sandbox, "test", room);
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    if (!name.endsWith(".test.ts") || leftOut.includes(name.split(".")[0])) continue;
    files = new Set();
    describe(name, () => require(join(folder, name)));
    gather(require.cache[join(folder, name)]);
  }
}

/** What the tests that are being loaded can reach: no other mutant is theirs. */
function gather({ filename, children }) {
  if (files.has(filename)) return;
  files.add(filename);
  children.forEach(gather);
}

const outerFirst = (suite) => (suite ? [...outerFirst(suite.outer), suite] : []);

async function each(suites, when) {
  for (const suite of suites) for (const run of suite[when]) await run();
}

async function judge(test, begun) {
  const suites = outerFirst(test.suite);
  const start = Date.now();
  try {
    const fresh = suites.filter((each) => !begun.has(each));
    fresh.forEach((each) => begun.add(each));
    await each(fresh, "beforeAll");
    await each(suites, "beforeEach");
    await test.run();
  } catch (error) {
    return String(error?.stack ?? error);
  } finally {
    took.set(test.id, Date.now() - start);
    await each(suites.toReversed(), "afterEach");
  }
}

class RoomRunner {
  static inject = ["options"];

  constructor(options) {
    this.options = options;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    load(this.options);
    const stryker = globalThis.__stryker__;
    const begun = new Set();
    const results = [];
    for (const test of tests) {
      stryker.currentTestId = test.id;
      const failureMessage = await judge(test, begun);
      stryker.currentTestId = undefined;
      const [id, status] = [test.id, failureMessage ? 1 : 0];
      results.push({ id, name: id, status, failureMessage, timeSpentMs: took.get(id) });
    }
    await each(begun, "afterAll");
    return { status: "complete", tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, sandboxFileName }) {
    const isStatic = mutantActivation === "static";
    const stryker = (globalThis.__stryker__ ??= {});
    Object.assign(stryker, { hitLimit, hitCount: hitLimit && 0 });
    stryker.activeMutant = isStatic ? activeMutant.id : undefined;
    try {
      if (isStatic || !this.isClean) load(this.options);
    } catch (error) {
      return { status: "error", errorMessage: String(error) };
    }
    this.isClean = !isStatic;
    stryker.activeMutant = activeMutant.id;
    const begun = new Set();
    const covering = tests.filter(({ id, files }) =>
      testFilter ? testFilter.includes(id) : files.has(sandboxFileName),
    );
    let nrOfTests = 0;
    try {
      for (const test of covering.sort((a, b) => (took.get(a.id) ?? 0) - (took.get(b.id) ?? 0))) {
        nrOfTests++;
        const failureMessage = await judge(test, begun);
        if (stryker.hitCount > hitLimit) return { status: "timeout" };
        if (failureMessage)
          return { status: "killed", killedBy: [test.id], failureMessage, nrOfTests };
      }
      return { status: "survived", nrOfTests };
    } finally {
      await each(begun, "afterAll");
    }
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "room", injectableClass: RoomRunner }];
