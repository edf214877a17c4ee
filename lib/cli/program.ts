/* eslint-disable @typescript-eslint/no-require-imports */
import { Command, Option } from "commander";
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
      .argument("<service>", SERVICES_HELP)
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

const CHECK_FORMATS: readonly Format[] = [
  ...(["text", "json", "ndjson", "csv", "markdown"] as const),
  ...(["junit", "sarif", "prometheus"] as const),
];

const SERVICES_HELP =
  "gaussdb, rds, geminidb, dcs, taurusdb, taurusdb-incremental or dds; all is all of them";

const AFTER = `
Credentials come from the environment (HW_*, OS_*, clouds.yaml), as for the library: docs/connecting.md.

Exit codes: 0 met, 1 wrong use or environment, 2 findings, 3 a lookup failed so nothing is known, 130 Ctrl-C.`;

/** Whom to ask: of each command that asks the cloud. */
export function cloudOptions(command: Command): Command {
  return command
    .option("--cloud <cloud>", "otc or huaweicloud (default: by the environment)")
    .option("--region <region>", "such as eu-de (default: by the environment)")
    .option("--project <id>", "the id of the project (default: by the environment)")
    .option("--project-name <name>", "its name")
    .option("--ca-file <file>", "a CA to trust besides")
    .option("--timeout <duration>", "how long all lookups may take (default: 2m)")
    .option("--as-of <time>", "the moment that ages count back from (default: now)");
}

type Work = (options: any, terminal: Terminal) => Told | Promise<Told>;

/** Gives the command its formats and what it does. */
export function telling(
  program: Command,
  name: string,
  formats: readonly Format[],
  run: Run,
  load: (args: readonly unknown[]) => Work,
): void {
  const command = program.commands.find((each) => each.name() === name)!;
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
