// What the API server itself refuses of custom buttons, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfCustomButtons(t *testing.T) {
	bed := cluster(t)
	const button = `place: Navigation, text: Help desk, url: "https://help.example.com/"`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{button, ""},
		{button + `, customerRef: {name: acme}, helpText: "", sortKey: 5, icon: /opt/desk.png, public: true, openInPanel: true, noFrame: false, urlComponents: [DomainName, Email]`, ""},
		{`place: Admin, text: Desk, url: /admin/desk`, ""},
		{`text: Desk, url: /admin/desk`, "place: Required"},
		{`place: navigation, text: Desk, url: /admin/desk`, "spec.place"},
		{`place: Admin, text: " ", url: /admin/desk`, "spec.text"},
		{`place: Admin, text: ` + strings.Repeat("a", 256) + `, url: /admin/desk`, "spec.text"},
		{`place: Admin, text: Desk, url: "javascript:alert(1)"`, "spec.url"},
		{`place: Admin, text: Desk, url: help.example.com`, "spec.url"},
		{`place: Admin, text: Desk, url: "https://"`, "spec.url"},
		{`place: Admin, text: Desk, url: "/a b"`, "spec.url"},
		{button + `, sortKey: -1`, "spec.sortKey"},
		{button + `, urlComponents: [Password]`, "spec.urlComponents"},
		{button + `, urlComponents: [Email, Email]`, "Duplicate"},
		{button + `, customerRef: {name: acme}, resellerRef: {name: north}`, "exclude each other"},
	} {
		err := bed.Client.Create(t.Context(), resource(t, "PleskCustomButton", c.spec), client.FieldValidation(metav1.FieldValidationStrict))
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
		`{"place":"Admin"}`:                       "place is immutable",
		`{"text":"Desk"}`:                         "text is immutable",
		`{"url":"/admin/desk"}`:                   "url is immutable",
		`{"customerRef":{"name":"birch"}}`:        "customerRef is immutable",
		`{"customerRef":null}`:                    "customerRef is immutable",
		`{"resellerRef":{"name":"north"}}`:        "resellerRef is immutable",
		`{"helpText":"Ask us"}`:                   "helpText is immutable",
		`{"sortKey":7}`:                           "sortKey is immutable",
		`{"icon":"/opt/desk.png"}`:                "icon is immutable",
		`{"public":false}`:                        "public is immutable",
		`{"urlComponents":["Email"]}`:             "urlComponents is immutable",
		`{"openInPanel":true}`:                    "openInPanel is immutable",
		`{"noFrame":true}`:                        "noFrame is immutable",
		`{"helpText":null,"sortKey":null}`:        "",
		`{"public":null,"urlComponents":null}`:    "",
		`{"serverRef":{"name":"web-02"}}`:         "serverRef is immutable",
		`{"deletionPolicy":"DeleteWithContents"}`: "DeleteWithContents is for subscriptions and sites",
	} {
		u := resource(t, "PleskCustomButton", button+`, customerRef: {name: acme}, helpText: Ask, sortKey: 5, public: true, urlComponents: [DomainName]`)
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":`+patch+`}`)))
		if got := err != nil && apierrors.IsInvalid(err) && strings.Contains(err.Error(), refused); got != (refused != "") || refused == "" && err != nil {
			t.Errorf("%s: %v", patch, err)
		}
	}
}
