import { BackupsError, errorOf } from "../model/errors";
import { ownerHint } from "./owner";
import type { Question } from "./question";

// What may be because the id is of another service.
const OF_THE_ID = ["INSTANCE_NOT_FOUND", "NOT_FOUND_OR_NOT_PERMITTED", "REFUSED_BY_SERVICE"];
const OF_PERMISSION = ["NOT_PERMITTED", "NOT_FOUND_OR_NOT_PERMITTED"];

/** The same error of a list, saying as well what only its question tells. */
export function advised(error: BackupsError, question: Question<unknown>): BackupsError {
  const { advice, ...details } = error.details;
  const more = [permission(error, question), owner(error, question)].filter(Boolean);
  if (more.length === 0) return error;
  return errorOf({
    ...details,
    advice: [advice, ...more].filter(Boolean).join(" "),
    cause: error.cause,
  });
}

function permission({ code }: BackupsError, { actions }: Question<unknown>): string | undefined {
  if (!OF_PERMISSION.includes(code) || actions.length === 0) return undefined;
  return `The action that allows it: ${actions.join(", or by the kind of policy ")}.`;
}

function owner({ code }: BackupsError, { identity, service }: Question<unknown>) {
  return OF_THE_ID.includes(code) ? ownerHint(identity["instance_id"], service) : undefined;
}
