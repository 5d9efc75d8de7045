// What the API server itself refuses of mail settings.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfMailSettings(t *testing.T) {
	bed := cluster(t)
	const site = `siteRef: {name: acme-example}`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{site, ""},
		{site + `, enabled: true, nonexistentUser: {reject: {}}, webmail: none, dkim: true, greylisting: false, webmailCertificate: ""`, ""},
		{`siteRef: {external: acme.example}`, "serverRef is required unless siteRef names a resource"},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, nonexistentUser: {forward: a@acme.example}`, ""},
		{`enabled: true`, "siteRef: Required"},
		{site + `, nonexistentUser: {}`, "exactly one of bounce, forward and reject"},
		{site + `, nonexistentUser: {bounce: nobody, reject: {}}`, "exactly one of bounce, forward and reject"},
		{site + `, webmail: ""`, "spec.webmail"},
		{site + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskMailSettings\nmetadata: {generateName: case-}\nspec: {"+c.spec+"}\n")
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
	u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskMailSettings\nmetadata: {generateName: case-}\nspec: {"+site+"}\n")
	if err := bed.Client.Create(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"siteRef":{"name":"other-example"}}}`)))
	if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "siteRef is immutable") {
		t.Errorf("another site: %v", err)
	}
}
