// What the API server itself refuses of resellers, of their plans, and of what names a reseller, before anything is sent to a Plesk.

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

func TestSchemaOfResellers(t *testing.T) {
	bed := cluster(t)
	const reseller, plan = "PleskReseller", "PleskResellerPlan"
	const north, gold = `serverRef: {name: web-01}, login: north, contactName: Nora`, `serverRef: {name: web-01}, planName: gold`
	for _, c := range []struct {
		kind, spec string
		refused    string // what the message holds; "" is accepted
	}{
		{reseller, north, ""},
		{reseller, `login: north, contactName: Nora`, "serverRef is required"},
		{reseller, `serverRef: {name: web-01}, contactName: Nora`, "spec.login: Required"},
		{reseller, `serverRef: {name: web-01}, login: north`, "spec.contactName: Required"},
		{reseller, north + `, phone: "call me"`, "spec.phone"},
		{reseller, north + `, address: {country: gb}`, "spec.address.country"},
		{reseller, north + `, description: ` + strings.Repeat("x", 256), "spec.description"},
		{reseller, north + `, powerUser: true, oversell: false, overuse: NotSuspend`, ""},
		{reseller, north + `, overuse: block`, "spec.overuse"},
		{reseller, north + `, limits: {max_cl: 5, disk_space: 10Gi, max_dom: unlimited, expiration: 2027-01-31}`, ""},
		{reseller, north + `, limits: {max_cl: -1}`, "-1 is written unlimited"},
		{reseller, north + `, permissions: {create_clients: true}`, ""},
		{reseller, north + `, permissions: {create_clients: "yes"}`, "spec.permissions.create_clients"},
		{reseller, north + `, resellerPlanRef: {name: gold}`, ""},
		{reseller, north + `, resellerPlanRef: {}`, "exactly one of name and external"},
		{reseller, north + `, ipPool: {shared: [], exclusive: ["198.51.100.8"]}`, ""},
		{reseller, north + `, ipPool: {shared: ["198.51.100.7/32"]}`, "not an IP address"},
		{reseller, north + `, ipPool: {exclusive: [all]}`, "not an IP address"},
		{reseller, north + `, ipPool: {shared: ["198.51.100.7"], exclusive: ["198.51.100.7"]}`, "either shared or exclusive"},
		{reseller, north + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},

		{plan, gold, ""},
		{plan, `planName: gold`, "serverRef is required"},
		{plan, `serverRef: {name: web-01}`, "spec.planName: Required"},
		{plan, gold + `, ipPool: {shared: ["198.51.100.7", "2001:db8::7"], exclusiveIPv4: 1, exclusiveIPv6: 0}`, ""},
		{plan, gold + `, ipPool: {shared: []}`, "at least 1 items"},
		{plan, gold + `, ipPool: {shared: [all]}`, "not an IP address"},
		{plan, gold + `, ipPool: {exclusiveIPv4: -1}`, "spec.ipPool.exclusiveIPv4"},
		{plan, gold + `, overuse: never`, "spec.overuse"},
		{plan, gold + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},

		{"PleskCustomer", `resellerRef: {name: north}, login: acme, contactName: Ada`, ""},
		{"PleskCustomer", `serverRef: {name: web-01}, resellerRef: {external: north}, login: acme, contactName: Ada`, ""},
		{"PleskCustomer", `resellerRef: {external: north}, login: acme, contactName: Ada`, "serverRef is required unless resellerRef names a resource"},
		{"PleskCustomer", `login: acme, contactName: Ada`, "serverRef is required"},
		{"PleskCustomer", `resellerRef: {name: north, external: north}, login: acme, contactName: Ada`, "exactly one of name and external"},
		{"PleskServicePlan", `resellerRef: {name: north}, planName: small`, ""},
		{"PleskServicePlan", `resellerRef: {external: north}, planName: small`, "serverRef is required unless resellerRef names a resource"},
		{"PleskSubscription", `resellerRef: {name: north}, domainName: acme.example`, ""},
		{"PleskSubscription", `resellerRef: {external: north}, domainName: acme.example`, "serverRef is required unless customerRef or resellerRef names a resource"},
	} {
		u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: "+c.kind+"\nmetadata: {generateName: case-}\nspec: {"+c.spec+"}\n")
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
	for _, c := range []struct{ kind, spec, patch, refused string }{
		{reseller, north, `{"login":"south","resellerPlanRef":{"name":"gold"}}`, ""},
		{reseller, north, `{"serverRef":{"name":"web-02"}}`, "serverRef is immutable"},
		{plan, gold, `{"planName":"platinum"}`, ""},
		{plan, gold, `{"serverRef":{"name":"web-02"}}`, "serverRef is immutable"},
		{"PleskCustomer", `resellerRef: {name: north}, login: acme, contactName: Ada`, `{"resellerRef":{"name":"south"}}`, "resellerRef is immutable"},
		{"PleskSubscription", `resellerRef: {name: north}, domainName: acme.example`, `{"resellerRef":{"name":"south"}}`, ""},
	} {
		u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: "+c.kind+"\nmetadata: {generateName: case-}\nspec: {"+c.spec+"}\n")
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+c.patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), c.refused); got != (c.refused != "") || c.refused == "" && err != nil {
			t.Errorf("%s: %v", c.patch, err)
		}
	}
	for _, name := range []string{"pleskresellerplan.yaml", "pleskreseller.yaml"} {
		text, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := bed.Client.Create(t.Context(), manifest(t, string(text)), client.FieldValidation(metav1.FieldValidationStrict)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
