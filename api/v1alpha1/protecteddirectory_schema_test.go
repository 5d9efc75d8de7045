// What the API server itself refuses of protected directories.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfProtectedDirectories(t *testing.T) {
	bed := cluster(t)
	const dir = `siteRef: {name: acme-example}, path: /private`
	const password = `password: {secretRef: {name: acme-ada, key: password}}`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{dir, ""},
		{dir + `, header: "", location: {https: false, http: true, cgi: false}, users: [{login: ada, ` + password + `}, {login: zoe}], userPolicy: Exclusive`, ""},
		{`siteRef: {external: acme.example}, path: /`, "serverRef is required unless siteRef names a resource"},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, path: a directory/below it`, ""},
		{`siteRef: {name: acme-example}`, "path: Required"},
		{`path: /private`, "siteRef: Required"},
		{`siteRef: {name: acme-example}, path: ""`, "spec.path"},
		{`siteRef: {name: acme-example}, path: " private"`, "spec.path"},
		{`siteRef: {name: acme-example}, path: 'a\b'`, "spec.path"},
		{`siteRef: {name: acme-example}, path: private/../..`, "must not lead out of the site"},
		{`siteRef: {name: acme-example}, path: ..`, "must not lead out of the site"},
		{`siteRef: {name: acme-example}, path: ..private/a..b`, ""},
		{dir + `, header: "two\nlines"`, "spec.header"},
		{dir + `, location: {https: false, http: false}`, "one of https, http and cgi must be true"},
		{dir + `, location: {https: false, http: false, cgi: true}`, ""},
		{dir + `, location: {https: false}`, ""},
		{dir + `, users: [{login: "a:b"}]`, "spec.users[0].login"},
		{dir + `, users: [{login: ""}]`, "spec.users[0].login"},
		{dir + `, users: [{login: ada}, {login: ada}]`, "Duplicate"},
		{dir + `, users: [{` + password + `}]`, "login"},
		{dir + `, userPolicy: Exclusive`, "would let nobody in"},
		{dir + `, userPolicy: Exclusive, users: []`, "would let nobody in"},
		{dir + `, userPolicy: All`, "spec.userPolicy"},
		{dir + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskProtectedDirectory\nmetadata: {generateName: case-}\nspec: {"+c.spec+"}\n")
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
	u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskProtectedDirectory\nmetadata: {generateName: case-}\nspec: {"+dir+"}\n")
	if err := bed.Client.Create(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"siteRef":{"name":"other-example"}}}`)))
	if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "siteRef is immutable") {
		t.Errorf("another site: %v", err)
	}
}
