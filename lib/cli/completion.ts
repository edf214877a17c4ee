import type { Command } from "commander";
import { refusal } from "../model/errors";
import { shown } from "../model/text";
import { LISTS } from "./arguments";

/** The script by which a shell asks, for its start-up file. */
export function scriptOf(shell: string): string {
  if (Object.hasOwn(SCRIPTS, shell)) return SCRIPTS[shell]!;
  throw refusal(
    "INVALID_ARGUMENT",
    `${shown(shell)} is no shell that is known`,
    `Allowed: ${Object.keys(SCRIPTS).join(", ")}.`,
  );
}

/**
 * What can stand in place of the last word, a line each, with what it means behind a tab. Nothing is looked
 * up: it is asked at each press of TAB.
 */
export function candidates(program: Command, words: readonly string[]): string {
  let command = program;
  for (const word of words.slice(0, -1)) {
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  // bash makes `--format=te` three words; PowerShell before 7.3 can't pass an empty one.
  const isAfterSign = words.at(-2) === "=" || words.at(-1) === "=";
  const before = words.at(isAfterSign ? (words.at(-1) === "=" ? -2 : -3) : -2);
  const current = ["=", '""'].includes(words.at(-1) ?? "") ? "" : (words.at(-1) ?? "");
  return choices(command, before, current)
    .filter(([name]) => name.startsWith(current))
    .map((each) => `${each.join("\t")}\n`)
    .join("");
}

type Choice = readonly [name: string, meaning?: string];

function choices(command: Command, before: string | undefined, current: string): readonly Choice[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command);
  const asked = options.find(
    ({ long, short }) => before !== undefined && [long, short].includes(before),
  );
  if (asked?.required) {
    // The description of a format begins with them.
    const formats = asked.long === "--format" ? asked.description.replace(/ \(.*/, "") : "";
    return formats === "" ? [] : formats.split(", ").map((name) => [name]);
  }
  if (current.startsWith("-")) {
    return options.flatMap(({ description, long }) => (long ? [[long, description] as const] : []));
  }
  const commands = help.visibleCommands(command);
  if (commands.length > 0) return commands.map((each) => [each.name(), each.description()]);
  const [argument] = command.registeredArguments;
  if (argument?.name() === "service") {
    const words = [...Object.keys(LISTS), ...(argument.variadic ? ["all"] : [])];
    return words.map((name) => [name]);
  }
  return argument?.name() === "shell" ? Object.keys(SCRIPTS).map((name) => [name]) : [];
}

// What was typed is passed on as words, never evaluated.
const SCRIPTS: { readonly [shell: string]: string } = {
  bash: `_cdktf_backups() {
  local IFS=$'\\n'
  COMPREPLY=( $(cdktf-backups complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1) )
}
complete -o default -F _cdktf_backups cdktf-backups
`,
  zsh: `#compdef cdktf-backups
_cdktf_backups() {
  local -a found
  found=("\${(@f)$(cdktf-backups complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null | tr '\\t' ':')}")
  if [[ -n $found[1] ]]; then _describe cdktf-backups found; else _files; fi
}
compdef _cdktf_backups cdktf-backups
`,
  fish: `function __cdktf_backups
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  cdktf-backups complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c cdktf-backups -a '(__cdktf_backups)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName cdktf-backups -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '""' }
  cdktf-backups complete -- @words 2>$null | ForEach-Object {
    $name, $meaning = $_ -split "\`t", 2
    if (-not $meaning) { $meaning = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $meaning)
  }
}
`,
};
