/* eslint-disable @typescript-eslint/no-require-imports */
import { Command, Option } from "commander";
import { tell } from "../cloud/notice";
import { Format, Told } from "./output";
import { Terminal } from "./terminal";

/** Runs what a command line says. */
export type Run = (
  work: (terminal: Terminal) => Told | Promise<Told>,
  formats: readonly Format[],
  options: OutputOptions,
) => Promise<void>;

/** What every command that tells something knows. */
export interface OutputOptions {
  readonly format?: string;
  readonly out?: readonly string[];
}

/** All commands. What each does is loaded when it is called: a command line is slow enough without the others. */
export function programOf(version: string, run: Run): Command {
  const program = new Command("cdktf-backups")
    .description(
      "The database backups of Huawei Cloud and Open Telekom Cloud: looked at, judged, compared.",
    )
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(--help tells more)")
    .addHelpText("after", AFTER);

  cloudOptions(
    program
      .command("list")
      .description("which backups there are")
      .argument("<service...>", SERVICES_HELP)
      .option("--instance <id>", "of one instance, by its id")
      .option("--name <name>", "of one instance, by its name")
      .option("--kind <kind>", "automatic, manual, incremental or fragment")
      .option("--within <duration>", "begun so long ago at most, such as 7d")
      .option("--instances", "the instances, each with its newest restorable backup"),
  );
  telling(program, "list", ["text", "json", "ndjson", "csv", "markdown"], run, (args) => {
    const { list } = require("./commands/list") as typeof import("./commands/list");
    return (options, terminal) => list(args[0] as string[], options, terminal);
  });

  cloudOptions(
    program
      .command("decide")
      .description("which backup or moment would be restored, and why not the others")
      .argument("<service>", SERVICE_HELP)
      .option("--instance <id>", "the instance, by its id")
      .option("--name <name>", "the instance, by its name")
      .option("--before <time>", "the newest backup that was complete by then")
      .option("--at <time>", "the instance as it was at that moment")
      .option("--newest-moment", "the newest moment that can be restored to")
      .option("--id <backup>", "the backup of that id")
      .option("--kind <kind>", "automatic, manual or fragment")
      .option("--name-glob <glob>", "a backup so named: * is any text, ? any character")
      .option("--max-age <duration>", "older than that is not good enough, such as 26h"),
  );
  telling(program, "decide", ["text", "json", "markdown"], run, (args) => {
    const { decide } = require("./commands/decide") as typeof import("./commands/decide");
    return (options, terminal) => decide(args[0] as string, options, terminal);
  });

  cloudOptions(
    program
      .command("report")
      .description("what there is, as one page to be looked at: -o html=recovery.html")
      .argument("[service...]", SERVICES_HELP)
      .option("--lock <file>", "of a lock file, asking nobody")
      .option("--rpo <duration>", "the recovery point objective (default: 26h)")
      .option("--within <duration>", "backups begun so long ago at most, such as 30d")
      .option("--title <text>", "what stands at its top"),
  );
  telling(program, "report", ["text", "html"], run, (args) => {
    const { report } = require("./commands/report") as typeof import("./commands/report");
    return (options) => report(args[0] as string[], options);
  });

  program
    .command("init")
    .description("a new project: a stack, its tests, a pipeline and a lock")
    .argument("<folder>", "empty, or not there yet; the project has its name")
    .option("--framework <framework>", "cdktf or cdktn", "cdktf")
    .option("--pipeline <pipeline>", "github, gitlab or none", "github");
  telling(program, "init", ["text", "json"], run, (args) => {
    const { init } = require("./commands/init") as typeof import("./commands/init");
    return (options) => init(args[0] as string, options);
  });

  placeOptions(
    program
      .command("doctor")
      .description(
        "what works of the environment, the sign-in and each service, and what to change",
      )
      .argument("[service...]", `${SERVICES_HELP} (default: all)`),
  );
  telling(program, "doctor", ["text", "json", "markdown"], run, (args) => {
    const { doctor } = require("./commands/doctor") as typeof import("./commands/doctor");
    return (options, terminal) => doctor(args[0] as string[], options, terminal, tell);
  });

  program
    .command("emulate")
    .description("the APIs on this machine, for any client, until Ctrl-C; tells its variables")
    .option("--port <first>", "the first of eight ports in a row (default: as the system picks)")
    .option("--generate <n>", "so many backups of one instance of each service")
    .option("--shell <shell>", "sh, fish, powershell, dotenv or json (default: sh)")
    .option("--log", "each request on standard error")
    .action((options) => {
      const { emulate } = require("./commands/emulate") as typeof import("./commands/emulate");
      return run(() => emulate(options), ["text"], {});
    });

  program
    .command("completion")
    .description("the script that completes command lines in bash, zsh, fish or powershell")
    .argument("<shell>")
    .action((shell: string) => {
      const { scriptOf } = require("./completion") as typeof import("./completion");
      return run(() => ({ exit: 0, as: { text: () => scriptOf(shell) } }), ["text"], {});
    });
  program
    .command("complete", { hidden: true })
    .argument("[word...]")
    .action((words: string[]) => {
      const { candidates } = require("./completion") as typeof import("./completion");
      return run(() => ({ exit: 0, as: { text: () => candidates(program, words) } }), ["text"], {});
    });

  const lock = program
    .command("lock")
    .description("what the lock file holds: how old, whose, what has changed");
  lock
    .command("status")
    .description("what it holds, how old, whose; whether all of it can be read")
    .argument("[file]", LOCK_HELP)
    .option("--max-age <duration>", "older answers that a stack uses end it with 2, such as 26h")
    .option("--as-of <time>", "the moment that ages count back from (default: now)");
  telling(lock, "status", ["text", "json", "markdown"], run, (args) => {
    const { lockStatus } =
      require("./commands/lock-status") as typeof import("./commands/lock-status");
    return (options, terminal) => lockStatus(args[0] as string | undefined, options, terminal);
  });
  lock
    .command("renew")
    .description("asks anew for what the stacks of the lock ask, and writes the answers")
    .argument("[file]", LOCK_HELP)
    .option("--only <glob>", "what is so labelled, or asked by constructs of such a path")
    .option("--take-over", "also where another host or project answers than the last time")
    .option("--ca-file <file>", "a CA to trust besides")
    .option("--timeout <duration>", "how long all lookups may take (default: 2m)");
  telling(lock, "renew", ["text", "json", "markdown"], run, (args) => {
    const { lockRenew } =
      require("./commands/lock-renew") as typeof import("./commands/lock-renew");
    return (options) => lockRenew(args[0] as string | undefined, options);
  });
  lock
    .command("diff")
    .description("what a change of it means, in sentences")
    .argument("[before]", "a lock file, or a revision of git (default: HEAD)")
    .argument("[after]", "a lock file, or a revision of git (default: the file as it is)")
    .option("--file <file>", "the lock file of the revisions (default: backups.lock.json)")
    .option("--fail-on <what>", "change, or decision: ends it with 2 where that differs");
  telling(lock, "diff", ["text", "json", "markdown"], run, (args) => {
    const { lockDiff } = require("./commands/lock-diff") as typeof import("./commands/lock-diff");
    const [before, after] = args as (string | undefined)[];
    return (options) => lockDiff(before, after, options);
  });
  lock
    .command("prune")
    .description("removes what no stack of the lock asks any more")
    .argument("[file]", LOCK_HELP)
    .option("--older-than <duration>", "only what was answered so long ago, such as 30d")
    .option("--stack <id>", "and a stack that is gone; may be repeated", collected, [])
    .option("--dry-run", "writes nothing, and says what it would remove");
  telling(lock, "prune", ["text", "json", "markdown"], run, (args) => {
    const { lockPrune } =
      require("./commands/lock-prune") as typeof import("./commands/lock-prune");
    return (options) => lockPrune(args[0] as string | undefined, options);
  });

  program
    .command("explain")
    .description("what a synthesised stack decided, and why")
    .argument("[stack]", "its id (default: all)")
    .option(
      "-d, --output-dir <folder>",
      "what the synthesis wrote (default: `output` of cdktf.json, else cdktf.out)",
    )
    .option("--fail-on <level>", "error or warning: findings that end it with 2 (default: error)");
  telling(program, "explain", ["text", "json", "markdown"], run, (args) => {
    const { explain } = require("./commands/explain") as typeof import("./commands/explain");
    return (options, terminal) => explain(args[0] as string | undefined, options, terminal);
  });

  cloudOptions(
    program
      .command("check")
      .description("whether the backups keep a recovery policy")
      .argument("[file]", "the policy (default: backups.policy.yaml, .yml or .json)")
      .option("--lock <file>", "judge what a lock file holds, and ask nobody")
      .option("--fail-on <level>", "error or warning (default: error)"),
  );
  telling(program, "check", CHECK_FORMATS, run, (args) => {
    const { check } = require("./commands/check") as typeof import("./commands/check");
    return (options, terminal) => check(args[0] as string | undefined, options, terminal, version);
  });

  return program;
}

