// What the API server itself refuses of service plans and subscriptions, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// cluster is an API server that knows the custom resource definitions of this tree.
func cluster(t *testing.T) *testbed.Bed {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute) // a first build of the control plane takes minutes
	defer cancel()
	bed, err := testbed.Start(ctx, testbed.Options{Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bed.Close(); err != nil {
			t.Error(err)
		}
	})
	return bed
}

// manifest reads a resource as kubectl does.
func manifest(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	data, err := yaml.ToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	u.SetNamespace(metav1.NamespaceDefault)
	return u
}

func resource(t *testing.T, kind, spec string) *unstructured.Unstructured {
	t.Helper()
	return manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: "+kind+"\nmetadata: {generateName: case-}\nspec: {serverRef: {name: web-01}, "+spec+"}\n")
}

func TestSchemaOfPlansAndSubscriptions(t *testing.T) {
	bed := cluster(t)
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{`subscription: domainName: acme.example`, ""},
		{`subscription: domainName: bücher.example`, ""},
		{`subscription: domainName: "a b"`, "spec.domainName"},
		{`subscription: description: no name`, "spec.domainName: Required"},

		{`limits: disk_space: 2Gi, max_site: 3, max_box: unlimited, max_db: "5", max_traffic: 9223372036854775807`, ""},
		{`limits: expiration: 2027-01-31`, ""},
		{`limits: expiration: "2027-01-31T10:00:00+01:00"`, ""},
		{`limits: disk_space: -1`, "-1 is written unlimited"},
		{`limits: disk_space: "-1"`, "-1 is written unlimited"},
		{`limits: disk_space: 10GB`, "10Gi (without a B)"},
		{`limits: disk_space: many`, "spec.limits[disk_space]: Invalid value"},
		{`limits: expiration: 31.01.2027`, "a date such as 2027-01-31"},
		{`site: quota: 10GB`, "10Gi (without a B)"},
		{`site: quota: "-1"`, "-1 is written unlimited"},
		{`limits: disk_space: 1.5`, "spec.limits.disk_space"},
		{`limits: disk_space: true`, "spec.limits.disk_space"},
		{`performance: bandwidth: 5, maxConnections: unlimited`, ""},
		{`performance: bandwidth: 0`, "must be at least 1"},
		{`performance: bandwidth: 2Gi`, `spec.performance.bandwidth: Invalid value: "2Gi": must be at least 1, a plain number`},
		{`performance: bandwidth: "-1"`, "-1 is written unlimited"},

		{`acme: customerRef: {name: a}, resellerRef: {external: b}`, "customerRef and resellerRef exclude each other"},
		{`acme: customerRef: {name: a, external: b}`, "exactly one of name and external"},
		{`acme: addonPlanRefs: [{name: more}, {external: north/extra}]`, ""},
		{`acme: addonPlanRefs: []`, ""},
		{`acme: addonPlanRefs: [{}]`, "exactly one of name and external"},
		{`acme: planSync: Sync`, ""},
		{`acme: planSync: Later`, "spec.planSync: Unsupported value"},
		{`acme: customerRef: {}`, "exactly one of name and external"},
		{`acme: ipAddresses: [198.51.100.7]`, ""},
		{`acme: ipAddresses: ["2001:db8::7", 198.51.100.7]`, ""},
		{`acme: ipAddresses: [198.51.100.8, 198.51.100.7]`, "one IPv4 and one IPv6"},
		{`acme: ipAddresses: ["2001:db8::7", "2001:db8::8"]`, "one IPv4 and one IPv6"},
		{`acme: ipAddresses: [hello]`, "not an IP address"},
		{`acme: ipAddresses: []`, "at least 1 items"},

		{`hosting: none: {}`, ""},
		{`hosting: virtualHost: {}`, ""},
		{`hosting: `, "exactly one of virtualHost"},
		{`hosting: none: {}, virtualHost: {}`, "exactly one of virtualHost"},
		{`hosting: forwarding: {}`, "url: Required"},
		{`hosting: forwarding: {url: "https://www.acme.example/", httpCode: 302}`, ""},
		{`hosting: forwarding: {url: "https://www.acme.example/", httpCode: 307}`, "httpCode"},
		{`hosting: forwarding: {url: www.acme.example}`, "spec.hosting.forwarding.url"},
		{`site: documentRoot: a..b/x`, ""},
		{`site: documentRoot: ../x`, "cannot lead out of the home"},
		{`site: documentRoot: a/../../x`, "cannot lead out of the home"},
		{`site: documentRoot: /x`, "documentRoot"},
		{`site: extraProperties: {waf-rule-engine: "on", ftp_password_type: plain}`, ""},
		{`site: extraProperties: {ftp_password: x}`, "passwords come from Secrets"},
		{`site: extraProperties: {x_PASSWD: x}`, "passwords come from Secrets"},
		{`site: tls: {redirect: true, certificateRef: {external: x}}, seoRedirect: NonWWW`, ""},
		{`site: seoRedirect: none`, "seoRedirect"},

		{`plan: planName: birch`, ""},
		{`plan: overuse: Block`, "spec.planName: Required"},
		{`plan: planName: birch, overuse: block`, "spec.overuse"},
		{`birch: hostingType: None, hosting: {}`, "exclude each other"},
		{`birch: logRotation: {enabled: true}`, "exactly one of schedule and size"},
		{`birch: logRotation: {enabled: true, size: 1Mi, schedule: Daily}`, "exactly one of schedule and size"},
		{`birch: logRotation: {enabled: true, size: 1Mi, maxFiles: 3}`, ""},
		{`birch: logRotation: {enabled: false}`, ""},
		{`birch: logRotation: {enabled: false, maxFiles: 3}`, "need enabled"},
		{`birch: mail: {nonexistentUser: {reject: {}}, outgoing: {mailboxLimit: 5, domainLimit: default}}`, ""},
		{`birch: mail: {nonexistentUser: {}}`, "exactly one of bounce"},
		{`birch: mail: {nonexistentUser: {reject: {}, forward: a@acme.example}}`, "exactly one of bounce"},
		{`birch: mail: {outgoing: {mailboxLimit: -1}}`, "-1 is written unlimited"},
		{`birch: mail: {outgoing: {mailboxLimit: 2Gi}}`, `mailboxLimit: Invalid value: "2Gi": write a plain number`},
		{`birch: mail: {outgoing: {mailboxLimit: "-1"}}`, "-1 is written unlimited"},
		{`birch: webServer: {additionalHTTP: "a b"}`, ""},
		{`birch: webServer: {additionalHTTP: "a\nb"}`, "additionalHTTP"},

		{`addon: planName: more`, ""},
		{`addon: limits: {max_box: 3}`, "spec.planName: Required"},
		{`addon: planName: more, limits: {max_box: 3, disk_space: unlimited}, permissions: {manage_dns: true}, performance: {bandwidth: 5}, hosting: {quota: 1Gi, tls: {enabled: true}}`, ""},
		{`addon: planName: more, limits: {max_box: -1}`, "-1 is written unlimited"},
		{`addon: planName: more, hosting: {extraProperties: {ftp_password: x}}`, "passwords come from Secrets"},
		{`addon: planName: more, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		err := bed.Client.Create(t.Context(), shorthand(t, c.spec), client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && (!apierrors.IsInvalid(err) || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	keepsReseller(t, bed)
	acceptsSamples(t, bed)
}

// shorthand makes a resource from the part of its spec that a case is about.
func shorthand(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	part, rest, _ := strings.Cut(text, ": ")
	switch part {
	case "subscription":
		return resource(t, "PleskSubscription", rest)
	case "acme":
		return resource(t, "PleskSubscription", "domainName: acme.example, "+rest)
	case "limits", "performance", "hosting":
		return resource(t, "PleskSubscription", "domainName: acme.example, "+part+": {"+rest+"}")
	case "site":
		return resource(t, "PleskSubscription", "domainName: acme.example, hosting: {virtualHost: {"+rest+"}}")
	case "plan":
		return resource(t, "PleskServicePlan", rest)
	case "addon":
		return resource(t, "PleskServicePlanAddon", rest)
	}
	return resource(t, "PleskServicePlan", "planName: birch, "+rest)
}

// keepsReseller checks that the owner of a plan can neither be changed nor dropped.
func keepsReseller(t *testing.T, bed *testbed.Bed) {
	t.Helper()
	for _, kind := range []string{"PleskServicePlan", "PleskServicePlanAddon"} {
		u := resource(t, kind, "planName: birch, resellerRef: {external: north}")
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		for _, patch := range []string{`{"spec":{"resellerRef":null}}`, `{"spec":{"resellerRef":{"external":"south"}}}`} {
			err := bed.Client.Patch(t.Context(), u.DeepCopy(), client.RawPatch("application/merge-patch+json", []byte(patch)))
			if err == nil || !strings.Contains(err.Error(), "resellerRef is immutable") {
				t.Errorf("%s: %s: %v", kind, patch, err)
			}
		}
	}
}

func acceptsSamples(t *testing.T, bed *testbed.Bed) {
	t.Helper()
	for _, name := range []string{"pleskserviceplan.yaml", "pleskserviceplanaddon.yaml", "plesksubscription.yaml"} {
		text, err := os.ReadFile(filepath.Join(bed.Root, "config", "samples", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := bed.Client.Create(t.Context(), manifest(t, string(text)), client.FieldValidation(metav1.FieldValidationStrict)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
