// What the API server itself refuses of FTP accounts, before anything is sent to a Plesk.

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

func TestSchemaOfFTPUsers(t *testing.T) {
	bed := cluster(t)
	strict := client.FieldValidation(metav1.FieldValidationStrict)
	user := func(spec string) string {
		return "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskFTPUser\nmetadata: {generateName: case-}\nspec: {" + spec + "}\n"
	}
	const anna = `subscriptionRef: {name: acme-example}, login: anna`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{anna, ""},
		{`serverRef: {name: web-01}, subscriptionRef: {external: acme.example}, login: anna`, ""},
		{`subscriptionRef: {external: acme.example}, login: anna`, "serverRef is required"},
		{`subscriptionRef: {}, login: anna`, "exactly one of name and external"},
		{`subscriptionRef: {name: acme-example}`, "spec.login: Required"},
		{`login: anna`, "spec.subscriptionRef: Required"},
		{`subscriptionRef: {name: acme-example}, login: a1_b-` + strings.Repeat("x", 27), ""},
		{`subscriptionRef: {name: acme-example}, login: ` + strings.Repeat("x", 33), "spec.login"},
		{`subscriptionRef: {name: acme-example}, login: Anna`, "spec.login"},
		{`subscriptionRef: {name: acme-example}, login: 1anna`, "spec.login"},
		{`subscriptionRef: {name: acme-example}, login: "an na"`, "spec.login"},

		{anna + `, homeDirectory: /, createHomeDirectory: true`, ""},
		{anna + `, homeDirectory: "/httpdocs/a..b/ü ä"`, ""},
		{anna + `, homeDirectory: httpdocs`, "spec.homeDirectory"},
		{anna + `, homeDirectory: ""`, "spec.homeDirectory"},
		{anna + `, homeDirectory: '/httpdocs\pub'`, "spec.homeDirectory"},
		{anna + `, homeDirectory: "/httpdocs\n"`, "spec.homeDirectory"},
		{anna + `, homeDirectory: /httpdocs/../..`, "cannot lead out of the subscription's"},
		{anna + `, homeDirectory: /` + strings.Repeat("x", 255), "spec.homeDirectory"},
		{anna + `, createHomeDirectory: true`, "set that, too"},

		{anna + `, quota: 1Gi`, ""},
		{anna + `, quota: 1048576`, ""},
		{anna + `, quota: unlimited`, ""},
		{anna + `, quota: -1`, "-1 is written unlimited"},
		{anna + `, quota: 0`, "must be positive"},
		{anna + `, quota: 0Gi`, "must be positive"},
		{anna + `, quota: 1GB`, "spec.quota"},
		{anna + `, permissions: {read: true, write: false}`, ""},
		{anna + `, permissions: {execute: true}`, "execute"},

		{anna + `, password: {secretRef: {name: a, key: password}, generate: true}, connectionSecretRef: {name: b}`, ""},
		{anna + `, password: {secretRef: {name: a, key: password}}, connectionSecretRef: {name: a}`, "needs a Secret of its own"},
		{anna + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		err := bed.Client.Create(t.Context(), manifest(t, user(c.spec)), strict)
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && !strings.Contains(err.Error(), c.refused):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	for patch, refused := range map[string]string{
		`{"subscriptionRef":{"name":"other-example"}}`: "subscriptionRef is immutable",
		`{"serverRef":{"name":"web-02"}}`:              "serverRef is immutable",
		`{"login":"anne","homeDirectory":"/httpdocs"}`: "",
	} {
		u := manifest(t, user(anna))
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
	sample, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", "pleskftpuser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bed.Client.Create(t.Context(), manifest(t, string(sample)), strict); err != nil {
		t.Error(err)
	}
}
