import type { TerraformMetaArguments, TerraformProvider, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { ofFramework } from "./framework";

/** A resource of a provider whose generated classes the program need not have. */
export interface RawResourceConfig extends Pick<
  TerraformMetaArguments,
  "lifecycle" | "provisioners" | "dependsOn"
> {
  readonly type: string;
  /** The provider with the user's alias. @default - the default one of that name */
  readonly provider?: TerraformProvider;
  /** An expression: the keys of a set, each of which is a resource. @default - one, without a key */
  readonly forEach?: string;
  /** May hold Lazies; undefined ones are left out. */
  readonly attributes: { readonly [name: string]: unknown };
}

/** Writes a resource by its Terraform type and arguments. */
export function writeResource(
  scope: Construct,
  id: string,
  config: RawResourceConfig,
): TerraformResource {
  return new (rawResource(scope))(scope, id, config);
}

/** A reference to a text that the resource holds. */
export function textOf(resource: TerraformResource, attribute: string): string {
  return resource.interpolationForAttribute(attribute).toString();
}

const rawResource = ofFramework(
  (framework) =>
    class RawResource extends framework.TerraformResource {
      private readonly attributes: { readonly [name: string]: unknown };

      constructor(scope: Construct, id: string, config: RawResourceConfig) {
        const { type, provider, lifecycle, provisioners, dependsOn, attributes } = config;
        super(scope, id, {
          terraformResourceType: type,
          provider,
          lifecycle,
          provisioners,
          dependsOn,
        });
        this.attributes = attributes;
        // The framework's own takes an iterator, which is one over a list that Terraform knows.
        if (config.forEach !== undefined) this.addOverride("for_each", config.forEach);
      }

      protected override synthesizeAttributes(): { [name: string]: unknown } {
        return { ...this.attributes };
      }
    },
);
