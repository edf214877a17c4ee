import type * as cdktf from "cdktf";
import { IConstruct } from "constructs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { BackupsError, refusal } from "../model/errors";

/** The framework that an application is written with: cdktf, or cdktn, which has the same classes. */
export type Framework = typeof cdktf;

const NAMES = ["cdktf", "cdktn"];
const APP = Symbol.for("cdktf/App");
const INSTALL =
  "Install the one that the program imports, once: `npm install cdktf constructs`, or `npm install cdktn constructs` (cdktn 0.24 takes constructs below 10.8). `npm ls cdktf cdktn` shows each copy and who brought it.";

/** Two copies, or both, in one program. */
export function mismatch(what: string, constructPath: string): BackupsError {
  return refusal("FRAMEWORK_MISMATCH", what, INSTALL, { constructPath });
}

// What was loaded once: a test runner may forget its modules between two apps of one program.
const known = new Set<Framework>();
const frameworks = new WeakMap<IConstruct, Framework>();

/**
 * The framework of the application that the construct is in. Both may be installed, and elements of the
 * one crash the synthesis of the other, so the app itself tells, not what can be loaded first.
 */
export function frameworkOf(construct: IConstruct): Framework {
  const { root } = construct.node;
  const framework = frameworks.get(root) ?? find(construct);
  frameworks.set(root, framework);
  return framework;
}

/** What is made once for each framework: classes that extend its own. */
export function ofFramework<T>(make: (framework: Framework) => T): (construct: IConstruct) => T {
  const made = new WeakMap<Framework, T>();
  return (construct) => {
    const framework = frameworkOf(construct);
    const known = made.get(framework) ?? make(framework);
    made.set(framework, known);
    return known;
  };
}

/** A package as this library finds it, then as the program does; loaded when it is its turn. */
export function* installed<T>(name: string): Generator<T> {
  yield* loaded<T>(require, name);
  // Where the library is linked, the program's own place is another one.
  yield* loaded<T>(createRequire(join(process.cwd(), "package.json")), name);
}

function loaded<T>(from: NodeJS.Require, name: string): T[] {
  if (!resolves(from, name)) return [];
  try {
    return [from(name) as T];
  } catch (error) {
    // It is there, and what it needs itself is not.
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return [];
    throw error;
  }
}

/** Every resolver has its own error for what is not there; jest's under Plug'n'Play has no code. */
function resolves(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Whether it is an App, of whichever copy of cdktf or cdktn. */
export function isApp(construct: IConstruct): construct is cdktf.App {
  return APP in construct;
}

function find({ node }: IConstruct): Framework {
  const { path: constructPath, root, scopes } = node;
  const isOwn = ({ App, TerraformStack }: Framework) =>
    root instanceof App ||
    (!(APP in root) && scopes.some((scope) => scope instanceof TerraformStack));
  const own = [...known].find(isOwn);
  if (own) return own;
  const names = new Set<string>();
  for (const name of NAMES) {
    for (const framework of installed<Framework>(name)) {
      known.add(framework);
      if (isOwn(framework)) return framework;
      names.add(name);
    }
  }
  // What is outside of an app is refused for that, by whoever asks.
  const [first] = known;
  if (first && !(APP in root)) return first;
  if (names.size === 0) {
    throw refusal("FRAMEWORK_MISSING", "neither cdktf nor cdktn can be loaded", INSTALL, {
      constructPath,
    });
  }
  throw mismatch(
    `the App is of another copy of cdktf or cdktn than can be loaded here (${[...names].join(" and ")})`,
    constructPath,
  );
}
