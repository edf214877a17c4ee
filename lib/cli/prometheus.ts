import { printable } from "../model/text";
import { RuleLevel } from "../restore/rules";
import { Judged, Verdict } from "./verdict";

type Labels = readonly (readonly [name: string, value: string])[];

/** One metric: its samples by their labels, each once, as a file with the same ones twice is refused as a whole. */
class Metric {
  private readonly samples = new Map<string, number>();

  constructor(
    private readonly name: string,
    private readonly help: string,
    /** What is said of several that have the same labels: the worst. */
    private readonly worst: (one: number, other: number) => number = Math.max,
  ) {}

  public set(labels: Labels, value: number): void {
    const key = labels.map(([name, text]) => `${name}="${escaped(text)}"`).join(",");
    const before = this.samples.get(key);
    this.samples.set(key, before === undefined ? value : this.worst(before, value));
  }

  public lines(): string[] {
    const name = `cdktf_backups_${this.name}`;
    const lines = [...this.samples].map(([labels, value]) => {
      return `${name}${labels === "" ? "" : `{${labels}}`} ${value}`;
    });
    if (lines.length === 0) return [];
    return [`# HELP ${name} ${this.help}`, `# TYPE ${name} gauge`, ...lines];
  }
}

/** The text exposition format, without timestamps, which node_exporter's textfile collector refuses. */
export function prometheus({ asOf, judged, services }: Verdict): string {
  const age = new Metric(
    "newest_age_seconds",
    "Age of the newest usable backup, or of the end of the newest incremental one.",
  );
  const known = new Metric(
    "instance_known",
    "Whether the lookups of the instance succeeded.",
    Math.min,
  );
  const listed = new Metric(
    "service_known",
    "Whether the instances of the service could be listed.",
    Math.min,
  );
  const ofInstance = new Metric(
    "instance_findings",
    "Findings of the instance, by their level.",
    (one, other) => one + other,
  );
  const findings = new Metric("findings", "Findings by their rule and level.");
  const suppressed = new Metric("suppressed_findings", "Findings that are suppressed.");
  const time = new Metric("as_of_timestamp_seconds", "The moment that ages count back from.");
  for (const { problem, word } of services) listed.set([["service", word]], problem ? 0 : 1);
  for (const each of judged) {
    const { kept, newest, problem } = each;
    const who = labelsOf(each);
    known.set(who, problem ? 0 : 1);
    if (newest) age.set(who, (asOf.getTime() - newest.getTime()) / 1_000);
    if (problem) continue;
    for (const level of LEVELS) {
      const own = kept.filter((finding) => finding.level === level);
      ofInstance.set([...who, ["level", level]], own.length);
    }
  }
  const counts = new Map<string, number>();
  for (const { level, rule } of judged.flatMap(({ kept }) => kept)) {
    const key = `${rule} ${level}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Those without a finding as well: a series that comes and goes can't be alerted on.
  for (const { id, level } of judged.flatMap(({ rules }) => rules)) {
    const count = counts.get(`${id} ${level}`) ?? 0;
    findings.set(
      [
        ["rule", id],
        ["level", level],
      ],
      count,
    );
  }
  suppressed.set([], judged.flatMap((each) => each.suppressed).length);
  time.set([], asOf.getTime() / 1_000);
  const metrics = [age, known, listed, ofInstance, findings, suppressed, time];
  return `${metrics.flatMap((metric) => metric.lines()).join("\n")}\n`;
}

const LEVELS = [RuleLevel.ERROR, RuleLevel.WARNING];

function labelsOf({ id, label, name, word }: Judged): Labels {
  return [
    ["service", word],
    ["instance", id ?? (name === undefined ? label : "")],
    ["name", name ?? ""],
  ];
}

function escaped(text: string): string {
  return printable(text).replace(/[\\"]/g, "\\$&");
}
