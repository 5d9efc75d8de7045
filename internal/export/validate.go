// Manifests are held to the definitions of their kinds before any is written: defaults, types, bounds and rules, as the API server does.

package export

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
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

// validate returns what the API server would say of a manifest, nil where it would take it.
func validate(ctx context.Context, kind string, o v1alpha1.Object) error {
	all, err := definitions()
	if err != nil {
		return err
	}
	d := all[kind]
	if d == nil {
		return errors.New("there is no definition of " + kind)
	}
	content, err := manifest(o)
	if err != nil {
		return err
	}
	content = runtime.DeepCopyJSON(content)
	defaulting.Default(content, d.structural)
	problems := validation.ValidateCustomResource(nil, content, d.types)
	if len(problems) == 0 && d.rules != nil {
		problems, _ = d.rules.Validate(ctx, nil, d.structural, content, nil, celconfig.RuntimeCELCostBudget)
	}
	if len(problems) == 0 {
		return nil
	}
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.Error()
	}
	return errors.New("no manifest can say what the server has: " + strings.Join(texts, "; "))
}
