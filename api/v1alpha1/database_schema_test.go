// What the API server itself refuses of databases, their users and their servers, before anything is sent to a Plesk.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfDatabases(t *testing.T) {
	bed := cluster(t)
	const database, user, server = "PleskDatabase", "PleskDatabaseUser", "PleskDatabaseServer"
	const shop = `subscriptionRef: {name: acme-example}, databaseName: shop, type: MySQL`
	const remote = `serverRef: {name: web-01}, type: MySQL, host: db-2.example, port: 3306`
	const ada = `databaseRef: {name: shop}, login: ada`
	for _, c := range []struct {
		kind, spec string
		refused    string // what the message holds; "" is accepted
	}{
		{database, shop, ""},
		{database, `serverRef: {name: web-01}, subscriptionRef: {external: acme.example}, databaseName: shop, type: PostgreSQL`, ""},
		{database, `subscriptionRef: {external: acme.example}, databaseName: shop, type: MySQL`, "serverRef is required"},
		{database, `subscriptionRef: {}, databaseName: shop, type: MySQL`, "exactly one of name and external"},
		{database, `subscriptionRef: {name: acme-example}, databaseName: "a b", type: MySQL`, "databaseName"},
		{database, `subscriptionRef: {name: acme-example}, databaseName: shop, type: mysql`, "spec.type"},
		{database, shop + `, databaseServerRef: {external: "mysql/db.example:3306"}`, ""},
		{database, shop + `, databaseServerRef: {name: db-2}`, ""},
		{database, shop + `, databaseServerRef: {}`, "exactly one of name and external"},
		{database, shop + `, customHost: db.acme.example`, ""},
		{database, shop + `, customHost: "a b"`, "spec.customHost"},

		{server, remote, ""},
		{server, remote + `, login: admin, password: {secretRef: {name: a, key: password}}, default: true`, ""},
		{server, `type: MySQL, host: db-2.example, port: 3306`, "serverRef is required"},
		{server, `serverRef: {name: web-01}, type: mysql, host: db-2.example, port: 3306`, "spec.type"},
		{server, `serverRef: {name: web-01}, type: MySQL, host: "mysql/db", port: 3306`, "spec.host"},
		{server, `serverRef: {name: web-01}, type: MySQL, host: db-2.example, port: 65536`, "spec.port"},
		{server, `serverRef: {name: web-01}, type: MySQL, host: db-2.example`, "port: Required"},
		{server, remote + `, login: "a b"`, "spec.login"},
		{server, remote + `, default: false`, "make another database server the default one"},

		{user, ada, ""},
		{user, `databaseRef: {external: shop}, login: ada`, "serverRef is required"},
		{user, `serverRef: {name: web-01}, databaseRef: {external: mysql/localhost:3306/shop}, login: ada`, ""},
		{user, `databaseRef: {name: shop}, login: ada lovelace`, "spec.login"},
		{user, ada + `, role: readOnly`, "spec.role"},
		{user, ada + `, role: ReadOnly, allowedHosts: ["10.8.%", app.example], allowedAddresses: ["198.51.100.7", "2001:db8::/64"]`, ""},
		{user, ada + `, allowedHosts: [], allowedAddresses: []`, ""},
		{user, ada + `, allowedHosts: ["a b"]`, "spec.allowedHosts"},
		{user, ada + `, allowedAddresses: ["10.8.%"]`, "neither an IP address nor a network"},
		{user, ada + `, default: true`, ""},
		{user, ada + `, default: false`, "make another user the default one"},
		{user, ada + `, password: {secretRef: {name: a, key: password}}, connectionSecretRef: {name: b}, connectionHost: db.example`, ""},
		{user, ada + `, password: {secretRef: {name: a, key: password}}, connectionSecretRef: {name: a}`, "need two Secrets"},
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
		{database, shop, `{"databaseName":"store"}`, "databaseName is immutable"},
		{database, shop, `{"type":"PostgreSQL"}`, "type is immutable"},
		{database, shop, `{"databaseServerRef":{"name":"db-2"}}`, "databaseServerRef is immutable"},
		{database, shop + `, databaseServerRef: {name: db-2}`, `{"databaseServerRef":null}`, "databaseServerRef is immutable"},
		{database, shop, `{"serverRef":{"name":"web-02"}}`, "serverRef is immutable"},
		{database, shop, `{"subscriptionRef":{"name":"other-example"}}`, ""},
		{server, remote, `{"type":"PostgreSQL"}`, "type is immutable"},
		{server, remote, `{"host":"db-3.example","port":3307,"login":"boss"}`, ""},
		{user, ada, `{"databaseRef":{"name":"crm"}}`, "databaseRef is immutable"},
		{user, ada, `{"login":"grace","role":"WriteOnly"}`, ""},
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
}
