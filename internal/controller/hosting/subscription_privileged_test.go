// What tenants may set of a subscription and what not.

package hosting

import (
	"slices"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func subscriptionPrivileges(t *testing.T, manifest string) []string {
	return controllertest.Privileges(t, Subscription{}, &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{DomainName: "acme.example"}}, manifest)
}

func TestSubscriptionPrivileges(t *testing.T) {
	controllertest.ExpectPrivileged(t, subscriptionPrivileges, controllertest.AllowanceCases())
	controllertest.ExpectPrivileged(t, subscriptionPrivileges, controllertest.HostingCases("hosting.virtualHost", func(s string) string { return `hosting: {virtualHost: {` + s + `}}` }))
	controllertest.ExpectPrivileged(t, subscriptionPrivileges, map[string][]string{
		`resellerRef: {external: north}`: {"resellerRef"},
		`planSync: Sync`:                 {"planSync"},
		`planSync: Keep`:                 nil,
		`customerRef: {name: acme}, servicePlanRef: {name: birch}, description: Shop, ipAddresses: ["198.51.100.7"]`: nil,
		`hosting: {forwarding: {url: "https://www.acme.example/"}}`:                                                  nil,
		`preferences: {www: true, statisticsMonths: 3}`:                                                              nil,
		`hosting: {virtualHost: {systemUser: {name: acme}, documentRoot: web, seoRedirect: WWW}}`:                    nil,
	})
}

// Which addresses are exclusive only the server knows.
func TestExclusiveAddressesAreNotForTenants(t *testing.T) {
	srv, c := controllertest.Simulated(t)
	for name, x := range map[string]struct {
		addresses, fields []string
	}{
		"the server's choice": {nil, nil},
		"shared ones":         {[]string{"198.51.100.7", "2001:db8::7"}, nil},
		"an exclusive one":    {[]string{"198.51.100.8", "2001:db8::7"}, []string{"ipAddresses (198.51.100.8 is exclusive)"}},
		"one not there":       {[]string{"203.0.113.9"}, nil}, // the server refuses it
	} {
		got, err := Subscription{}.PrivilegedThere(t.Context(), c, subscriptionValue{Addresses: x.addresses})
		if err != nil || !slices.Equal(got, x.fields) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, x.fields)
		}
	}
	srv.Inject(plesksim.Fault{Operator: "ip", Operation: "get", Code: xmlapi.CodeFailed})
	if _, err := (Subscription{}).PrivilegedThere(t.Context(), c, subscriptionValue{Addresses: []string{"198.51.100.8"}}); err == nil {
		t.Error("an unanswered question permits the address")
	}
}
