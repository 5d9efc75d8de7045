// What the API server itself refuses of IP addresses, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfIPAddresses(t *testing.T) {
	bed := cluster(t)
	const v4, v6 = `address: 198.51.100.9`, `address: "2001:db8::9"`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{v4, ""},
		{v6, ""},
		{v4 + `, prefixLength: 24, interface: eth0, type: Exclusive, publicAddress: 203.0.113.9, certificateName: web-01`, ""},
		{v4 + `, interface: Local Area Connection 2, publicAddress: ""`, ""},
		{`type: Shared`, "address: Required"},
		{`address: web-01.example.com`, "not an IP address"},
		{`address: 198.51.100.0/24`, "not an IP address"},
		{`address: "::ffff:198.51.100.9"`, "not an IP address"},
		{v4 + `, prefixLength: 33`, "at most 32 bits"},
		{v6 + `, prefixLength: 64`, ""},
		{v6 + `, prefixLength: 129`, "spec.prefixLength"},
		{v4 + `, prefixLength: 0`, "spec.prefixLength"},
		{v4 + `, interface: ""`, "spec.interface"},
		{v4 + `, interface: " eth0"`, "spec.interface"},
		{v4 + `, type: shared`, "spec.type"},
		{v4 + `, publicAddress: nowhere`, "not an IP address"},
		{v4 + `, certificateName: ""`, "spec.certificateName"},
	} {
		err := bed.Client.Create(t.Context(), resource(t, "PleskIPAddress", c.spec), client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && (!apierrors.IsInvalid(err) || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	for patch, refused := range map[string]string{
		`{"address":"198.51.100.10"}`:                         "address is immutable",
		`{"prefixLength":25}`:                                 "prefixLength is immutable",
		`{"interface":"eth1"}`:                                "interface is immutable",
		`{"type":"Shared","publicAddress":"203.0.113.10"}`:    "",
		`{"prefixLength":null,"interface":null,"type":null}`:  "",
		`{"serverRef":{"name":"web-02"}}`:                     "serverRef is immutable",
		`{"deletionPolicy":"DeleteWithContents"}`:             "DeleteWithContents is for subscriptions and sites",
		`{"certificateName":"web-02","publicAddress":"none"}`: "not an IP address",
	} {
		u := resource(t, "PleskIPAddress", v4+`, prefixLength: 24, interface: eth0, type: Exclusive`)
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
}
