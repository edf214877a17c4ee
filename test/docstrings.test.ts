import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ERROR_CODES } from "../lib/model/error-codes";
import { temporaryFolder } from "./support/programs";

/** What the docstrings of all that a file exports leave out, or say wrongly. */
function gapsIn(file: string): string[] {
  const program = ts.createProgram([file], { noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(
    checker.getSymbolAtLocation(program.getSourceFile(file)!)!,
  );
  return exported.flatMap((symbol) => {
    const isFromElsewhere = symbol.flags & ts.SymbolFlags.Alias;
    const { declarations } = isFromElsewhere ? checker.getAliasedSymbol(symbol) : symbol;
    return declarations?.flatMap((each) => gapsOf(each)) ?? [`${symbol.name} is nowhere`];
  });
}

/** Of what is declared, and of its members. */
function gapsOf(declaration: ts.Declaration, owner?: string): string[] {
  if (!isPublic(declaration)) return [];
  const isConstructor = ts.isConstructorDeclaration(declaration);
  const own = isConstructor ? "constructor" : ts.getNameOfDeclaration(declaration)?.getText();
  const name = owner === undefined ? `${own}` : `${owner}.${own}`;
  return [
    // What a constructor makes stands at its class.
    ...(isConstructor || hasWord(declaration) ? [] : [`${name} has no docstring`]),
    ...parametersOf(declaration)
      .filter((parameter) => !hasWord(parameter))
      .map((parameter) => `${name} has no word on ${parameter.name.getText()}`),
    ...codesIn(declaration)
      .filter((code) => !Object.hasOwn(ERROR_CODES, code))
      .map((code) => `${name} throws ${code}, which is no code`),
    ...membersOf(declaration).flatMap((member) => gapsOf(member, name)),
  ];
}

function isPublic(declaration: ts.Declaration): boolean {
  const isPrivate = ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private;
  const name = ts.getNameOfDeclaration(declaration);
  const tags = ts.getJSDocTags(declaration).map(({ tagName }) => tagName.text);
  return !isPrivate && !(name && ts.isPrivateIdentifier(name)) && !tags.includes("internal");
}

/** A parameter's may be its own or a `@param`. */
function hasWord(declaration: ts.Declaration): boolean {
  return ts
    .getJSDocCommentsAndTags(declaration)
    .some(({ comment }) => /\w/.test(ts.getTextOfJSDocComment(comment) ?? ""));
}

function parametersOf(declaration: ts.Declaration): readonly ts.ParameterDeclaration[] {
  if (!ts.isFunctionLike(declaration)) return [];
  const { parameters } = declaration;
  // The first two of a construct need no word: they mean the same in every stack.
  const [scope, id] = parameters.map(({ name }) => name.getText());
  const isOfConstruct =
    ts.isConstructorDeclaration(declaration) && scope === "scope" && id === "id";
  return isOfConstruct ? parameters.slice(2) : parameters;
}

function codesIn(declaration: ts.Declaration): string[] {
  return ts
    .getJSDocTags(declaration)
    .filter(({ tagName }) => tagName.text === "throws")
    .flatMap(
      ({ comment }) => ts.getTextOfJSDocComment(comment)?.match(/(?<=`)[A-Z_]+(?=`)/g) ?? [],
    );
}

/** A property may be declared by a parameter of the constructor. */
function membersOf(declaration: ts.Declaration): ts.Declaration[] {
  const { members = [] } = declaration as { members?: Iterable<ts.Declaration> };
  return [...members].flatMap((member) => {
    if (!ts.isConstructorDeclaration(member)) return [member];
    const isProperty = (each: ts.Node) => ts.isParameterPropertyDeclaration(each, member);
    return [member, ...member.parameters.filter(isProperty)];
  });
}

describe("the docstrings of the public API", () => {
  test("leave out no class, interface, enum, member or parameter, and name no error that is none", () => {
    expect(gapsIn(join(__dirname, "..", "lib", "index.ts"))).toEqual([]);
  });

  test("or it is said which do", () => {
    const folder = temporaryFolder("docstrings");
    writeFileSync(join(folder, "index.ts"), 'export { Kind, Options, Query } from "./api";');
    writeFileSync(
      join(folder, "api.ts"),
      `
export enum Kind { FULL }
export interface Options { readonly size: number; act(reason: string): void; }
/** A query. */
export class Query extends Construct {
  public static readonly usual: Query;
  constructor(scope: Construct, id: string, private readonly options: Options, public kind: Kind) {}
  /** All. @param since */
  public all(since: Date): string[] {}
  /**
   * The newest.
   * @param until What comes later does not count.
   * @throws \`NOT_FOUND\` where there is none, \`LOST\` where it was.
   */
  public get(until: Date): string {}
  protected find() {}
  private look() {}
  /** @internal */
  public _look() {}
  #look() {}
}
export class NotOfTheApi {}
`,
    );
    expect(gapsIn(join(folder, "index.ts"))).toEqual([
      "Kind has no docstring",
      "Kind.FULL has no docstring",
      "Options has no docstring",
      "Options.size has no docstring",
      "Options.act has no docstring",
      "Options.act has no word on reason",
      "Query.usual has no docstring",
      "Query.constructor has no word on options",
      "Query.constructor has no word on kind",
      "Query.kind has no docstring",
      "Query.all has no word on since",
      "Query.get throws LOST, which is no code",
      "Query.find has no docstring",
    ]);
  });
});
