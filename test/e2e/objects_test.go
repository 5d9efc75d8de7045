// A small hosting setup, as a user would write it.

package e2e

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func common() v1alpha1.CommonSpec {
	return v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: "web-01"}}
}

func generated(secret string) v1alpha1.SecretValue {
	return v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: secret, Key: "password"}, Generate: true}
}

func newCustomer(name string) *v1alpha1.PleskCustomer {
	c := &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: common(), Account: v1alpha1.Account{
			Login: name, ContactName: "Ada Birch", Email: new("ada@acme.example"), Password: new(generated(name + "-panel")),
		},
	}}
	c.Name = name
	return c
}

func newPlan(name string) *v1alpha1.PleskServicePlan {
	p := &v1alpha1.PleskServicePlan{Spec: v1alpha1.PleskServicePlanSpec{CommonSpec: common(), PlanName: name}}
	p.Name = name
	return p
}

// newSubscription is a web site of the customer and plan of these names.
func newSubscription(domain, customer, plan string) *v1alpha1.PleskSubscription {
	name := strings.ReplaceAll(domain, ".", "-")
	s := &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{
		CommonSpec: common(), DomainName: domain, CustomerRef: &v1alpha1.ObjectReference{Name: customer},
		Hosting: &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{
			SystemUser: &v1alpha1.SystemUser{Name: new(strings.ReplaceAll(domain, ".", "")), Password: new(generated(name + "-ftp"))},
		}},
	}}
	if plan != "" {
		s.Spec.ServicePlanRef = &v1alpha1.ObjectReference{Name: plan}
	}
	s.Name = name
	return s
}

func newZone(subscription string, records ...v1alpha1.DNSRecord) *v1alpha1.PleskDNSZone {
	z := &v1alpha1.PleskDNSZone{Spec: v1alpha1.PleskDNSZoneSpec{
		CommonSpec: common(), SiteRef: v1alpha1.DNSZoneOwner{Kind: "PleskSubscription", Name: subscription}, Records: records,
	}}
	z.Name = subscription
	return z
}

func newDirectory(subscription, path, user string) *v1alpha1.PleskProtectedDirectory {
	d := &v1alpha1.PleskProtectedDirectory{Spec: v1alpha1.PleskProtectedDirectorySpec{
		CommonSpec: common(), SiteRef: v1alpha1.SiteReference{Kind: "PleskSubscription", Name: subscription}, Path: path,
		Users: []v1alpha1.ProtectedDirectoryUser{{Login: user, Password: new(generated(path + "-" + user))}},
	}}
	d.Name = path
	return d
}

func recordA(name, address string) v1alpha1.DNSRecord {
	return v1alpha1.DNSRecord{Name: name, Type: v1alpha1.DNSRecordA, Value: address}
}

// setup is a customer, a plan, a subscription and its zone.
type setup struct {
	customer     *v1alpha1.PleskCustomer
	plan         *v1alpha1.PleskServicePlan
	subscription *v1alpha1.PleskSubscription
	zone         *v1alpha1.PleskDNSZone
}

func (s setup) all() []client.Object {
	return []client.Object{s.customer, s.plan, s.subscription, s.zone}
}

func (w *world) setUp() setup {
	GinkgoHelper()
	s := setup{newCustomer("acme"), newPlan("birch-small"), newSubscription("acme.example", "acme", "birch-small"), newZone("acme-example", recordA("shop", "198.51.100.7"))}
	for _, o := range s.all() {
		w.create(o)
	}
	w.eventuallyReady(s.all()...)
	return s
}

// What is on the server, read behind the operator's back.

func (w *world) customerOnServer(login string) *customer.GenInfo {
	GinkgoHelper()
	r, err := customer.Get.One(w, w.plesk, customer.GetRequest{Filter: customer.ByLogin(login).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	Expect(err).NotTo(HaveOccurred())
	return r.Data.GenInfo
}

func (w *world) customersOnServer() []customer.GetResult {
	GinkgoHelper()
	all, err := customer.Get.All(w, w.plesk, customer.GetRequest{Filter: xmlapi.All(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	Expect(err).NotTo(HaveOccurred())
	return all
}

func (w *world) subscriptionOnServer(domain string) *webspace.Data {
	GinkgoHelper()
	r, err := webspace.Get.One(w, w.plesk, webspace.GetRequest{Filter: webspace.ByName(domain).Query(),
		Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	Expect(err).NotTo(HaveOccurred())
	return r.Data
}

func (w *world) siteOnServer(domain string) int64 {
	GinkgoHelper()
	r, err := webspace.Get.One(w, w.plesk, webspace.GetRequest{Filter: webspace.ByName(domain).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	Expect(err).NotTo(HaveOccurred())
	return r.ID
}

func (w *world) planOnServer(name string) *serviceplan.GetResult {
	GinkgoHelper()
	r, err := serviceplan.Get.One(w, w.plesk, serviceplan.GetRequest{Filter: serviceplan.ByName(name).Query()})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	Expect(err).NotTo(HaveOccurred())
	return &r
}

// recordsOnServer are the records of all zones as "host type value".
func (w *world) recordsOnServer() []string {
	GinkgoHelper()
	all, err := dns.GetRec.All(w, w.plesk, dns.GetRecRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	var out []string
	for _, r := range all {
		out = append(out, r.Data.Host+" "+r.Data.Type+" "+r.Data.Value)
	}
	return out
}

// removeRecord takes a record from the server behind the operator's back.
func (w *world) removeRecord(host string) {
	GinkgoHelper()
	all, err := dns.GetRec.All(w, w.plesk, dns.GetRecRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	for _, r := range all {
		if r.Data.Host == host {
			_, err := dns.DelRec.One(w, w.plesk, dns.DelRecRequest{Filter: dns.ByID(r.ID)})
			Expect(err).NotTo(HaveOccurred())
			return
		}
	}
	Fail("no record for " + host)
}

// secretValue is the password in a Secret, "" when there is none.
func (w *world) secretValue(name string) string {
	s := &corev1.Secret{}
	if bed.Client.Get(w, client.ObjectKey{Namespace: w.ns, Name: name}, s) != nil {
		return ""
	}
	return string(s.Data["password"])
}
