// The fleet: what a hosting company has on a server, as resources.

package main

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Of ten resources, two are customers, three subscriptions, three their zones and two mail accounts in them. All subscriptions have
// the one plan.
const (
	familySize            = 10
	customersPerFamily    = 2
	sitesPerFamily        = 3
	mailAccountsPerFamily = 2
)

// Names of what has a number, on the server and as resources.
func login(n int) string       { return fmt.Sprintf("c%06d", n) }
func siteName(n int) string    { return fmt.Sprintf("s%06d", n) }
func domain(n int) string      { return siteName(n) + ".example" }
func mailName(n int) string    { return fmt.Sprintf("m%06d", n) }
func email(n int) string       { return login(n) + "@customers.example" }
func siteText(n int) string    { return "Subscription " + siteName(n) }
func mailText(n int) string    { return "Mail account " + mailName(n) }
func recordHost(at int) string { return fmt.Sprintf("host%d", at) }

// address is that of a record of a zone. No two records have the same.
func address(n, at int) string {
	number := recordsPerZone*n + at
	return fmt.Sprintf("198.%d.%d.%d", 18+number/62500, number/250%250, number%250+1)
}

func named(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }

const (
	planName       = "bench"
	recordsPerZone = 2
)

// family is the resources with the numbers that belong together.
func family(server string, n int) []client.Object {
	var out []client.Object
	for k := range customersPerFamily {
		out = append(out, customerOf(server, n*customersPerFamily+k))
	}
	for k := range sitesPerFamily {
		out = append(out, subscriptionOf(server, n*sitesPerFamily+k, n*customersPerFamily+k%customersPerFamily))
	}
	for k := range sitesPerFamily {
		out = append(out, zoneOf(server, n*sitesPerFamily+k))
	}
	for k := range mailAccountsPerFamily {
		out = append(out, mailAccountOf(server, n*mailAccountsPerFamily+k, n*sitesPerFamily+k))
	}
	return out
}

func on(server string) v1alpha1.CommonSpec {
	return v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: server}}
}

func accountPassword() v1alpha1.SecretValue {
	return v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "accounts", Key: "password"}}
}

func planOf(server string) client.Object {
	return &v1alpha1.PleskServicePlan{ObjectMeta: named(planName), Spec: v1alpha1.PleskServicePlanSpec{CommonSpec: on(server), PlanName: planName}}
}

func customerOf(server string, n int) client.Object {
	return &v1alpha1.PleskCustomer{ObjectMeta: named(login(n)), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: on(server), Account: v1alpha1.Account{Login: login(n), ContactName: "Ada Birch", Email: new(email(n)), Password: new(accountPassword())},
	}}
}

func subscriptionOf(server string, n, customer int) client.Object {
	return &v1alpha1.PleskSubscription{ObjectMeta: named(siteName(n)), Spec: v1alpha1.PleskSubscriptionSpec{
		CommonSpec: on(server), DomainName: domain(n), Description: new(siteText(n)),
		CustomerRef: &v1alpha1.ObjectReference{Name: login(customer)}, ServicePlanRef: &v1alpha1.ObjectReference{Name: planName},
		Hosting: &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{
			SystemUser: &v1alpha1.SystemUser{Name: new(siteName(n)), Password: new(accountPassword())},
		}},
	}}
}

func zoneOf(server string, n int) client.Object {
	z := &v1alpha1.PleskDNSZone{ObjectMeta: named(siteName(n)), Spec: v1alpha1.PleskDNSZoneSpec{CommonSpec: on(server), SiteRef: v1alpha1.DNSZoneOwner(site(n))}}
	for at := range recordsPerZone {
		z.Spec.Records = append(z.Spec.Records, v1alpha1.DNSRecord{Name: recordHost(at), Type: v1alpha1.DNSRecordA, Value: address(n, at)})
	}
	return z
}

func mailAccountOf(server string, n, siteNumber int) client.Object {
	return &v1alpha1.PleskMailAccount{ObjectMeta: named(mailName(n)), Spec: v1alpha1.PleskMailAccountSpec{
		CommonSpec: on(server), SiteRef: site(siteNumber), MailName: mailName(n), Description: new(mailText(n)),
		Mailbox: &v1alpha1.MailAccountMailbox{Enabled: true}, Password: new(accountPassword()),
	}}
}

func site(n int) v1alpha1.SiteReference {
	return v1alpha1.SiteReference{Kind: "PleskSubscription", Name: siteName(n)}
}

// listPackets is how many packets may list a fleet of so many objects: two for each kind that one operation lists, and one for fifty
// sites with their mail accounts.
func listPackets(objects int) int {
	const kinds, sitesPerPacket = 4, 50
	sites := objects / familySize * sitesPerFamily
	return 2*kinds + (sites+sitesPerPacket-1)/sitesPerPacket
}

// fleetOperators are those that read a fleet.
var fleetOperators = []string{"customer", "service-plan", "webspace", "dns", "mail"}
