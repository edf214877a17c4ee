import { BackupService } from "../model/service";
import { SERVICES } from "../services/registry";

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
