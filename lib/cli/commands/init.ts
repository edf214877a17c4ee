import { refusal } from "../../model/errors";
import { shown } from "../../model/text";
import { ExitCode } from "../exit";
import { json } from "../formats";
import { initProject } from "../init";
import { Told } from "../output";

export interface InitArguments {
  readonly framework: string;
  readonly pipeline: string;
}

/** A new project. */
export function init(folder: string, options: InitArguments): Told {
  const { files, next } = initProject({
    folder,
    framework: oneOf("--framework", options.framework, ["cdktf", "cdktn"]),
    pipeline: oneOf("--pipeline", options.pipeline, ["github", "gitlab", "none"]),
  });
  return {
    exit: ExitCode.MET,
    as: { text: () => next.join("\n"), json: () => json({ folder, files }) },
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const known = allowed.find((each) => each === value);
  if (known !== undefined) return known;
  throw refusal(
    "INVALID_ARGUMENT",
    `${option} is ${shown(value)}`,
    `Allowed: ${allowed.join(", ")}.`,
  );
}