const LOCK_HELP = "the lock file (default: backups.lock.json, where cdktf.json lies)";

const CHECK_FORMATS: readonly Format[] = [
  ...(["text", "json", "ndjson", "csv", "markdown"] as const),
  ...(["junit", "sarif", "prometheus"] as const),
];

const SERVICE_HELP = "gaussdb, rds, geminidb, dcs, taurusdb, taurusdb-incremental or dds";
const SERVICES_HELP = `${SERVICE_HELP}; all is all but taurusdb-incremental`;

const AFTER = `
Credentials come from the environment (HW_*, OS_*, clouds.yaml), as for the library: docs/connecting.md.

Exit codes: 0 met, 1 wrong use or environment, 2 findings, 3 a lookup failed so nothing is known, 130 Ctrl-C.`;

/** Whom to ask: of each command that asks the cloud. */
export function cloudOptions(command: Command): Command {
  return placeOptions(command).option(
    "--as-of <time>",
    "the moment that ages count back from (default: now)",
  );
}

/** The same for what tells no age. */
function placeOptions(command: Command): Command {
  return command
    .option("--cloud <cloud>", "otc or huaweicloud (default: by the environment)")
    .option("--region <region>", "such as eu-de (default: by the environment)")
    .option("--project <id>", "the id of the project (default: by the environment)")
    .option("--project-name <name>", "its name")
    .option("--ca-file <file>", "a CA to trust besides")
    .option("--timeout <duration>", "how long all lookups may take (default: 2m)");
}

type Work = (options: any, terminal: Terminal) => Told | Promise<Told>;

/** Gives the command, one of `parent`'s, its formats and what it does. */
export function telling(
  parent: Command,
  name: string,
  formats: readonly Format[],
  run: Run,
  load: (args: readonly unknown[]) => Work,
): void {
  const command = parent.commands.find((each) => each.name() === name)!;
  command
    .addOption(
      new Option("-f, --format <format>", `${formats.join(", ")} (default: ${formats[0]})`),
    )
    .option("-o, --out <format=file>", "into a file besides; may be repeated", collected, [])
    .action(async (...args: unknown[]) => {
      const options = command.opts();
      await run((terminal) => load(args)(options, terminal), formats, options);
    });
}

function collected(value: string, former: readonly string[]): string[] {
  return [...former, value];
}
