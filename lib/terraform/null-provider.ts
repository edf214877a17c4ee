import type { TerraformMetaArguments, TerraformProvider, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { Framework, installed, ofFramework } from "./framework";

// As @cdktf/provider-null 11.0.1 writes it: who changes the package does not change the provider.
const METADATA = { providerName: "null", providerVersion: "3.2.4" };

interface NullResourceConfig extends TerraformMetaArguments {
  readonly triggers: { readonly [name: string]: string };
}

/** The classes of the provider "null". */
export interface NullProviderClasses {
  readonly NullProvider: new (scope: Construct, id: string) => TerraformProvider;
  readonly Resource: new (
    scope: Construct,
    id: string,
    config: NullResourceConfig,
  ) => TerraformResource;
}

/** What the packages of the provider export. */
interface NullPackage {
  readonly provider: Pick<NullProviderClasses, "NullProvider">;
  readonly resource: Pick<NullProviderClasses, "Resource">;
}

/**
 * The package of the framework where it is installed: there is none of cdktn for every version of it.
 * Else classes that write the same.
 */
export const nullProviderOf = ofFramework((framework): NullProviderClasses => {
  for (const name of ["@cdktf/provider-null", "@cdktn/provider-null"]) {
    for (const { provider, resource } of installed<NullPackage>(name)) {
      const { NullProvider } = provider;
      if (NullProvider.prototype instanceof framework.TerraformProvider)
        return { NullProvider, Resource: resource.Resource };
    }
  }
  return written(framework);
});

function written(framework: Framework): NullProviderClasses {
  class NullProvider extends framework.TerraformProvider {
    constructor(scope: Construct, id: string) {
      super(scope, id, {
        terraformResourceType: "null",
        terraformGeneratorMetadata: METADATA,
        terraformProviderSource: "null",
      });
    }
  }
  class Resource extends framework.TerraformResource {
    private readonly triggers: NullResourceConfig["triggers"];

    constructor(scope: Construct, id: string, { triggers, ...config }: NullResourceConfig) {
      super(scope, id, {
        terraformResourceType: "null_resource",
        terraformGeneratorMetadata: METADATA,
        ...config,
      });
      this.triggers = triggers;
    }

    protected override synthesizeAttributes(): { [name: string]: unknown } {
      return { triggers: this.triggers };
    }
  }
  return { NullProvider, Resource };
}
