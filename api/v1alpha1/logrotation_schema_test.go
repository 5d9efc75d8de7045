// What the API server itself refuses of log rotation.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfLogRotation(t *testing.T) {
	bed := cluster(t)
	const site = `siteRef: {name: acme-example}`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{site, ""},
		{site + `, enabled: true, size: 10Mi, maxFiles: 10, compress: true, email: logs@acme.example`, ""},
		{site + `, size: 10485760, email: ""`, ""},
		{site + `, schedule: Weekly`, ""},
		{`siteRef: {external: acme.example}`, "serverRef is required unless siteRef names a resource"},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, enabled: false`, ""},
		{`enabled: true`, "siteRef: Required"},
		{site + `, schedule: Weekly, size: 10Mi`, "logs are rotated by schedule or by size, not by both"},
		{site + `, schedule: Hourly`, "spec.schedule"},
		{site + `, size: 0`, "write a whole number of bytes"},
		{site + `, size: 0Mi`, "write a whole number of bytes"},
		{site + `, size: -5`, "write a whole number of bytes"},
		{site + `, size: "1.5"`, "write a whole number of bytes"},
		{site + `, size: 10MB`, "spec.size"},
		{site + `, size: "10000000000000000"`, "spec.size"},
		{site + `, maxFiles: 0`, "spec.maxFiles"},
		{site + `, email: nowhere`, "spec.email"},
		{site + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskLogRotation\nmetadata: {generateName: case-}\nspec: {"+c.spec+"}\n")
		err := bed.Client.Create(t.Context(), u, client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && (!apierrors.IsInvalid(err) || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskLogRotation\nmetadata: {generateName: case-}\nspec: {"+site+"}\n")
	if err := bed.Client.Create(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"siteRef":{"name":"other-example"}}}`)))
	if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "siteRef is immutable") {
		t.Errorf("another site: %v", err)
	}
}
