// What the API server itself refuses of secret keys, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfSecretKeys(t *testing.T) {
	bed := cluster(t)
	const key = `description: Deployments of Acme, secretRef: {name: acme-api-key, key: key}`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{key, ""},
		{key + `, customerRef: {name: acme}, addresses: [198.51.100.20, "2001:db8::20"]`, ""},
		{key + `, resellerRef: {external: north}`, ""},
		{`secretRef: {name: acme-api-key, key: key}`, "description: Required"},
		{`description: Deployments of Acme`, "secretRef: Required"},
		{`description: "  ", secretRef: {name: acme-api-key, key: key}`, "spec.description"},
		{`description: ` + strings.Repeat("a", 151) + `, secretRef: {name: acme-api-key, key: key}`, "spec.description"},
		{`description: "plesk-operator:1:2 Acme", secretRef: {name: acme-api-key, key: key}`, "begins the marks"},
		{key + `, addresses: []`, "spec.addresses"},
		{key + `, addresses: [198.51.100.0/24]`, "not an IP address"},
		{key + `, addresses: [web-01]`, "not an IP address"},
		{key + `, customerRef: {name: acme}, resellerRef: {name: north}`, "exclude each other"},
		{key + `, customerRef: {}`, "exactly one of name and external"},
	} {
		err := bed.Client.Create(t.Context(), resource(t, "PleskSecretKey", c.spec), client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && (!apierrors.IsInvalid(err) || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	for patch, refused := range map[string]string{
		`{"description":"Backups of Acme"}`:          "description is immutable",
		`{"customerRef":{"name":"birch"}}`:           "customerRef is immutable",
		`{"customerRef":null}`:                       "customerRef is immutable",
		`{"resellerRef":{"name":"north"}}`:           "resellerRef is immutable",
		`{"addresses":["198.51.100.21"]}`:            "addresses are immutable",
		`{"addresses":null}`:                         "addresses are immutable",
		`{"secretRef":{"name":"other"}}`:             "secretRef is immutable",
		`{"serverRef":{"name":"web-02"}}`:            "serverRef is immutable",
		`{"deletionPolicy":"DeleteWithContents"}`:    "DeleteWithContents is for subscriptions and sites",
		`{"deletionPolicy":"Retain","suspend":true}`: "",
	} {
		u := resource(t, "PleskSecretKey", key+`, customerRef: {name: acme}, addresses: [198.51.100.20]`)
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
}
