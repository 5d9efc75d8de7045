// What keeps tenants apart in the schemas and in the roles.

package v1alpha1_test

import (
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
			Schema struct{ OpenAPIV3Schema schema }
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
				if strings.Contains(strings.ToLower(name), "namespace") && at != ".spec.serverRef.namespace" && at != ".spec.allowedNamespaces" {
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

// Each kind has a role to look, to edit and to administer, which become part of the cluster's own; none of them reaches the status.
func TestRolesOfEveryKind(t *testing.T) {
	kustomization, err := os.ReadFile("../../config/rbac/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, crd := range definitions(t) {
		singular, plural := crd.Spec.Names.Singular, crd.Spec.Names.Plural
		file := "kinds/" + singular + ".yaml"
		if !strings.Contains(string(kustomization), file) {
			t.Errorf("config/rbac does not list %s", file)
		}
		data, err := os.ReadFile("../../config/rbac/" + file)
		if err != nil {
			t.Error(err)
			continue
		}
		roles := map[string]rbacv1.ClusterRole{}
		for doc := range strings.SplitSeq(string(data), "\n---\n") {
			var role rbacv1.ClusterRole
			if err := yaml.UnmarshalStrict([]byte(doc), &role); err != nil {
				t.Fatal(err)
			}
			roles[role.Name] = role
		}
		for name, want := range map[string]struct{ may, mayNot []string }{
			"viewer": {[]string{"get", "list", "watch"}, []string{"create", "update", "patch", "delete"}},
			"editor": {[]string{"get", "list", "watch", "create", "update", "patch", "delete"}, nil},
			"admin":  {[]string{"get", "list", "watch", "create", "update", "patch", "delete"}, nil},
		} {
			role, ok := roles[singular+"-"+name+"-role"]
			if !ok {
				t.Errorf("%s has no %s role", crd.Spec.Names.Kind, name)
				continue
			}
			for _, verb := range want.may {
				if !allows(role, plural, verb) {
					t.Errorf("%s may not %s", role.Name, verb)
				}
			}
			for _, verb := range want.mayNot {
				if allows(role, plural, verb) {
					t.Errorf("%s may %s", role.Name, verb)
				}
			}
			for _, verb := range []string{"update", "patch"} {
				if allows(role, plural+"/status", verb) {
					t.Errorf("%s may %s the status, where ownership is recorded", role.Name, verb)
				}
			}
		}
	}
}

func allows(role rbacv1.ClusterRole, resource, verb string) bool {
	return slices.ContainsFunc(role.Rules, func(r rbacv1.PolicyRule) bool {
		return slices.Contains(r.APIGroups, "plesk-operator.dev") && slices.Contains(r.Resources, resource) &&
			(slices.Contains(r.Verbs, verb) || slices.Contains(r.Verbs, "*"))
	})
}
