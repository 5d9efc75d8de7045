// What the API server itself refuses of virtual directories.

package v1alpha1_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfVirtualDirectories(t *testing.T) {
	bed := cluster(t)
	const dir = `siteRef: {name: acme-example}, directoryName: docs`
	for _, c := range []struct {
		spec    string
		refused string // what the message holds; "" is accepted
	}{
		{dir, ""},
		{dir + `, realPath: 'C:\manuals', executePermission: ScriptsAndExecutables, access: {read: true, browse: false}, mimeTypes: [.abc text/plain]`, ""},
		{dir + `, application: {enabled: true, mta: true, aspNetVersion: "4.8"}, defaultDocuments: {enabled: true, names: [index.htm, index.asp]}`, ""},
		{dir + `, asp: {bufferingLimit: 4Mi, maxRequestEntity: 204800}, ipAccess: {allow: [10.0.0.0/8], deny: [198.51.100.7]}`, ""},
		{dir + `, requestLimits: {byRate: true, maxRequests: 20, interval: 1m2s200ms}`, ""},
		{`siteRef: {external: acme.example}, directoryName: docs`, "serverRef is required unless siteRef names a resource"},
		{`serverRef: {name: web-01}, siteRef: {external: acme.example}, directoryName: /`, ""},
		{`siteRef: {name: acme-example}`, "directoryName: Required"},
		{`directoryName: docs`, "siteRef: Required"},
		{`siteRef: {name: acme-example}, directoryName: ""`, "spec.directoryName"},
		{`siteRef: {name: acme-example}, directoryName: two words`, "spec.directoryName"},
		{`siteRef: {name: acme-example}, directoryName: ../docs`, "spec.directoryName"},
		{dir + `, realPath: ""`, "spec.realPath"},
		{dir + `, executePermission: All`, "spec.executePermission"},
		{dir + `, application: {mta: true}`, "spec.application.enabled"},
		{dir + `, application: {enabled: false, mta: true}`, "need enabled"},
		{dir + `, defaultDocuments: {enabled: false, names: [index.htm]}`, "names need enabled"},
		{dir + `, defaultDocuments: {enabled: true, names: []}`, "spec.defaultDocuments.names"},
		{dir + `, defaultDocuments: {enabled: true, names: ["a,b"]}`, "spec.defaultDocuments.names"},
		{dir + `, asp: {bufferingLimit: 0}`, "write a whole number of bytes"},
		{dir + `, ipAccess: {allow: []}`, "spec.ipAccess.allow"},
		{dir + `, ipAccess: {deny: [everyone]}`, "neither an IP address nor a network"},
		{dir + `, mimeTypes: []`, "spec.mimeTypes"},
		{dir + `, requestLimits: {maxConcurrent: 0}`, "spec.requestLimits.maxConcurrent"},
		{dir + `, requestLimits: {interval: 1h}`, "spec.requestLimits.interval"},
		{dir + `, deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
	} {
		u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskVirtualDirectory\nmetadata: {generateName: case-}\nspec: {"+c.spec+"}\n")
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
	u := manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskVirtualDirectory\nmetadata: {generateName: case-}\nspec: {"+dir+"}\n")
	if err := bed.Client.Create(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{`{"spec":{"siteRef":{"name":"other-example"}}}`, "siteRef is immutable"}, {`{"spec":{"directoryName":"handbooks"}}`, "directoryName is immutable"}} {
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(c[0])))
		if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", c[0], err)
		}
	}
}
