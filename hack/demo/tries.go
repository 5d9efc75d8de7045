// Three things to try, with commands that work as they stand.

package main

import (
	"context"
	"fmt"
	"strings"
	"text/template"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var tries = template.Must(template.New("").Parse(`In another terminal:

export KUBECONFIG={{.Kubeconfig}}
plesk() { curl -sS --cacert {{.CAFile}} -H 'HTTP_AUTH_LOGIN: {{.Login}}' -H "HTTP_AUTH_PASSWD: $(cat {{.PasswordFile}})" -H 'HTTP_PRETTY_PRINT: TRUE' -H 'Content-Type: text/xml' --data-binary @- {{.URL}}{{.AgentPath}}; }
{{if .Zone}}
1. Add a record to the zone; seconds later it is on the server:

kubectl -n {{.Namespace}} patch pleskdnszone {{.Zone}} --type=json -p '[{"op": "add", "path": "/spec/records/-", "value": {"name": "status", "type": "CNAME", "value": "{{.Domain}}"}}]'
plesk <<< '<packet><dns><get_rec><filter><dns-zone-name>{{.Domain}}</dns-zone-name></filter></get_rec></dns></packet>' | grep -B 2 -A 3 status.acme
{{if .RecordID}}
2. Remove a record ({{.Record}}) behind the operator's back, and have it restored at once instead of at the next resync:

plesk <<< '<packet><dns><del_rec><filter><id>{{.RecordID}}</id></filter></del_rec></dns></packet>'
kubectl -n {{.Namespace}} annotate --overwrite pleskdnszone {{.Zone}} {{.Annotation}}="$(date +%s.%N)"
kubectl -n {{.Namespace}} describe pleskdnszone {{.Zone}} | tail
{{end}}{{end}}
3. Ask for a customer whose login the server refuses; Plesk's error code is in the message:

kubectl apply -f - <<EOF
apiVersion: {{.APIVersion}}
kind: PleskCustomer
metadata: {name: refused, namespace: {{.Namespace}}}
spec:
  serverRef: {name: {{.Server}}}
  login: no blanks please
  contactName: Nobody
  password: {secretRef: {name: refused-panel, key: password}, generate: true}
EOF
kubectl -n {{.Namespace}} get pleskcustomer refused -o jsonpath='{.status.conditions[?(@.type=="Ready")].message}{"\n"}'

docs/start.md goes on from here; docs/kubectl-plesk.md has the plugin, which shows what is wrong, and with diff what a manifest would write.

The operator's log: {{.Log}}
Ctrl-C ends everything.
`))

// printTries prints what to do next.
func (d *demo) printTries(ctx context.Context) error {
	values := struct {
		*testbed.Plesk
		Kubeconfig, Log, AgentPath, Annotation, APIVersion string
		Namespace, Server, Zone, Domain, Record            string
		RecordID                                           int64
	}{
		Plesk: d.plesk, Kubeconfig: d.bed.Kubeconfig, Log: d.manager.LogFile,
		AgentPath: xmlapi.AgentPath, Annotation: v1alpha1.AnnotationReconcile, APIVersion: v1alpha1.GroupVersion.String(),
		Namespace: d.samples.namespace, Server: d.samples.of("PleskServer").GetName(),
	}
	subscription, zone := d.samples.of("PleskSubscription"), d.samples.of("PleskDNSZone")
	if subscription != nil && zone != nil {
		values.Zone = zone.GetName()
		var err error
		if values.Domain, _, err = unstructured.NestedString(subscription.Object, "spec", "domainName"); err != nil {
			return err
		}
		if values.RecordID, values.Record, err = d.findRecord(ctx, zone, values.Domain); err != nil {
			return err
		}
	}
	return tries.Execute(d.out, values)
}

// findRecord looks up on the server a record that the sample zone lists, by its id; 0 when there is none.
func (d *demo) findRecord(ctx context.Context, zone *unstructured.Unstructured, domain string) (id int64, what string, _ error) {
	wanted, _, err := unstructured.NestedSlice(zone.Object, "spec", "records")
	if err != nil {
		return 0, "", err
	}
	c, err := d.plesk.Client()
	if err != nil {
		return 0, "", err
	}
	site, err := webspace.Get.One(ctx, c, webspace.GetRequest{Filter: webspace.ByName(domain).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return 0, "", err
	}
	records, err := dns.GetRec.All(ctx, c, dns.GetRecRequest{Filter: dns.BySite(site.ID).Query()})
	if err != nil {
		return 0, "", err
	}
	for _, w := range wanted {
		name, _, _ := unstructured.NestedString(w.(map[string]any), "name")
		kind, _, _ := unstructured.NestedString(w.(map[string]any), "type")
		for _, r := range records {
			if name != "@" && r.Data != nil && r.Data.Type == kind && strings.TrimSuffix(r.Data.Host, ".") == name+"."+domain {
				return r.ID, fmt.Sprintf("%s %s", name, kind), nil
			}
		}
	}
	return 0, "", nil
}
