// What the API server itself refuses of servers, and of the pace of their objects.

package v1alpha1_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestSchemaOfIntervals(t *testing.T) {
	bed := cluster(t)
	const server, customer = "url: https://web-01.example:8443, credentialsSecretRef: {name: web-01}", "login: acme, contactName: Ada, password: {secretRef: {name: acme, key: password}}"
	for _, c := range []struct {
		kind, rest, field string
		minimum, below    string
	}{
		{"PleskServer", server, "eventPollInterval", "1s", "0s"},
		{"PleskServer", server, "resyncPeriod", "10s", "9s"},
		{"PleskCustomer", customer, "resyncPeriod", "10s", "9s"},
	} {
		refused := fmt.Sprintf("%s has to be at least %s", c.field, c.minimum)
		for value, want := range map[string]string{
			c.minimum: "", "1m": "", "9999h99999m9999999s": "",
			c.below: refused, "0h0m" + c.below: refused, "0h": refused, "0m0s": refused,
			"soon": "in hours, minutes and whole seconds", "": "spec." + c.field, "1h1h": "in hours, minutes and whole seconds", "-1h": "in hours, minutes and whole seconds", "1.5h": "in hours, minutes and whole seconds", "10ms": "in hours, minutes and whole seconds",
			"00000000000000000000000000h": "Too long",
		} {
			o := resource(t, c.kind, fmt.Sprintf("%s, %s: %q", c.rest, c.field, value))
			err := bed.Client.Create(t.Context(), o, client.DryRunAll)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "spec."+c.field)) {
				t.Errorf("%s, %s %q: have %v, want %q", c.kind, c.field, value, err, want)
			}
		}
	}

	// A program that leaves an interval out gets the default, and does not send the zero that Go has for it.
	srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{URL: "https://web-01.example:8443", CredentialsSecretRef: v1alpha1.SecretReference{Name: "web-01"}}}
	srv.Namespace, srv.Name = metav1.NamespaceDefault, "left-out"
	if err := bed.Client.Create(t.Context(), srv, client.DryRunAll); err != nil {
		t.Fatal(err)
	}
	if srv.Spec.EventPollInterval.Duration != 30*time.Second || srv.Spec.ResyncPeriod.Duration != time.Hour {
		t.Errorf("have %s and %s", srv.Spec.EventPollInterval.Duration, srv.Spec.ResyncPeriod.Duration)
	}
}
