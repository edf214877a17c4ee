import { declareFor } from "../lookup/caller";
import { Lookup } from "../lookup/lookup";
import { lastDays } from "../lookup/moments";
import { onlyOf } from "../lookup/only-of";
import { isJudged, labelOf, subjectOfInstance, subjectOfQuery } from "../query/subjects";
import { BackupsError, refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { RestoreWindow } from "../model/window";
import { windowsOf } from "../query/question";
import { Rule, RuleLevel, RULES, valuesIn } from "../restore/rules";
import { windowGap } from "../restore/rules/window-gap";
import { fullListOf, SERVICES } from "../services/registry";
import { forCommand } from "./advice";
import { CloudOptions, Enquiry } from "./enquiry";
import { InstanceQuery, membersOf } from "./gather";
import { lackNotes, LeftOut, leftOutNotes } from "./notes";
import { Policy, PolicyInstance, PolicyService, refuseTwice } from "./policy";
import {
  Judged,
  JudgedService,
  judgedOf,
  refuseSeveral,
  strayNotes,
  unknownOf,
  Verdict,
  Who,
} from "./verdict";

const LACKS = {
  instance: "the backup policy is asked for of what stands under services alone",
  windows: "windows are asked for of what stands under instances alone",
};

/** What the cloud says of a policy's instances; nothing is asked before all of it is checked. */
export async function judgedByCloud(
  policy: Policy,
  options: CloudOptions,
  failOn: RuleLevel,
): Promise<Verdict> {
  return new Judging(policy, options).verdict(failOn);
}

class Judging {
  private readonly enquiry: Enquiry;
  private readonly windows = new Map<PolicyInstance, Lookup<RestoreWindow[]>>();
  private readonly notes: string[] = [];
  private readonly leftOut: LeftOut[] = [];

  constructor(
    private readonly policy: Policy,
    options: CloudOptions,
  ) {
    const asked = [...policy.services, ...policy.instances].map(({ which }) => which.service);
    this.enquiry = new Enquiry(withWhom(options, policy), [...new Set(asked)]);
  }

  public async verdict(failOn: RuleLevel): Promise<Verdict> {
    const { enquiry, policy } = this;
    const fleets = policy.services.map((service) => {
      const own = this.membersIn(service);
      const withPolicies = [policy, ...own].some(({ rules }) => rules.some(needsInstance));
      const { which } = service;
      return { service, own, found: membersOf(enquiry, which, policy.within, withPolicies) };
    });
    const words = new Set(policy.services.map(({ word }) => word));
    const singles = policy.instances
      .filter(({ word }) => !words.has(word))
      .map((given) => {
        const { within } = policy;
        return { given, query: new InstanceQuery(enquiry, given.which, given, { within }) };
      });
    for (const given of policy.instances) this.declareWindows(given, given.id);
    await enquiry.load();
    const known = fleets.map(({ found, ...fleet }) => ({ ...fleet, outcome: found() }));
    // Their ids are known now.
    for (const { own, outcome } of known) {
      for (const given of own) {
        const [one, another] = outcome.value?.instances.filter(isOf(given)) ?? [];
        if (!another) this.declareWindows(given, one?.instance.id);
      }
    }
    for (const { given, query } of singles) this.declareWindows(given, query.instance?.id);
    this.refuseTwice([
      ...known.flatMap(({ own, outcome }) =>
        own.flatMap((given) => {
          const [one, another] = outcome.value?.instances.filter(isOf(given)) ?? [];
          return one && !another ? [{ given, id: one.instance.id }] : [];
        }),
      ),
      ...singles.map(({ given, query }) => ({ given, id: given.id ?? query.instance?.id })),
    ]);
    await enquiry.load();
    const judged = [
      ...known.flatMap(({ service, own, outcome }) => this.ofFleet(service, own, outcome)),
      ...singles.flatMap(({ given, query }) => this.ofSingle(given, query)),
    ];
    refuseSeveral(policy, judged);
    const services = known.map(({ service, outcome }): JudgedService => {
      const problem = outcome.problem && forCommand(outcome.problem);
      return { word: service.word, problem, place: this.placeOf(service) };
    });
    const all = { asOf: enquiry.asOf, failOn, services, judged };
    // Warnings last: the command tells a few notes, and of the others how many there are.
    const notes = [
      ...lackNotes(policy, judged, LACKS),
      ...leftOutNotes(policy, this.leftOut, enquiry.asOf),
      ...strayNotes(policy, all),
      ...this.notes,
    ];
    return { ...all, notes: [...new Set(notes)] };
  }

  /** One by its name and another by its id may be the same. */
  private refuseTwice(all: readonly { readonly given: PolicyInstance; readonly id?: string }[]) {
    const seen = new Map<string, PolicyInstance>();
    for (const { given, id } of all) {
      if (id === undefined) continue;
      const key = JSON.stringify([given.word, id]);
      const before = seen.get(key);
      if (before) refuseTwice(this.policy, before, given);
      seen.set(key, given);
    }
  }

  private membersIn({ word }: PolicyService): PolicyInstance[] {
    return this.policy.instances.filter((each) => each.word === word);
  }

  private ofFleet(
    service: PolicyService,
    own: readonly PolicyInstance[],
    { problem, value }: ReturnType<ReturnType<typeof membersOf>>,
  ): Judged[] {
    if (!value) {
      // The service tells it as well; but who was named is to be seen.
      return own.map((given) => unknownOf(this.whoIs(given), problem!));
    }
    const { asOf } = this.enquiry;
    this.notes.push(...value.warnings);
    const several = severalIn(own, value.instances);
    const judged = value.instances.flatMap((found) => {
      const { backups, instance } = found;
      const given = givenOf(own, found);
      const who = this.whoFound(instance, given ?? service);
      const problem = given && several.get(given);
      if (problem) return [unknownOf(who, problem)];
      if (!isJudged(instance)) return this.without({ word: service.word, instance, given });
      const outcome = Outcome.of(() => {
        const of = { instance, backups: backups.required };
        const subject = subjectOfInstance(of, pathOf(who), this.policy.within, asOf);
        const windows = given && this.windowsOf(given);
        const wanted = given ?? this.policy;
        return judgedOf(who, { ...subject, windows }, wanted, this.policy, asOf);
      });
      return [outcome.value ?? unknownOf(who, outcome.problem!)];
    });
    if (judged.length === 0) this.notes.push(`${service.word}: there is no instance to be judged`);
    const missing = own.filter((given) => !value.instances.some(isOf(given)));
    // A name that several have, each of which stands there by its id.
    const unheard = [...several].filter(([given]) => {
      return !value.instances.some((each) => givenOf(own, each) === given);
    });
    return [
      ...judged,
      ...missing.map((given) => this.missing(given)),
      ...unheard.map(([given, twins]) => unknownOf(this.whoIs(given), twins)),
    ];
  }

  /** One that should have no backup is noted, and is neither met nor missed. */
  private without(each: LeftOut): Judged[] {
    this.leftOut.push(each);
    return [];
  }

  private missing(given: PolicyInstance): Judged {
    const who = this.whoIs(given);
    const problem = refusal(
      "INSTANCE_NOT_FOUND",
      `${who.label} is not among those that the service lists`,
      "Check its id or name, the region and the project, or take it out of the policy.",
    );
    return unknownOf(who, problem);
  }

  private ofSingle(given: PolicyInstance, query: InstanceQuery): Judged[] {
    const { asOf } = this.enquiry;
    const { instance } = query;
    if (instance && !isJudged(instance)) return this.without({ word: given.word, instance, given });
    const outcome = Outcome.of(() => {
      const { backups, warnings } = query.outcome().required;
      this.notes.push(...warnings);
      const name = instance?.name ?? backups.find((each) => each.instanceName)?.instanceName;
      const id = query.query.instanceId;
      const who = { ...this.whoIs(given), id, name: given.name ?? name };
      const isKnown = instance && given.which.list === fullListOf(given.which.service);
      const subject = isKnown
        ? subjectOfInstance({ instance, backups }, pathOf(who), this.policy.within, asOf)
        : subjectOfQuery(query.query, pathOf(who), backups, asOf);
      const windows = this.windowsOf(given);
      return judgedOf(who, { ...subject, windows }, given, this.policy, asOf);
    });
    return [outcome.value ?? unknownOf(this.whoIs(given), outcome.problem!)];
  }

  private declareWindows(given: PolicyInstance, id: string | undefined): void {
    const within = valuesIn(given.rules, windowGap)?.within;
    if (!within || id === undefined || this.windows.has(given)) return;
    const question = windowsOf(given.which.service, id, lastDays(within));
    if (question) this.windows.set(given, declareFor(this.enquiry, question));
  }

  private windowsOf(given: PolicyInstance): RestoreWindow[] | undefined {
    const lookup = this.windows.get(given);
    return lookup && this.enquiry.session.settle(lookup).required;
  }

  private whoFound(instance: Instance, given: PolicyService): Who {
    const { id, name } = instance;
    const label = labelOf(instance);
    return { word: given.word, id, name, label, place: this.placeOf(given) };
  }

  private whoIs(given: PolicyInstance): Who {
    const { id, name, which, word } = given;
    const label = `${SERVICES[which.service].label} instance ${name ?? id}`;
    return { word, id, name, label, place: this.placeOf(given) };
  }

  private placeOf({ line }: PolicyService) {
    return { file: this.policy.file, line };
  }
}

function isOf({ id, name }: PolicyInstance) {
  return ({ instance }: { readonly instance: Instance }) =>
    id === undefined ? instance.name === name : instance.id === id;
}

/** The names that several have, and why nothing is known of them. */
function severalIn(
  own: readonly PolicyInstance[],
  all: readonly { readonly instance: Instance }[],
): Map<PolicyInstance, BackupsError> {
  const several = own.flatMap((given) => {
    const found = all.filter(isOf(given)).map(({ instance }) => instance);
    if (found.length < 2) return [];
    const { problem } = Outcome.of(() => onlyOf(found, given.which.service, given.name, () => []));
    return [[given, problem!] as const];
  });
  return new Map(several);
}

/** What the policy says of it by itself: by its id before its name. */
function givenOf(
  own: readonly PolicyInstance[],
  found: { readonly instance: Instance },
): PolicyInstance | undefined {
  const fitting = own.filter((each) => isOf(each)(found));
  return fitting.find(({ id }) => id !== undefined) ?? fitting[0];
}

function pathOf({ id, name, word }: Who): string {
  return `${word}/${id ?? name}`;
}

/** What the command line says counts; of a project it says it by its id or by its name. */
function withWhom(options: CloudOptions, { whom }: Policy): CloudOptions {
  const isSaid = options.project !== undefined || options.projectName !== undefined;
  return {
    ...options,
    cloud: options.cloud ?? whom.cloud,
    region: options.region ?? whom.region,
    project: isSaid ? options.project : whom.project,
    projectName: isSaid ? options.projectName : whom.projectName,
  };
}

const OF_INSTANCES = new Set(RULES.flatMap(({ id, needs }) => (needs === "instance" ? id : [])));

function needsInstance({ id, level }: Rule): boolean {
  return level !== RuleLevel.OFF && OF_INSTANCES.has(id);
}
