import { BackupsError, errorOf } from "../model/errors";
import { BackupService } from "../model/service";
import { SERVICES } from "../services/registry";
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

/**
 * That an id looks like one of another service. A hint alone: what ids end in is on no page, but in the published
 * samples of all.
 */
export function ownerHint(instanceId: unknown, service: BackupService): string | undefined {
  const [, ending] = /^[0-9a-z]{32}(in\d\d)$/i.exec(String(instanceId)) ?? [];
  if (ending === undefined) return undefined;
  const isOf = ({ idEndings = [] }: { readonly idEndings?: readonly string[] }) =>
    idEndings.includes(ending.toLowerCase());
  const other = Object.values(SERVICES).find(isOf);
  if (!other || isOf(SERVICES[service])) return undefined;
  return `The id ends in ${ending}, as those of ${other.label} do: is it a query of the right service?`;
}
