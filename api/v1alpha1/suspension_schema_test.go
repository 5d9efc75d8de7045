// What the API server itself refuses of suspensions, and of whose a server's life cycle is.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfSuspensions(t *testing.T) {
	bed := cluster(t)
	strict := client.FieldValidation(metav1.FieldValidationStrict)
	const head = "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskSuspension\nmetadata: {generateName: case-}\nspec: "
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{`targetRef: {kind: PleskCustomer, name: acme}, reason: NonPayment`, ""},
		{`targetRef: {kind: PleskReseller, name: north}, reason: NonPayment, since: "2031-01-01T00:00:00Z"`, ""},
		{`targetRef: {kind: PleskSubscription, name: acme}, reason: Abuse, since: "2031-01-01T00:00:00Z", until: "2031-01-01T00:00:01Z"`, ""},
		{`targetRef: {kind: PleskSite, name: shop}, reason: Malware, until: "2001-01-01T00:00:00Z"`, ""},
		{`targetRef: {kind: PleskSite, name: shop}, reason: x, since: "2031-01-01T00:00:00Z", until: "2031-01-01T00:00:00Z"`, "since has to come before until"},
		{`targetRef: {kind: PleskSite, name: shop}, reason: x, until: tomorrow`, "spec.until"},
		{`targetRef: {kind: PleskDatabase, name: shop}, reason: x`, "spec.targetRef.kind"},
		{`targetRef: {name: shop}, reason: x`, "spec.targetRef.kind: Required"},
		{`targetRef: {kind: PleskSite, name: ""}, reason: x`, "spec.targetRef.name"},
		{`targetRef: {kind: PleskSite, name: shop, namespace: other}, reason: x`, `unknown field "spec.targetRef.namespace"`},
		{`targetRef: {kind: PleskSite, name: shop}`, "spec.reason: Required"},
		{`targetRef: {kind: PleskSite, name: shop}, reason: ""`, "spec.reason"},
		{`targetRef: {kind: PleskSite, name: shop}, reason: ` + strings.Repeat("x", 256), "spec.reason"},
	} {
		err := bed.Client.Create(t.Context(), manifest(t, head+"{"+c.spec+"}\n"), strict)
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

	s := manifest(t, strings.Replace(head, "generateName: case-", "name: kept", 1)+"{targetRef: {kind: PleskCustomer, name: acme}, reason: NonPayment}\n")
	if err := bed.Client.Create(t.Context(), s, strict); err != nil {
		t.Fatal(err)
	}
	for patch, refused := range map[string]string{
		`{"spec":{"targetRef":{"name":"birch"}}}`:                   "targetRef is immutable",
		`{"spec":{"targetRef":{"kind":"PleskReseller"}}}`:           "targetRef is immutable",
		`{"spec":{"reason":"Paid","until":"2031-01-01T00:00:00Z"}}`: "",
	} {
		err := bed.Client.Patch(t.Context(), s, client.RawPatch("application/merge-patch+json", []byte(patch)))
		if refused == "" && err != nil || refused != "" && (err == nil || !strings.Contains(err.Error(), refused)) {
			t.Errorf("%s: %v", patch, err)
		}
	}

	const server = "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskServer\nmetadata: {generateName: case-}\nspec: {url: 'https://web-01.example:8443', credentialsSecretRef: {name: x}, lifecycle: "
	for lifecycle, accepted := range map[string]bool{`{}`: true, `{owner: Git}`: true, `{owner: Billing}`: true, `{owner: Nobody}`: false} {
		u := manifest(t, server+lifecycle+"}\n")
		if err := bed.Client.Create(t.Context(), u, strict); (err == nil) != accepted {
			t.Errorf("lifecycle: %s: %v", lifecycle, err)
		}
	}
}
