// What the API server does with a manifest: defaults, unknown fields, types, bounds and rules.

// Package definitions holds manifests to the custom resource definitions without an API server.
package definitions

import (
	"context"
	"errors"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/config/crd"
)

// definition is what manifests of a kind are held to.
type definition struct {
	structural *schema.Structural
	types      validation.SchemaValidator
	rules      *cel.Validator
}

// definitions are those of all kinds, read once.
var definitions = sync.OnceValues(readDefinitions)

func readDefinitions() (map[string]*definition, error) {
	files, err := crd.Bases.ReadDir("bases")
	if err != nil {
		return nil, err
	}
	out := map[string]*definition{}
	for _, f := range files {
		text, err := crd.Bases.ReadFile("bases/" + f.Name())
		if err != nil {
			return nil, err
		}
		var d apiextensionsv1.CustomResourceDefinition
		if err := yaml.Unmarshal(text, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		if out[d.Spec.Names.Kind], err = readDefinition(&d); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	return out, nil
}

func readDefinition(d *apiextensionsv1.CustomResourceDefinition) (*definition, error) {
	for _, v := range d.Spec.Versions {
		if v.Name != v1alpha1.GroupVersion.Version {
			continue
		}
		var internal apiextensions.JSONSchemaProps
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, &internal, nil); err != nil {
			return nil, err
		}
		s, err := schema.NewStructural(&internal)
		if err != nil {
			return nil, err
		}
		types, _, err := validation.NewSchemaValidator(&internal)
		if err != nil {
			return nil, err
		}
		return &definition{structural: s, types: types, rules: cel.NewValidator(s, true, celconfig.PerCallLimit)}, nil
	}
	return nil, errors.New("it has no version " + v1alpha1.GroupVersion.Version)
}

// Check holds the content of a manifest of one of our kinds to its definition, and returns what the API server would refuse of it, field by field. It
// sets the defaults in content. Old is what is there under its name, nil for nothing: some rules are about changes.
func Check(ctx context.Context, kind string, content, old map[string]any) (problems []string, _ error) {
	all, err := definitions()
	if err != nil {
		return nil, err
	}
	d := all[kind]
	if d == nil {
		return nil, errors.New("there is no definition of " + kind)
	}
	unknown := pruning.PruneWithOptions(runtime.DeepCopyJSON(content), d.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	for _, path := range unknown {
		problems = append(problems, path+": there is no such field")
	}
	defaulting.Default(content, d.structural)
	found := validation.ValidateCustomResource(nil, content, d.types)
	if len(found) == 0 && d.rules != nil {
		var was any // a nil map would be an object without fields
		if old != nil {
			was = old
		}
		found, _ = d.rules.Validate(ctx, nil, d.structural, content, was, celconfig.RuntimeCELCostBudget)
	}
	for _, p := range found {
		problems = append(problems, p.Error())
	}
	return problems, nil
}

// StoreSecret makes a Secret as it is in a manifest what the API server keeps of it.
func StoreSecret(s *corev1.Secret) {
	if s.Data == nil {
		s.Data = map[string][]byte{}
	}
	for key, value := range s.StringData {
		s.Data[key] = []byte(value)
	}
	if s.StringData = nil; s.Type == "" {
		s.Type = corev1.SecretTypeOpaque
	}
}
