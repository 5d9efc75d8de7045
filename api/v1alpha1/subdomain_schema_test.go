// What the API server itself refuses of subdomains, before anything is sent to a Plesk.

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

func TestSchemaOfSubdomains(t *testing.T) {
	bed := cluster(t)
	strict := client.FieldValidation(metav1.FieldValidationStrict)
	subdomain := func(spec string) string {
		return "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskSubdomain\nmetadata: {generateName: case-}\nspec: {" + spec + "}\n"
	}
	const blog = `siteRef: {name: acme-example}, subdomainName: blog`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{blog, ""},
		{`siteRef: {kind: PleskSite, name: shop-example}, subdomainName: bücher`, ""},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, subdomainName: "*"`, ""},
		{`siteRef: {external: acme.example}, subdomainName: blog`, "serverRef is required"},
		{`siteRef: {}, subdomainName: blog`, "exactly one of name and external"},
		{`siteRef: {kind: PleskSubdomain, name: shop}, subdomainName: blog`, "spec.siteRef.kind"},
		{`siteRef: {name: acme-example}`, "spec.subdomainName: Required"},
		{`subdomainName: blog`, "spec.siteRef: Required"},
		{`siteRef: {name: acme-example}, subdomainName: ""`, "spec.subdomainName"},
		{`siteRef: {name: acme-example}, subdomainName: "a b"`, "spec.subdomainName"},
		{`siteRef: {name: acme-example}, subdomainName: ` + strings.Repeat("x", 241), "spec.subdomainName"},
		{blog + `, description: "plesk-operator:x:y"`, "the operator's own marks"},
		{blog + `, turnOffAction: Suspend`, ""},
		{blog + `, turnOffAction: suspend`, "spec.turnOffAction"},
		{blog + `, hosting: {}`, "exactly one of virtualHost"},
		{blog + `, hosting: {virtualHost: {documentRoot: a/../../x}}`, "cannot lead out of the home"},
		{blog + `, preferences: {www: true, outgoingLimit: default}, performance: {bandwidth: unlimited}`, ""},
		{blog + `, home: blog`, `unknown field "spec.home"`},
		{blog + `, deletionPolicy: DeleteWithContents`, ""},
	} {
		err := bed.Client.Create(t.Context(), manifest(t, subdomain(c.spec)), strict)
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
		`{"subdomainName":"journal"}`:          "",
	} {
		u := manifest(t, subdomain(blog))
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
	sample, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", "plesksubdomain.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bed.Client.Create(t.Context(), manifest(t, string(sample)), strict); err != nil {
		t.Error(err)
	}
}
