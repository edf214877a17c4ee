// A stand-in for the vendor's Terraform provider: its restore resources by their names and arguments
// (huaweicloud 1.97.1), without a cloud. What it performs it appends to a file, and what it reads back,
// or how it fails, a test says in another one. As in the vendor's, every argument is read back and
// replaces the resource when it differs.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/numberplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The arguments of each resource; a number is one of epoch milliseconds.
var restores = map[string]map[string]attr.Type{
	"rds_restore": {
		"target_instance_id": types.StringType, "source_instance_id": types.StringType,
		"type": types.StringType, "backup_id": types.StringType, "restore_time": types.NumberType,
		"database_name": types.MapType{ElemType: types.StringType}, "enable_force_new": types.StringType,
	},
	"gaussdb_restore": {
		"target_instance_id": types.StringType, "source_instance_id": types.StringType,
		"type": types.StringType, "backup_id": types.StringType, "restore_time": types.StringType,
	},
	"taurusdb_restore": {
		"target_instance_id": types.StringType, "source_instance_id": types.StringType,
		"type": types.StringType, "backup_id": types.StringType, "restore_time": types.NumberType,
	},
	"dcs_instance_restore": {
		"instance_id": types.StringType, "backup_id": types.StringType, "description": types.StringType,
	},
	// No restore resource, but one that restores when it is created.
	"rds_instance": {"name": types.StringType, "backup_id": types.StringType},
}

func main() {
	options := providerserver.ServeOpts{Address: "stand-in.test/huaweicloud/huaweicloud"}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return standIn{} }, options); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type standIn struct{}

func (standIn) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "huaweicloud"
}
func (standIn) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (standIn) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (standIn) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (standIn) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for name := range restores {
		all = append(all, func() resource.Resource { return restore{name} })
	}
	return all
}

type restore struct{ name string }

func (r restore) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "huaweicloud_" + r.name
}

func (r restore) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
	}
	for name, kind := range restores[r.name] {
		switch kind {
		case types.StringType:
			attributes[name] = schema.StringAttribute{
				Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			}
		case types.NumberType:
			attributes[name] = schema.NumberAttribute{
				Optional: true, PlanModifiers: []planmodifier.Number{numberplanmodifier.RequiresReplace()},
			}
		default:
			attributes[name] = schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			}
		}
	}
	resp.Schema = schema.Schema{
		Attributes: attributes,
		Blocks: map[string]schema.Block{"timeouts": schema.SingleNestedBlock{
			Attributes: map[string]schema.Attribute{"create": schema.StringAttribute{Optional: true}},
		}},
	}
}

// What a test asks of the stand-in, in behaviour.json.
type behaviour struct {
	// "refuse": the service takes no restore; "half": it fails when it has begun.
	Create string
	// "gone": the record has left the list; "error": the vendor's answer to that; else overrides.
	Read      string
	ReadsBack map[string]*string
}

func folder() string { return os.Getenv("STAND_IN_FOLDER") }

func asked() (wanted behaviour) {
	text, err := os.ReadFile(filepath.Join(folder(), "behaviour.json"))
	if err == nil {
		err = json.Unmarshal(text, &wanted)
	}
	if err != nil && !os.IsNotExist(err) {
		panic(err)
	}
	return wanted
}

func (r restore) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	wanted := asked()
	if wanted.Create == "refuse" {
		resp.Diagnostics.AddError("refused", "the instance is busy")
		return
	}
	performed := map[string]string{"resource": r.name}
	for name, kind := range restores[r.name] {
		if kind != types.StringType {
			continue
		}
		var value types.String
		resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root(name), &value)...)
		performed[name] = value.ValueString()
	}
	line, _ := json.Marshal(performed)
	log, err := os.OpenFile(filepath.Join(folder(), "performed"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = log.Write(append(line, '\n'))
		log.Close()
	}
	if err != nil {
		resp.Diagnostics.AddError("the log can't be written", err.Error())
	}
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), fmt.Sprintf("%x", line))...)
	if wanted.Create == "half" {
		resp.Diagnostics.AddError("failed half-way", "the restore has begun and did not end in time")
	}
}

func (r restore) Read(ctx context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	wanted := asked()
	switch wanted.Read {
	case "gone":
		resp.State.RemoveResource(ctx)
		return
	case "error":
		resp.Diagnostics.AddError("gone", "error getting restoration record by restore_id")
		return
	}
	for name, value := range wanted.ReadsBack {
		if _, has := restores[r.name][name]; has {
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
}

func (restore) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Deleting a restore restores nothing back.
func (restore) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
