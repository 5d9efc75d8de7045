// What the API server itself refuses of certificates, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfCertificates(t *testing.T) {
	bed := cluster(t)
	certificate := func(spec string) string {
		return "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskCertificate\nmetadata: {generateName: case-}\nspec: {" + spec + "}\n"
	}
	const acme = `siteRef: {name: acme-example}, tlsSecretRef: {name: acme-example-tls}`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{acme, ""},
		{acme + `, certificateName: "acme 2031"`, ""},
		{acme + `, certificateName: "` + strings.Repeat("n", 256) + `"`, "spec.certificateName"},
		{acme + `, certificateName: " acme"`, "spec.certificateName"},
		{acme + `, certificateName: "acme  2031"`, "spec.certificateName"},
		{acme + `, certificateName: ""`, "spec.certificateName"},
		{`siteRef: {name: acme-example}`, "spec.tlsSecretRef: Required"},
		{`siteRef: {name: acme-example}, tlsSecretRef: {name: "A b"}`, "spec.tlsSecretRef.name"},
		{`tlsSecretRef: {name: panel-tls}`, "serverRef is required"},
		{`siteRef: {external: acme.example}, tlsSecretRef: {name: panel-tls}`, "serverRef is required"},
		{`serverRef: {name: web-01}, tlsSecretRef: {name: panel-tls}`, ""},
		{`serverRef: {name: web-01}, siteRef: {kind: PleskSite, external: shop.example}, tlsSecretRef: {name: shop-tls}`, ""},
		{`siteRef: {kind: PleskCustomer, name: acme}, tlsSecretRef: {name: panel-tls}`, "spec.siteRef.kind"},
		{acme + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		err := bed.Client.Create(t.Context(), manifest(t, certificate(c.spec)), client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && !strings.Contains(err.Error(), c.refused):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	for _, c := range []struct{ spec, patch, refused string }{
		{acme, `{"siteRef":{"name":"other-example"}}`, "siteRef is immutable"},
		{`serverRef: {name: web-01}, ` + acme, `{"siteRef":null}`, "siteRef is immutable"},
		{`serverRef: {name: web-01}, tlsSecretRef: {name: panel-tls}`, `{"siteRef":{"name":"other-example"}}`, "siteRef is immutable"},
		{acme, `{"serverRef":{"name":"web-02"}}`, "serverRef is immutable"},
		{acme, `{"certificateName":"acme"}`, "certificateName is immutable"},
		{acme + `, certificateName: acme`, `{"certificateName":null}`, "certificateName is immutable"},
		{acme + `, certificateName: acme`, `{"certificateName":"acme-2"}`, "certificateName is immutable"},
		{acme, `{"tlsSecretRef":{"name":"next-tls"}}`, ""},
	} {
		u := manifest(t, certificate(c.spec))
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+c.patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), c.refused); got != (c.refused != "") || c.refused == "" && err != nil {
			t.Errorf("%s: %v", c.patch, err)
		}
	}
	sample, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", "pleskcertificate.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for document := range strings.SplitSeq(string(sample), "\n---\n") {
		if err := bed.Client.Create(t.Context(), manifest(t, document), client.FieldValidation(metav1.FieldValidationStrict)); err != nil {
			t.Error(err)
		}
	}
}
