// What the API server itself refuses of extensions, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfExtensions(t *testing.T) {
	bed := cluster(t)
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{`extensionID: wp-toolkit`, ""},
		{`extensionID: acme, url: "https://files.acme.example/acme-1.2-3.zip"`, ""},
		{`url: "https://files.acme.example/acme-1.2-3.zip"`, "extensionID: Required"},
		{`extensionID: ""`, "spec.extensionID"},
		{`extensionID: "../acme"`, "spec.extensionID"},
		{`extensionID: ` + strings.Repeat("a", 101), "spec.extensionID"},
		{`extensionID: acme, url: "http://files.acme.example/acme.zip"`, "spec.url"},
		{`extensionID: acme, url: "https://ada:secret@files.acme.example/acme.zip"`, "spec.url"},
		{`extensionID: acme, url: "https://files.acme.example"`, "spec.url"},
		{`extensionID: acme, url: "https://files.acme.example/` + strings.Repeat("a", 255) + `"`, "spec.url"},
	} {
		err := bed.Client.Create(t.Context(), resource(t, "PleskExtension", c.spec), client.FieldValidation(metav1.FieldValidationStrict))
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
		`{"extensionID":"git"}`:                               "extensionID is immutable",
		`{"url":"https://files.acme.example/acme-1.3-1.zip"}`: "url is immutable",
		`{"url":null}`:                                        "url is immutable",
		`{"serverRef":{"name":"web-02"}}`:                     "serverRef is immutable",
		`{"deletionPolicy":"DeleteWithContents"}`:             "DeleteWithContents is for subscriptions and sites",
		`{"deletionPolicy":"Delete"}`:                         "",
	} {
		u := resource(t, "PleskExtension", `extensionID: acme, url: "https://files.acme.example/acme-1.2-3.zip"`)
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
}
