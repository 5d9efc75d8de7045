// What the API server itself refuses of site aliases, before anything is sent to a Plesk.

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

func TestSchemaOfSiteAliases(t *testing.T) {
	bed := cluster(t)
	alias := func(spec string) string {
		return "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskSiteAlias\nmetadata: {generateName: case-}\nspec: {" + spec + "}\n"
	}
	const shop = `siteRef: {name: acme-example}, aliasName: acme-shop.example`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{shop, ""},
		{`siteRef: {name: acme-example}, aliasName: bücher.example`, ""},
		{`siteRef: {name: acme-example}, aliasName: "a b"`, "spec.aliasName"},
		{`siteRef: {name: acme-example}`, "spec.aliasName: Required"},
		{`aliasName: acme-shop.example`, "spec.siteRef: Required"},
		{`siteRef: {external: acme.example}, aliasName: acme-shop.example`, "serverRef is required"},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, aliasName: acme-shop.example`, ""},
		{`siteRef: {}, aliasName: acme-shop.example`, "exactly one of name and external"},
		{shop + `, active: false, web: true, mail: false, seoRedirect: false, manageDNS: true, icp: {approved: true, permit: "4711"}`, ""},
		{shop + `, tomcat: true`, "tomcat"},
		{shop + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		err := bed.Client.Create(t.Context(), manifest(t, alias(c.spec)), client.FieldValidation(metav1.FieldValidationStrict))
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
		`{"siteRef":{"name":"other-example"}}`: "siteRef is immutable",
		`{"serverRef":{"name":"web-02"}}`:      "serverRef is immutable",
		`{"aliasName":"acme-store.example"}`:   "",
	} {
		u := manifest(t, alias(shop))
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
	sample, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", "plesksitealias.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bed.Client.Create(t.Context(), manifest(t, string(sample)), client.FieldValidation(metav1.FieldValidationStrict)); err != nil {
		t.Error(err)
	}
}
