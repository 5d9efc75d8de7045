// What the API server itself refuses of sites, and of references to them.

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

func TestSchemaOfSites(t *testing.T) {
	bed := cluster(t)
	strict := client.FieldValidation(metav1.FieldValidationStrict)
	const head = "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskSite\nmetadata: {generateName: case-}\nspec: "
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{`subscriptionRef: {name: acme-example}, domainName: shop.example`, ""},
		{`serverRef: {name: web-01}, subscriptionRef: {external: acme.example}, domainName: bücher.example`, ""},
		{`subscriptionRef: {external: acme.example}, domainName: shop.example`, "serverRef is required unless subscriptionRef names a resource"},
		{`subscriptionRef: {name: a, external: b}, domainName: shop.example`, "exactly one of name and external"},
		{`subscriptionRef: {name: acme-example}`, "spec.domainName: Required"},
		{`subscriptionRef: {name: acme-example}, domainName: "a b"`, "spec.domainName"},
		{`domainName: shop.example`, "spec.subscriptionRef: Required"},

		{`SITE, deletionPolicy: DeleteWithContents`, ""},
		{`SITE, description: "plesk-operator:x:y"`, "the operator's own marks"},
		{`SITE, description: ` + strings.Repeat("x", 181), "spec.description"},
		{`SITE, turnOffAction: Suspend`, ""},
		{`SITE, turnOffAction: suspend`, "spec.turnOffAction"},
		{`SITE, preferences: {www: true, statisticsMonths: 3, outgoingLimit: default}`, ""},
		{`SITE, preferences: {outgoingLimit: -1}`, "-1 is written unlimited"},
		{`SITE, performance: {bandwidth: 0}`, "must be at least 1"},

		{`SITE, hosting: {none: {}}`, ""},
		{`SITE, hosting: {}`, "exactly one of virtualHost"},
		{`SITE, hosting: {none: {}, virtualHost: {}}`, "exactly one of virtualHost"},
		{`SITE, hosting: {forwarding: {url: "https://www.acme.example/", httpCode: 302}}`, ""},
		{`SITE, hosting: {forwarding: {url: www.acme.example}}`, "spec.hosting.forwarding.url"},
		{`SITE, hosting: {virtualHost: {documentRoot: a..b/x, tls: {redirect: true, certificateRef: {external: x}}, seoRedirect: NonWWW}}`, ""},
		{`SITE, hosting: {virtualHost: {documentRoot: a/../../x}}`, "cannot lead out of the home"},
		{`SITE, hosting: {virtualHost: {documentRoot: /x}}`, "documentRoot"},
		{`SITE, hosting: {virtualHost: {extraProperties: {x_PASSWD: x}}}`, "passwords come from Secrets"},
		{`SITE, hosting: {virtualHost: {shell: /bin/bash}}`, `unknown field "spec.hosting.virtualHost.shell"`},
		{`SITE, hosting: {virtualHost: {systemUser: {name: x}}}`, `unknown field "spec.hosting.virtualHost.systemUser"`},
	} {
		u := manifest(t, head+"{"+strings.Replace(c.spec, "SITE", "subscriptionRef: {name: acme-example}, domainName: shop.example", 1)+"}\n")
		err := bed.Client.Create(t.Context(), u, strict)
		refused := apierrors.IsInvalid(err) || apierrors.IsBadRequest(err)
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && (!refused || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}

	text, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", "plesksite.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	sample := manifest(t, string(text))
	if err := bed.Client.Create(t.Context(), sample, strict); err != nil {
		t.Fatal(err)
	}
	patch := client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"subscriptionRef":{"name":"other"}}}`))
	if err := bed.Client.Patch(t.Context(), sample, patch); err == nil || !strings.Contains(err.Error(), "subscriptionRef is immutable") {
		t.Errorf("a site can move: %v", err)
	}
	account := manifest(t, strings.Replace(head, "PleskSite", "PleskMailAccount", 1)+"{siteRef: {kind: PleskSite, name: shop-example}, mailName: info}\n")
	if err := bed.Client.Create(t.Context(), account, strict); err != nil {
		t.Errorf("a site's mail account: %v", err)
	}
}
