// What the API server itself refuses of mail accounts.

package v1alpha1_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestSchemaOfMailAccounts(t *testing.T) {
	bed := cluster(t)
	strict := client.FieldValidation(metav1.FieldValidationStrict)
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{`siteRef: {name: acme-example}, mailName: info`, ""},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, mailName: info`, ""},
		{`siteRef: {external: acme.example}, mailName: info`, "serverRef is required unless siteRef names a resource"},
		{`siteRef: {kind: PleskDNSZone, name: acme-example}, mailName: info`, "spec.siteRef.kind"},
		{`siteRef: {name: acme-example}`, "spec.mailName: Required"},
		{`siteRef: {name: acme-example}, mailName: info@acme.example`, "spec.mailName"},
		{`siteRef: {name: acme-example}, mailName: "in fo"`, "spec.mailName"},
		{`siteRef: {name: acme-example}, mailName: İnfo`, `spec.mailName: Invalid value: "İnfo": must be ASCII`},
		{`siteRef: {name: acme-example}, mailName: größe`, `spec.mailName: Invalid value: "größe": must be ASCII`},

		{`SITE, mailbox: {enabled: true, quota: 1.5Gi}`, ""},
		{`SITE, mailbox: {enabled: true, quota: 1073741824}`, ""},
		{`SITE, mailbox: {enabled: true, quota: unlimited}`, ""},
		{`SITE, mailbox: {enabled: true, quota: -1}`, "-1 is written unlimited"},
		{`SITE, mailbox: {enabled: true, quota: 2027-01-31}`, "spec.mailbox.quota"},
		{`SITE, mailbox: {quota: 1Gi}`, "spec.mailbox.enabled: Required"},

		{`SITE, aliases: []`, ""},
		{`SITE, aliases: [contact, sales]`, ""},
		{`SITE, aliases: [contact, INFO]`, "an account cannot be its own alias"},
		{`SITE, aliases: [contact, contact]`, "Duplicate"},
		{`SITE, aliases: [contact@acme.example]`, "spec.aliases"},
		{`SITE, aliases: [contact, größe]`, `spec.aliases[1]: Invalid value: "größe": must be ASCII`},

		{`SITE, forwarding: {enabled: true, addresses: [a@b.example]}`, ""},
		{`SITE, forwarding: {enabled: false}`, ""},
		{`SITE, forwarding: {enabled: true}`, "addresses are required"},
		{`SITE, forwarding: {enabled: true, addresses: []}`, "addresses are required"},
		{`SITE, forwarding: {enabled: true, addresses: [nowhere]}`, "spec.forwarding.addresses"},

		{`SITE, autoresponder: {enabled: true, contentType: HTML, charset: utf-8, forwardTo: "", endDate: "2031-02-01"}`, ""},
		{`SITE, autoresponder: {enabled: true, contentType: text/html}`, "contentType"},
		{`SITE, autoresponder: {enabled: true, endDate: "2031-02-30"}`, "endDate"},
		{`SITE, autoresponder: {enabled: true, endDate: soon}`, "endDate"},
		{`SITE, autoresponder: {enabled: true, subject: ""}`, "subject"},
		{`SITE, autoresponder: {subject: away}`, "spec.autoresponder.enabled: Required"},

		{`SITE, antivirus: Both, outgoingLimit: 50, panelAccess: true`, ""},
		{`SITE, outgoingLimit: default`, ""},
		{`SITE, outgoingLimit: 2Gi`, "outgoingLimit"},
		{`SITE, antivirus: inout`, "spec.antivirus"},
		{`SITE, description: "plesk-operator:x:y"`, "the operator's own marks"},
		{`SITE, description: ` + strings.Repeat("x", 181), "spec.description"},

		{`SITE, password: {secretRef: {name: a, key: password}}, connectionSecretRef: {name: b}`, ""},
		{`SITE, password: {secretRef: {name: a, key: password}}, connectionSecretRef: {name: a}`, "a Secret of its own"},
	} {
		err := bed.Client.Create(t.Context(), mailAccount(t, strings.Replace(c.spec, "SITE", "siteRef: {name: acme-example}, mailName: info", 1)), strict)
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && (!apierrors.IsInvalid(err) || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}

	text, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", "pleskmailaccount.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	sample := manifest(t, string(text))
	if err := bed.Client.Create(t.Context(), sample, strict); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ patch, refused string }{
		{`{"spec":{"siteRef":{"name":"other"}}}`, "siteRef is immutable"},
		{`{"spec":{"serverRef":{"name":"web-02"}}}`, "serverRef is immutable"},
		{`{"spec":{"mailName":"sales"}}`, "an account cannot be its own alias"},
		{`{"spec":{"mailName":"sales","aliases":[]}}`, ""},
	} {
		err := bed.Client.Patch(t.Context(), sample.DeepCopy(), client.RawPatch("application/merge-patch+json", []byte(c.patch)))
		if c.refused == "" && err != nil || c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("%s: %v, want %q", c.patch, err, c.refused)
		}
	}

	// No alias at all is something else than aliases that are not managed, for programs too.
	o := &v1alpha1.PleskMailAccount{}
	if err := bed.Client.Get(t.Context(), client.ObjectKeyFromObject(sample), o); err != nil {
		t.Fatal(err)
	}
	if o.Spec.Aliases == nil || len(o.Spec.Aliases) > 0 {
		t.Errorf("aliases %#v", o.Spec.Aliases)
	}
	if o.Status.ObservedGeneration != -1 {
		t.Errorf("status.observedGeneration is %d before anybody has looked", o.Status.ObservedGeneration)
	}
	o.Spec.MailName = "office"
	if err := bed.Client.Update(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if o.Spec.Aliases == nil {
		t.Error("an update has dropped the empty list of aliases")
	}
}

func mailAccount(t *testing.T, spec string) *unstructured.Unstructured {
	t.Helper()
	return manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskMailAccount\nmetadata: {generateName: case-}\nspec: {"+spec+"}\n")
}
