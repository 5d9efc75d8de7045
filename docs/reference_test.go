// The reference: what `kubectl explain` and reference/api.md show of every kind, also of those that come later.

package docs

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// definitions are those of all kinds, with the length of their files.
func definitions(t *testing.T) map[*apiextensions.CustomResourceDefinition]int {
	t.Helper()
	files, err := filepath.Glob("../config/crd/bases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	out := map[*apiextensions.CustomResourceDefinition]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		crd := &apiextensions.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(text, crd); err != nil {
			t.Fatal(file, err)
		}
		out[crd] = len(text)
	}
	return out
}

func TestEveryFieldIsDescribed(t *testing.T) {
	for crd := range definitions(t) {
		root := crd.Spec.Versions[0].Schema.OpenAPIV3Schema
		for _, part := range []string{"spec", "status"} {
			for _, path := range undescribed(part, root.Properties[part]) {
				t.Errorf("%s: %s has no description", crd.Spec.Names.Kind, path)
			}
		}
	}
}

// undescribed lists the fields below a path that no text describes.
func undescribed(path string, s apiextensions.JSONSchemaProps) []string {
	var out []string
	if strings.TrimSpace(s.Description) == "" {
		out = append(out, path)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		out = append(out, undescribed(path+"."+name, s.Properties[name])...)
	}
	if s.Items != nil && s.Items.Schema != nil {
		for _, name := range slices.Sorted(maps.Keys(s.Items.Schema.Properties)) {
			out = append(out, undescribed(path+"[]."+name, s.Items.Schema.Properties[name])...)
		}
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		for _, name := range slices.Sorted(maps.Keys(s.AdditionalProperties.Schema.Properties)) {
			out = append(out, undescribed(path+".*."+name, s.AdditionalProperties.Schema.Properties[name])...)
		}
	}
	return out
}

// What a field that is left out means is not to be guessed: each says it, or has a default in its schema. Numbers and sizes say what they count.
func TestEveryFieldSaysWhatUnsetMeans(t *testing.T) {
	for crd := range definitions(t) {
		for _, what := range unsaid("spec", crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"], true) {
			t.Errorf("%s: %s", crd.Spec.Names.Kind, what)
		}
	}
}

var (
	unsetRule = regexp.MustCompile(`Unset: |Default: |\(the default\)|(is|are) not named`)
	unitRule  = regexp.MustCompile(`\b(how many|at the same time|at once|per second|seconds|months|per hour|bits|bytes|percent|port|priority|weight|flags|prefixLength|lower ones first|301)\b`)
)

// unsaid lists what the descriptions of a path and of what lies below it leave open: the meaning of unset where it is not required, the unit of a number.
func unsaid(path string, s apiextensions.JSONSchemaProps, required bool) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		out = append(out, unsaid(path+"."+name, s.Properties[name], slices.Contains(s.Required, name))...)
	}
	if s.Items != nil {
		out = append(out, unsaid(path+"[]", *s.Items.Schema, true)...)
	}
	if len(s.Properties) > 0 {
		return out
	}
	description := strings.Join(strings.Fields(s.Description), " ")
	if !required && s.Default == nil && !unsetRule.MatchString(description) {
		out = append(out, path+" does not say what unset means")
	}
	counts := s.Type == "integer" || s.Type == "number" || s.XIntOrString
	if counts && description != "" && !unitRule.MatchString(description) {
		out = append(out, path+" does not say what it counts")
	}
	return out
}

// What a resource can hold is bounded at admission, and with it what the rules about it may cost.
func TestEverySpecIsBounded(t *testing.T) {
	for crd := range definitions(t) {
		for _, what := range unbounded("spec", crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]) {
			t.Errorf("%s: %s", crd.Spec.Names.Kind, what)
		}
	}
}

// keyRule bounds the keys of a map: a schema has no other way to.
var keyRule = regexp.MustCompile(`^self\.all\(name, size\(name\) <= [0-9]+\)$`)

// unbounded lists what has no maximum at a path and below it: the length of texts, the number of items and of entries, the length of keys.
func unbounded(path string, s apiextensions.JSONSchemaProps) []string {
	var out []string
	none := func(is bool, of string) {
		if is {
			out = append(out, path+" has no "+of)
		}
	}
	none(s.XPreserveUnknownFields != nil && *s.XPreserveUnknownFields, "schema for all that it may hold")
	switch {
	case s.Type == "string" || s.XIntOrString:
		byFormat := s.Format == "date" || s.Format == "date-time"
		none(s.MaxLength == nil && len(s.Enum) == 0 && !byFormat, "maxLength")
	case s.Type == "array":
		none(s.MaxItems == nil, "maxItems")
		out = append(out, unbounded(path+"[]", *s.Items.Schema)...)
	case s.AdditionalProperties != nil:
		none(s.MaxProperties == nil, "maxProperties")
		none(!slices.ContainsFunc(s.XValidations, func(r apiextensions.ValidationRule) bool { return keyRule.MatchString(r.Rule) }), "rule that bounds its keys")
		out = append(out, unbounded(path+".*", *s.AdditionalProperties.Schema)...)
	case s.Type == "object":
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			out = append(out, unbounded(path+"."+name, s.Properties[name])...)
		}
	default:
		none(s.Type != "boolean" && s.Type != "integer", "type that has a maximum")
	}
	return out
}

// A table of a kind shows what its objects are called there and since when they exist; what people type has a short name.
func TestEveryKindCanBeListed(t *testing.T) {
	for crd := range definitions(t) {
		kind := crd.Spec.Names.Kind
		if len(crd.Spec.Names.ShortNames) != 1 || !strings.HasPrefix(crd.Spec.Names.ShortNames[0], "pl") {
			t.Errorf("%s has the short names %v", kind, crd.Spec.Names.ShortNames)
		}
		var columns []string
		for _, c := range crd.Spec.Versions[0].AdditionalPrinterColumns {
			columns = append(columns, c.Name)
		}
		if len(columns) < 3 || !slices.Contains(columns, "Age") {
			t.Errorf("%s has the columns %v", kind, columns)
		}
		// Permits, and what stands for an object of its own nowhere, are made when they are needed.
		if _, err := os.Stat(filepath.Join("..", "config", "samples", strings.ToLower(kind)+".yaml")); err != nil && kind != "PleskApproval" && kind != "PleskSuspension" {
			t.Errorf("%s has no sample: %v", kind, err)
		}
	}
}

// A definition above the limit of an annotation's size could not be applied by clients without server-side apply, and etcd holds 1.5 MB.
func TestDefinitionsAreSmall(t *testing.T) {
	const each, together = 200_000, 1_200_000
	sum := 0
	for crd, size := range definitions(t) {
		if size > each {
			t.Errorf("%s has %d bytes, more than %d", crd.Spec.Names.Kind, size, each)
		}
		sum += size
	}
	if sum > together {
		t.Errorf("the definitions have %d bytes together, more than %d", sum, together)
	}
}
