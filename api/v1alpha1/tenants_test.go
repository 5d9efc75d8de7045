// What keeps tenants apart in the schemas and in the roles.

package v1alpha1_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// definition is as much of a CustomResourceDefinition as these tests look at.
type definition struct {
	Metadata struct{ Name string }
	Spec     struct {
		Scope    string
		Names    struct{ Kind, Singular, Plural string }
		Versions []struct {
			Schema       struct{ OpenAPIV3Schema schema }
			Subresources struct{ Status *struct{} }
		}
	}
}

type schema struct {
	Properties           map[string]schema
	Items                *schema
	AdditionalProperties *schema
}

func definitions(t *testing.T) []definition {
	t.Helper()
	files, err := filepath.Glob("../../config/crd/bases/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d definitions, %v", len(files), err)
	}
	var out []definition
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var crd definition
		if err := yaml.Unmarshal(data, &crd); err != nil {
			t.Fatal(err)
		}
		out = append(out, crd)
	}
	return out
}

// A Secret, and whatever else a resource names, is of its own namespace; only a server may be of another one.
func TestNoFieldNamesAnotherNamespaceButTheServers(t *testing.T) {
	for _, crd := range definitions(t) {
		if s := crd.Spec.Scope; s != "Namespaced" {
			t.Errorf("%s is %s", crd.Metadata.Name, s)
		}
		var walk func(path string, p schema)
		walk = func(path string, p schema) {
			for name, child := range p.Properties {
				at := path + "." + name
				if strings.Contains(strings.ToLower(name), "namespace") && at != ".spec.serverRef.namespace" && at != ".status.serverRef.namespace" {
					t.Errorf("%s: %s", crd.Metadata.Name, at)
				}
				walk(at, child)
			}
			if p.Items != nil {
				walk(path+"[]", *p.Items)
			}
			if p.AdditionalProperties != nil {
				walk(path+"{}", *p.AdditionalProperties)
			}
		}
		walk("", crd.Spec.Versions[0].Schema.OpenAPIV3Schema)
	}
}

// serversKinds decide about a whole server, or about what others may not do unasked: nobody gets to change them by being let into a namespace.
var serversKinds = []string{"PleskServer", "PleskReseller", "PleskResellerPlan", "PleskServicePlan", "PleskServicePlanAddon", "PleskDatabaseServer", "PleskDNSTemplate", "PleskIPAddress", "PleskServerSettings", "PleskSecretKey", "PleskExtension", "PleskCustomButton", "PleskApproval", "PleskSuspension"}

// Each kind has a role to look, to edit and to administer. They become part of the cluster's own, but for those to change the
// server's kinds; none of them reaches the status.
func TestRolesOfEveryKind(t *testing.T) {
	kustomization, err := os.ReadFile("../../config/rbac/kinds/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	look := []string{"get", "list", "watch"}
	change := []string{"create", "update", "patch", "delete", "deletecollection"}
	for _, crd := range definitions(t) {
		kind, singular, plural := crd.Spec.Names.Kind, crd.Spec.Names.Singular, crd.Spec.Names.Plural
		file := singular + ".yaml"
		if !strings.Contains(string(kustomization), "- "+file) {
			t.Errorf("config/rbac/kinds does not list %s", file)
		}
		roles := rolesIn(t, "../../config/rbac/kinds/"+file)
		if len(roles) != 3 {
			t.Errorf("%s has %d roles", file, len(roles))
		}
		tenants := !slices.Contains(serversKinds, kind)
		hasStatus := crd.Spec.Versions[0].Subresources.Status != nil
		for _, want := range []struct {
			name, partOf string
			verbs        []string
		}{
			{"viewer", "view", look},
			{"editor", "edit", slices.Concat(look, change)},
			{"admin", "admin", slices.Concat(look, change)},
		} {
			role := roles[singular+"-"+want.name+"-role"]
			labels := map[string]string{}
			if tenants || want.name == "viewer" {
				labels["rbac.authorization.k8s.io/aggregate-to-"+want.partOf] = "true"
			}
			if !maps.Equal(role.Labels, labels) {
				t.Errorf("the %s of %s has the labels %v, want %v", want.name, kind, role.Labels, labels)
			}
			if got := verbsOn(role, plural); !slices.Equal(got, slices.Sorted(slices.Values(want.verbs))) {
				t.Errorf("the %s of %s may %q", want.name, kind, got)
			}
			for _, verb := range verbsOn(role, plural+"/status") { // ownership is recorded there
				if !hasStatus || !slices.Contains(look, verb) {
					t.Errorf("the %s of %s may %s its status", want.name, kind, verb)
				}
			}
		}
	}
}

// rolesIn reads the roles of a file. Wildcards would take in what does not exist yet.
func rolesIn(t *testing.T, file string) map[string]rbacv1.ClusterRole {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return nil
	}
	roles := map[string]rbacv1.ClusterRole{}
	for doc := range strings.SplitSeq(string(data), "\n---\n") {
		var role rbacv1.ClusterRole
		if err := yaml.UnmarshalStrict([]byte(doc), &role); err != nil {
			t.Fatal(err)
		}
		for _, r := range role.Rules {
			if slices.Contains(slices.Concat(r.APIGroups, r.Resources, r.Verbs), "*") {
				t.Errorf("%s has a wildcard", role.Name)
			}
		}
		roles[role.Name] = role
	}
	return roles
}

// verbsOn lists what a role may do with a resource of ours, sorted.
func verbsOn(role rbacv1.ClusterRole, resource string) []string {
	var out []string
	for _, r := range role.Rules {
		if slices.Contains(r.APIGroups, "plesk-operator.dev") && slices.Contains(r.Resources, resource) {
			out = append(out, r.Verbs...)
		}
	}
	return slices.Sorted(slices.Values(out))
}

// The operator's own role has no wildcard either, and creates and deletes nothing of ours.
func TestTheOperatorsRole(t *testing.T) {
	role := rolesIn(t, "../../config/rbac/role.yaml")["manager-role"]
	for _, crd := range definitions(t) {
		verbs := verbsOn(role, crd.Spec.Names.Plural)
		if !slices.Contains(verbs, "watch") {
			t.Errorf("the operator does not see %s", crd.Spec.Names.Plural)
		}
		for _, verb := range []string{"create", "delete", "deletecollection"} {
			if slices.Contains(verbs, verb) {
				t.Errorf("the operator may %s %s", verb, crd.Spec.Names.Plural)
			}
		}
	}
	if verbs := verbsOn(role, "pleskapprovals"); !slices.Equal(verbs, []string{"get", "list", "watch"}) {
		t.Errorf("the operator may %q pleskapprovals", verbs)
	}
}
